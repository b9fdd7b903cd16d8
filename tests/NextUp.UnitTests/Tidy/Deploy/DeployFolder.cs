using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NextUp.UnitTests.Tidy.Deploy;

/// <summary>What is in <c>deploy/</c>, by its path from there.</summary>
static partial class DeployFolder
{
    static readonly string Root = Path.Combine(SourceTree.Root, "deploy");

    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    public static IEnumerable<string> Yaml => Files.Where(file => Path.GetExtension(file) is ".yaml" or ".yml");

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static bool Has(string path) => Path.Exists(Path.Combine(Root, path));

    public static JsonObject Document(string file) => Assert.Single(Documents(file));

    public static IReadOnlyList<JsonObject> Documents(string file) =>
        [.. YamlReader.Read(file, Text(file)).Select(document => Assert.IsType<JsonObject>(document))];

    /// <summary>What stands at a path such as <c>spec/ports/0/port</c>; null where nothing does.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var key in path.Split('/'))
            node = node is JsonArray list ? list.ElementAtOrDefault(int.Parse(key)) : (node as JsonObject)?[key];
        return node;
    }

    public static string? TextAt(this JsonNode? node, string path) => At(node, path)?.ToString();

    public static string TextOf(this JsonNode? node) => Assert.IsType<JsonNode>(node, exactMatch: false).ToString();

    public static IEnumerable<JsonNode?> All(this JsonNode? node, string path) => At(node, path) as JsonArray ?? [];

    /// <summary>Of a compose file, the services that run this program.</summary>
    public static IEnumerable<JsonNode> Servers(JsonObject compose) => ServerNames(compose).Select(name => compose["services"]![name]!);

    public static IEnumerable<string> ServerNames(JsonObject compose) =>
        compose["services"]!.AsObject().Where(one => one.Value.TextAt("image") == "nextup:local").Select(one => one.Key);

    /// <summary>The instructions of the Dockerfile: word and the rest, lines that go on put together.</summary>
    public static IReadOnlyList<(string Word, string Said)> Dockerfile { get; } =
    [
        .. from line in Regex.Replace(Comment().Replace(Text("docker/Dockerfile"), ""), @"\\\n\s*", " ").Split('\n')
           where line.Trim().Length > 0
           let split = line.IndexOf(' ', StringComparison.Ordinal)
           select (line[..split], line[split..].Trim()),
    ];

    /// <summary>The variables of the image itself, in the Dockerfile's last stage.</summary>
    public static IReadOnlyDictionary<string, string> ImageVariables { get; } = ReadImageVariables();

    static Dictionary<string, string> ReadImageVariables() => Dockerfile.Where(line => line.Word == "ENV")
        .SelectMany(line => Variable().Matches(line.Said))
        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value.Trim('"'));

    [GeneratedRegex(@"(?<name>\w+)=(?<value>""[^""]*""|\S+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\s*#.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
