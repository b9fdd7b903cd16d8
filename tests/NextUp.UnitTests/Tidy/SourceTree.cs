namespace NextUp.UnitTests.Tidy;

/// <summary>A file that people write, by its path from the root of the project with slashes.</summary>
sealed record SourceFile(string Path, string Text)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public IEnumerable<(int Number, string Text)> Lines => Text.Split('\n').Select((line, at) => (at + 1, line.TrimEnd('\r')));

    public int LineAt(int offset) => Text.AsSpan(0, offset).Count('\n') + 1;
}

/// <summary>The project's own tree: what is written by hand, without what is built or fetched.</summary>
static class SourceTree
{
    static readonly string[] CodeEndings = [".cs", ".ts", ".tsx", ".mjs", ".css", ".sql"];

    static readonly HashSet<string> Built = ["bin", "obj", "dist", "node_modules", "TestResults", "nextup-data"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<string> Folders { get; } = [.. FoldersIn("src"), .. FoldersIn("tests")];

    public static IReadOnlyList<SourceFile> Code { get; } = [.. Files(CodeEndings)];

    public static IReadOnlyList<SourceFile> CSharp { get; } = [.. Code.Where(file => file.Name.EndsWith(".cs", StringComparison.Ordinal))];

    public static IReadOnlyList<SourceFile> Projects { get; } = [.. Files([".csproj"])];

    public static SourceFile Read(string path) => new(path, File.ReadAllText(Path.Combine(Root, path)));

    public static bool Has(string path) => Path.Exists(Path.Combine(Root, path));

    static IEnumerable<SourceFile> Files(string[] endings) => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder)))
        .Where(file => endings.Contains(Path.GetExtension(file)))
        .Select(file => Read(Path.GetRelativePath(Root, file).Replace('\\', '/')));

    static IEnumerable<string> FoldersIn(string folder)
    {
        yield return folder;
        foreach (var inner in Directory.EnumerateDirectories(Path.Combine(Root, folder)))
        {
            if (Built.Contains(Path.GetFileName(inner)))
                continue;
            foreach (var found in FoldersIn($"{folder}/{Path.GetFileName(inner)}"))
                yield return found;
        }
    }

    static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Actors.sln")))
                return at.FullName;
        }

        throw new InvalidOperationException($"No Actors.sln above {AppContext.BaseDirectory}: these tests read the source tree.");
    }
}
