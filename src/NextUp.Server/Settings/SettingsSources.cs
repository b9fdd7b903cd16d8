using System.Text.Json;

namespace NextUp.Server.Settings;

/// <summary>
/// Where settings come from, later ones win: the defaults, the file, the environment, the command line. A variable is
/// <c>NEXTUP__queue__slots=8</c>, an option <c>--set queue.slots=8</c>.
/// </summary>
sealed record SettingsSources
{
    /// <summary>The largest settings file that is read, in bytes.</summary>
    public const int FileBytesMax = 1024 * 1024;

    /// <summary>What the name of a variable begins with that is a setting.</summary>
    public const string VariablePrefix = "NEXTUP__";

    const string VariableJoint = "__";

    static readonly JsonDocumentOptions Json = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = false,
    };

    /// <summary>The file that was named; null is the one of the usual name, where there is one.</summary>
    public string? File { get; init; }

    /// <summary>All variables of the environment; those that are no settings are passed over.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>What was given as <c>--set KEY=VALUE</c>, in the order given.</summary>
    public IReadOnlyList<string> Assignments { get; init; } = [];

    /// <summary>What was given as <c>--urls</c>.</summary>
    public string? Urls { get; init; }

    /// <summary>What was given as <c>--data</c>.</summary>
    public string? DataFolder { get; init; }

    public static SettingsSources Of(ServeOptions options) => new()
    {
        File = options.ConfigFile,
        Variables = options.Variables,
        Assignments = options.Assignments,
        Urls = options.Urls,
        DataFolder = options.DataFolder,
    };

    /// <summary>What a server would read that is started where a command runs.</summary>
    public static SettingsSources Of(Commands.Surroundings surroundings, string? file)
    {
        var usual = surroundings.PathOf(ServeOptions.DefaultConfigFile);
        return new()
        {
            File = file is not null ? surroundings.PathOf(file) : System.IO.File.Exists(usual) ? usual : null,
            Variables = surroundings.SettingVariables,
        };
    }

    /// <summary>The file that is read: the whole path, also where nothing is there.</summary>
    public string FilePath => Path.GetFullPath(File ?? ServeOptions.DefaultConfigFile);

    /// <summary>Reads all sources. Throws <see cref="SettingsException"/> where the file cannot be read.</summary>
    public SettingsNode Gather(SettingsReading reading) => GatherOver(ReadFile(), reading);

    /// <summary>The sources, with a content in the place of the file.</summary>
    /// <param name="name">Only for messages.</param>
    public SettingsNode Gather(string name, ReadOnlyMemory<byte> json, SettingsReading reading) =>
        GatherOver(Parse(name, json), reading);

    SettingsNode GatherOver(SettingsNode root, SettingsReading reading)
    {
        foreach (var (name, value) in Variables.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (name.StartsWith(VariablePrefix, StringComparison.Ordinal))
                Lay(root, name, name[VariablePrefix.Length..].Split(VariableJoint), value, reading);
        }

        foreach (var assignment in Assignments)
        {
            var split = assignment.IndexOf('=', StringComparison.Ordinal);
            var source = $"--set {(split < 0 ? assignment : assignment[..split])}";
            if (split < 0)
                reading.Add(new SettingFault(
                    assignment, null, source, "it lacks its value. Write --set KEY=VALUE, for example --set queue.slots=8."));
            else
                Lay(root, source, assignment[..split].Split('.'), assignment[(split + 1)..], reading);
        }

        if (Urls is { } urls)
            root.Lay(["server", "urls"], SettingsNode.OfText("--urls", urls));
        if (DataFolder is { } folder)
            root.Lay(["server", "dataFolder"], SettingsNode.OfText("--data", folder));
        return root;
    }

    static void Lay(SettingsNode root, string source, string[] path, string value, SettingsReading reading)
    {
        if (Array.Exists(path, string.IsNullOrEmpty))
            reading.Add(new SettingFault(
                source, null, null,
                "it names no setting. Write the keys one after the other, as in NEXTUP__queue__slots or queue.slots."));
        else
            root.Lay(path, SettingsNode.OfText(source, value));
    }

    SettingsNode ReadFile()
    {
        if (File is null && !System.IO.File.Exists(ServeOptions.DefaultConfigFile))
            return SettingsNode.Empty("the defaults");

        var path = FilePath;
        try
        {
            if (new FileInfo(path).Length > FileBytesMax)
                throw new SettingsException(
                    path, $"it is larger than {FileBytesMax} bytes, so it is hardly a settings file. Name another.");

            return Parse(path, System.IO.File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(path, $"it cannot be read ({error.Message}). Name another with --config FILE.");
        }
    }

    static SettingsNode Parse(string name, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutMark(json), Json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? SettingsNode.OfJson(Path.GetFileName(name), document.RootElement)
                : throw new SettingsException(name, "the whole must be an object, {...}.");
        }
        catch (JsonException error)
        {
            throw new SettingsException(name, $"it is not JSON: {error.Message} Mend it there.");
        }
    }

    static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> json) =>
        json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
}
