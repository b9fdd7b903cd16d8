namespace NextUp.Processors.Tools;

/// <summary>Where the tools of this machine are. Looks anew at each call, so that what is installed later is found.</summary>
public sealed class Toolbox
{
    /// <summary>Searched behind PATH: a service often has a short one.</summary>
    static readonly string[] FoldersAlways = ["/usr/local/bin", "/usr/bin", "/bin"];

    readonly IReadOnlyDictionary<string, string> files;
    readonly Func<string?> path;
    readonly IReadOnlyList<string> reader;

    /// <param name="files">Files by a tool's name, as the settings say; the others are looked for on PATH.</param>
    /// <param name="path">The value of PATH; null asks the environment.</param>
    /// <param name="reader">
    /// How this program is started as a reader: its file and first arguments; null finds them out.
    /// </param>
    public Toolbox(
        IReadOnlyDictionary<string, string>? files = null, Func<string?>? path = null, IReadOnlyList<string>? reader = null)
    {
        this.files = files ?? new Dictionary<string, string>();
        this.path = path ?? (() => Environment.GetEnvironmentVariable("PATH"));
        this.reader = reader ?? OwnProgram();
    }

    /// <summary>The tool's file and the arguments that come before all others; null where it is missing.</summary>
    public IReadOnlyList<string>? Find(ExternalTool tool)
    {
        if (tool == ExternalTool.Reader) return reader.Count > 0 && File.Exists(reader[0]) ? reader : null;
        if (files.TryGetValue(tool.Name, out var set)) return File.Exists(set) ? [set] : null;
        var folders = (path() ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathRooted);
        return folders.Concat(FoldersAlways).Select(folder => Path.Combine(folder, tool.Name)).FirstOrDefault(File.Exists)
            is { } found ? [found] : null;
    }

    /// <summary>One sentence for each tool that is not here, with the package that brings it.</summary>
    public IReadOnlyList<string> Missing() =>
        [.. ExternalTool.OfRunner.Concat(ExternalTool.Optional).Where(tool => Find(tool) is null).Select(tool => tool.MissingSentence)];

    /// <summary>
    /// The program beside this library; a server that runs from the sources, from a test or as one of several files is found
    /// the same way.
    /// </summary>
    static List<string> OwnProgram()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "nextup");
        if (File.Exists(program)) return [program];
        var library = program + ".dll";
        return File.Exists(library) && Environment.ProcessPath is { } host
            && Path.GetFileNameWithoutExtension(host) == "dotnet" ? [host, library] : [];
    }
}
