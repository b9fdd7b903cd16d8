using System.Text.RegularExpressions;
using NextUp.Server.Settings;
using NextUp.UnitTests.Commands;

namespace NextUp.UnitTests.Tidy;

/// <summary>What the READMEs say is there is there, and what is there they say.</summary>
public sealed partial class DocumentTests
{
    static readonly SourceFile Front = SourceTree.Read("README.md");

    static readonly string[] Documents = ["README.md", "src/README.md", "tests/README.md"];

    [Fact]
    public void The_map_names_folders_that_exist_and_every_project()
    {
        var named = MapFolders(Section("## The tree")).ToList();
        Assert.All(named, folder => Assert.True(SourceTree.Has(folder), $"The map names {folder}, which is not there."));

        var projects = SourceTree.Projects.Select(project => project.Path[..project.Path.LastIndexOf('/')]).ToList();
        Assert.All(projects, project => Assert.True(named.Contains(project), $"The map lacks {project}."));
        Assert.True(projects.Count > 5);
    }

    [Fact]
    public void Every_project_is_in_the_solution_but_for_those_that_take_part_only_when_asked_for()
    {
        var solution = SourceTree.Read("Actors.sln").Text.Replace('\\', '/');
        var always = SourceTree.Projects
            .Where(project => !project.Text.Contains("<!-- Takes part where -p:Orleans=true", StringComparison.Ordinal)).ToList();
        Assert.Equal(SourceTree.Projects.Count - 2, always.Count);
        Assert.All(always, project => Assert.Contains($"\"{project.Path}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Links_and_paths_lead_somewhere()
    {
        var lost =
            from document in Documents.Select(SourceTree.Read)
            let folder = Path.GetDirectoryName(document.Path)!
            from path in Link().Matches(document.Text).Select(link => $"{folder}/{link.Groups["path"].Value}".TrimStart('/'))
                .Concat(CodePath().Matches(document.Text).Select(link => link.Groups["path"].Value))
            where !SourceTree.Has(path)
            select $"{document.Path} points to {path}, which is not there.";

        Assert.Empty(lost);
    }

    [Fact]
    public void The_reference_page_of_the_settings_is_the_one_that_the_program_prints() =>
        Assert.Equal(SettingsReference.Page(), SourceTree.Read("src/NextUp.Server/Settings/README.md").Text);

    [Fact]
    public void Every_setting_says_what_it_is_for()
    {
        var reading = new SettingsReading();
        NextUpSettings.Read(null, reading);

        Assert.Empty(reading.Faults);
        Assert.True(reading.Entries.Count > 10);
        Assert.All(reading.Entries, entry => Assert.EndsWith(".", entry.Description, StringComparison.Ordinal));
        Assert.Equal(reading.Entries.Count, reading.Entries.DistinctBy(entry => entry.Key).Count());
    }

    [Fact]
    public void A_setting_that_the_front_page_names_is_one()
    {
        var reading = new SettingsReading();
        NextUpSettings.Read(null, reading);
        var sections = reading.Entries.Select(entry => entry.Key[..entry.Key.IndexOf('.', StringComparison.Ordinal)]).Distinct();
        var named = Regex.Matches(Front.Text, $@"`(?<key>(?:{string.Join('|', sections)})(?:\.[a-zA-Z]+)+)`")
            .Select(key => key.Groups["key"].Value).Where(key => !key.EndsWith(".json", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, key => Assert.Contains(reading.Entries, entry => entry.Key == key || entry.Pattern == key));
    }

    [Fact]
    public async Task Every_command_is_in_the_table_and_every_row_is_a_command()
    {
        using var run = new CommandRun();
        var real = new List<string>();
        foreach (var command in await SubcommandsAsync(run))
        {
            var inner = await SubcommandsAsync(run, command);
            real.AddRange(inner.Count == 0 ? [command] : inner.Select(name => $"{command} {name}"));
        }

        var told = FirstCells("## The command line").Select(cell => CommandWords().Match(cell).Value);
        Assert.Equal(real.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_endpoint_that_is_mapped_is_in_a_table_and_the_tables_name_no_other()
    {
        var mapped = await MappedEndpoints.ReadAsync();
        var told = MappedEndpoints.Told(Section("## The HTTP API")).ToHashSet();

        Assert.True(mapped.Count > 60);
        Assert.Empty(mapped.Where(endpoint => !told.Contains(endpoint)).Order().Select(endpoint => $"README.md lacks {endpoint}"));
        Assert.Empty(told.Except(mapped).Order().Select(endpoint => $"README.md names {endpoint}, which is not there"));
    }

    [Fact]
    public void A_method_alone_belongs_to_the_path_behind_it()
    {
        const string table = """
            | `GET`, `DELETE /a/{id}` | One; `POST /b` is another, and `X-Y` is none. |
            | `POST c/` | Of Scholar. |
            """;

        Assert.Equal(
            ["GET /a/{id}", "DELETE /a/{id}", "POST /b", "POST /scholar/api/bibtex/c"], MappedEndpoints.Told(table));
    }

    [Fact]
    public void Every_limit_of_the_table_is_in_the_code_under_its_name()
    {
        var rows = Rows("## Limits").ToList();
        Assert.True(rows.Count > 10);
        foreach (var names in rows.Select(row => row[^1].Split(", ")))
        {
            var type = "";
            foreach (var name in names.Select(name => name.Trim('`')))
            {
                var dot = name.IndexOf('.', StringComparison.Ordinal);
                type = dot > 0 ? name[..dot] : type;
                var home = SourceTree.CSharp.Where(file => Regex.IsMatch(file.Text, $@"(?:class|record) {type}\b")).ToList();
                Assert.True(
                    home.Exists(file => Regex.IsMatch(file.Text, $@"\b{name[(dot + 1)..]}\b")),
                    $"README.md names the limit {type}.{name[(dot + 1)..]}, which is not in the code.");
            }
        }
    }

    [Fact]
    public void Every_package_is_used_and_says_what_for()
    {
        var lines = SourceTree.Read("Directory.Packages.props").Lines.Select(line => line.Text.Trim()).ToList();
        var projects = string.Concat(SourceTree.Projects.Select(project => project.Text))
            + SourceTree.Read("Directory.Build.props").Text;
        for (var at = 1; at < lines.Count; at++)
        {
            if (Package().Match(lines[at]) is not { Success: true } package)
                continue;
            var name = package.Groups["name"].Value;
            Assert.Contains($"<PackageReference Include=\"{name}\"", projects, StringComparison.Ordinal);
            var hasReason = lines[at - 1].EndsWith("-->", StringComparison.Ordinal) || Package().IsMatch(lines[at - 1]);
            Assert.True(hasReason, $"{name} lacks its reason.");
        }
    }

    [Fact]
    public void A_map_is_read_with_the_folders_inside_its_folders()
    {
        const string map = """
            src/             text
              NextUp.A/      rules: Users/ and Jobs/: Old/ New/
              NextUp.B/      built from NextUp.A/Users/
                             more Line/ of it
            """;

        Assert.Equal(
            ["src", "src/NextUp.A", "src/NextUp.A/Users", "src/NextUp.A/Jobs", "src/NextUp.A/Jobs/Old", "src/NextUp.A/Jobs/New",
                "src/NextUp.B", "src/NextUp.A/Users", "src/NextUp.B/Line"],
            MapFolders(map));
    }

    /// <summary>
    /// A line of the map is a folder, indented by its depth, then words; words that end in a slash are folders inside it.
    /// Behind "Folder/:" they are inside that one.
    /// </summary>
    static IEnumerable<string> MapFolders(string map)
    {
        string? top = null, project = null;
        foreach (var line in map.Split('\n').Where(line => line.Length > 0 && !line.StartsWith('`')))
        {
            var words = line.Split((char[])[' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries);
            var depth = line.Length - line.TrimStart().Length;
            var inside = words.AsEnumerable();
            if (depth <= 2 && words[0].EndsWith('/'))
            {
                (top, project) = depth == 0 ? (words[0].TrimEnd('/'), null) : (top, words[0].TrimEnd('/'));
                yield return project is null ? top! : $"{top}/{project}";
                inside = words.Skip(1);
            }

            var within = project + "/";
            foreach (var word in inside.Where(word => word.TrimEnd(':').EndsWith('/') && project is not null))
            {
                var isOther = word.StartsWith("NextUp.", StringComparison.Ordinal);
                yield return $"{top}/{(isOther ? "" : within)}{word.TrimEnd(':').TrimEnd('/')}";
                if (word.EndsWith(':'))
                    within += word.TrimEnd(':');
            }
        }
    }

    static async Task<List<string>> SubcommandsAsync(CommandRun run, params string[] command)
    {
        await run.RunAsync([.. command, "--help"]);
        var at = run.Out.IndexOf("\nCommands:\n", StringComparison.Ordinal);
        return at < 0 ? [] : [.. HelpCommand().Matches(run.Out[at..]).Select(line => line.Groups["name"].Value)];
    }

    static string Section(string heading)
    {
        var from = Front.Text.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(from >= 0, $"README.md has no section \"{heading}\".");
        var to = Front.Text.IndexOf("\n## ", from + heading.Length, StringComparison.Ordinal);
        return Front.Text[(from + heading.Length + 1)..(to < 0 ? Front.Text.Length : to)];
    }

    static IEnumerable<string[]> Rows(string heading) => Section(heading).Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2)
        .Select(line => line.Trim('|', ' ').Replace("\\|", "/", StringComparison.Ordinal).Split(" | "));

    static IEnumerable<string> FirstCells(string heading) => Rows(heading).Select(row => row[0].Trim('`'));

    [GeneratedRegex(@"\[[^\]]*\]\((?<path>[^)#:]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`(?<path>(?:src|tests|samples)/[^`\\s.]*[^`\\s]*?)`")]
    private static partial Regex CodePath();

    [GeneratedRegex("""<PackageVersion Include="(?<name>[^"]+)\x22""")]
    private static partial Regex Package();

    [GeneratedRegex("^[a-z][a-z-]*(?: [a-z][a-z-]*)*")]
    private static partial Regex CommandWords();

    [GeneratedRegex("^  (?<name>[a-z-]+)\\b", RegexOptions.Multiline)]
    private static partial Regex HelpCommand();
}
