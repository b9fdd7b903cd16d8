using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NextUp.Client.Cleanup;
using NextUp.Client.Documents;
using NextUp.Client.Exams;
using NextUp.Client.Notices;
using NextUp.Client.Operations;
using NextUp.Client.Steering;
using NextUp.Client.Tables;
using NextUp.Client.Wire;
using NextUp.Server.Documents.Contract;
using NextUp.Server.Scholar;

namespace NextUp.Server.Operations;

/// <summary>
/// Says how the OpenAPI document names what goes over the wire. The document is made with one set of options for all
/// endpoints, while the answers are written by the contexts of two contracts, of which each names things its own way.
/// </summary>
static class WireSchemas
{
    public static void Configure(JsonSerializerOptions options)
    {
        // The web's default reads numbers from texts, too, and would have every number described as "number or text".
        options.NumberHandling = JsonNumberHandling.Strict;
        options.TypeInfoResolverChain.Insert(0, WireJson.Wire);
        options.TypeInfoResolverChain.Insert(1, CleanupJson.Default);
        options.TypeInfoResolverChain.Insert(2, SteeringJson.Default);
        options.TypeInfoResolverChain.Insert(3, NoticeJson.Wire);
        options.TypeInfoResolverChain.Insert(4, OperationsJson.Default);
        options.TypeInfoResolverChain.Insert(5, DocumentJson.Wire);
        options.TypeInfoResolverChain.Insert(6, ContractJson.Wire);
        options.TypeInfoResolverChain.Insert(7, TablesJson.Wire);
        options.TypeInfoResolverChain.Insert(8, PaperJson.Wire);
        options.TypeInfoResolverChain.Insert(
            9, ((IJsonTypeInfoResolver)ScholarJson.Wire).WithAddedModifier(NameAsScholarDoes));
    }

    /// <summary>A context that is asked on behalf of other options takes their naming policy instead of its own.</summary>
    static void NameAsScholarDoes(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            property.Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
    }
}
