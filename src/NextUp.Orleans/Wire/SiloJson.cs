using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NextUp.Actors;

namespace NextUp.Orleans.Wire;

/// <summary>
/// How the actors' records go from silo to silo: as JSON, by what is said of their shape here, so that they need to know
/// nothing of it. A closed record (an abstract one with all its cases nested in it) is told apart by the name of the case.
/// </summary>
static class SiloJson
{
    const string Case = "$";

    static readonly ConcurrentDictionary<Type, JsonDerivedType[]> s_cases = new();

    public static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { TellCases } },
        Converters = { new ZoneConverter() },
    };

    /// <summary>The types that this is about: those of the actors.</summary>
    public static bool IsOurs(Type type) => type.Assembly == typeof(IActorContext).Assembly && !IsException(type);

    static bool IsException(Type type) => type.IsAssignableTo(typeof(Exception));

    static void TellCases(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || !info.Type.IsAbstract)
            return;
        info.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = Case };
        foreach (var one in s_cases.GetOrAdd(info.Type, CasesOf))
            info.PolymorphismOptions.DerivedTypes.Add(one);
    }

    static JsonDerivedType[] CasesOf(Type type) =>
        [.. type.GetNestedTypes().Where(nested => nested.IsSubclassOf(type)).Select(nested => new JsonDerivedType(nested, nested.Name))];

    /// <summary>A time zone by its name.</summary>
    sealed class ZoneConverter : JsonConverter<TimeZoneInfo>
    {
        public override TimeZoneInfo Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TimeZoneInfo.FindSystemTimeZoneById(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, TimeZoneInfo value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Id);
    }
}
