using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using NextUp.Server;
using NextUp.Server.Scholar;
using NextUp.Server.Settings;
using NextUp.UnitTests.Server;

namespace NextUp.UnitTests.Tidy;

/// <summary>What the server answers, and what a document says that it answers; each as <c>GET /path/{name}</c>.</summary>
static partial class MappedEndpoints
{
    /// <summary>Of the page, and the document of the API itself; links in mails speak for themselves.</summary>
    static readonly string[] NotOfTheApi =
    [
        "/", "/jobs", "/jobs/{**rest}", "/documents", "/tables", "/exams", "/you", "/operations",
        "/openapi/{documentName}.json", "/notices/confirm/{token}",
        "/notices/unsubscribe/{token}",
    ];

    /// <summary>Every endpoint of a server with everything set up that has endpoints of its own.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync()
    {
        using var folder = new TemporaryFolder();
        var settings = NextUpSettings.Parse(
            "test", """{"identity":{"authority":"http://127.0.0.1:1","clientId":"nextup"}}"""u8.ToArray());
        var options = new ServeOptions("http://127.0.0.1:0", folder.Path, null);
        await using var composition = await Composition.OpenAsync(options, settings, TimeProvider.System, seed: 1);
        await using var application = ServerApplication.Build(options, composition);
        return
        [
            .. from endpoint in ((IEndpointRouteBuilder)application).DataSources.SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>()
               let path = endpoint.RoutePattern.RawText
               where !NotOfTheApi.Contains(path) && !(endpoint.RoutePattern.Parameters.Count == 0 && Path.HasExtension(path))
               select $"{endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0]} {path}",
        ];
    }

    /// <summary>
    /// What the rows of a document's tables name: a method and its path; methods without one share that of the next that
    /// has one. A path without a slash at its beginning is one of Scholar's.
    /// </summary>
    public static IEnumerable<string> Told(string text)
    {
        foreach (var row in text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)))
        {
            List<string> methods = [];
            foreach (Match span in Span().Matches(row))
            {
                methods.Add(span.Groups["method"].Value);
                if (!span.Groups["path"].Success)
                    continue;
                var path = span.Groups["path"].Value;
                var whole = path.StartsWith('/') ? path : $"{ScholarEndpoints.Prefix}/{path.TrimEnd('/')}";
                foreach (var method in methods)
                    yield return $"{method} {whole}";
                methods.Clear();
            }
        }
    }

    [GeneratedRegex("`(?<method>GET|POST|PUT|PATCH|DELETE)(?: (?<path>[^` ]+))?`")]
    private static partial Regex Span();
}
