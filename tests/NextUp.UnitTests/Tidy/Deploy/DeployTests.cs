using System.Text.RegularExpressions;
using NextUp.Server;
using NextUp.Server.Commands;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Settings;
using NextUp.UnitTests.Commands;

namespace NextUp.UnitTests.Tidy.Deploy;

/// <summary>What <c>deploy/</c> says of the program is true of it: settings, variables, commands, paths, times.</summary>
public sealed partial class DeployTests
{
    const string Port = "8080";

    /// <summary>Of the compose files alone; the example says what they are for, or they have a default.</summary>
    static readonly string[] ComposeVariables = ["NEXTUP_PORT"];

    [Fact]
    public void Every_file_of_YAML_can_be_read()
    {
        Assert.True(DeployFolder.Yaml.Count() > 10);
        Assert.All(DeployFolder.Yaml, file => Assert.NotEmpty(DeployFolder.Documents(file)));
    }

    [Fact]
    public void Every_variable_that_is_named_is_one()
    {
        var named =
            (from file in DeployFolder.Files
             from Match name in VariableName().Matches(DeployFolder.Text(file))
             select (file, name: name.Value)).Distinct().ToList();
        Assert.NotEmpty(named);
        string[] known = [ServerOptions.ServerVariable, ServerOptions.TokenVariable, .. ComposeVariables];
        foreach (var (file, name) in named.Where(one => !known.Contains(one.name)))
        {
            Assert.True(name.StartsWith(SettingsSources.VariablePrefix, StringComparison.Ordinal), $"{file} names {name}.");
            Assert.True(IsSetting(name[SettingsSources.VariablePrefix.Length..].Replace("__", ".", StringComparison.Ordinal)),
                $"{file} names {name}, and there is no such setting.");
        }
    }

    [Fact]
    public void Every_setting_that_a_text_names_is_one()
    {
        var reading = new SettingsReading();
        NextUpSettings.Read(null, reading);
        var sections = reading.Entries.Select(entry => entry.Key[..entry.Key.IndexOf('.', StringComparison.Ordinal)]).Distinct();
        var key = new Regex($@"(?:`|--set )(?<key>(?:{string.Join('|', sections)})(?:\.[a-zA-Z]+)+)\b(?!\.)");
        var named =
            (from file in DeployFolder.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))
             from Match match in key.Matches(DeployFolder.Text(file))
             select (file, key: match.Groups["key"].Value)).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, one => Assert.True(IsSetting(one.key), $"{one.file} names {one.key}, and there is no such setting."));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("runbooks/")]
    [InlineData("docker/")]
    [InlineData("systemd/")]
    public void Every_command_that_is_named_is_understood(string place)
    {
        using var run = new CommandRun();
        var root = CommandLine.NewRoot(run.Surroundings());
        var commands =
            (from file in DeployFolder.Files.Where(file => file.StartsWith(place, StringComparison.Ordinal))
             from Match match in CommandWords().Matches(Joined(DeployFolder.Text(file)))
             select (file, words: match.Groups["words"].Value.Trim())).ToList();

        Assert.NotEmpty(commands);
        foreach (var (file, words) in commands)
        {
            var errors = root.Parse(Arguments(words)).Errors;
            Assert.True(errors.Count == 0, $"{file} has \"nextup {words}\": {string.Join(' ', errors.Select(error => error.Message))}");
        }
    }

    [Fact]
    public void Every_path_of_this_project_that_is_named_is_there()
    {
        var made = SourceTree.Read(".gitignore").Lines.Select(line => line.Text).ToList();
        var lost =
            from file in DeployFolder.Files.Where(file => Path.GetExtension(file) is not ".json")
            from path in ProjectPath().Matches(DeployFolder.Text(file)).Select(match => match.Value.TrimEnd('.', '/'))
            where !SourceTree.Has(path) && !made.Contains(path)
            select $"{file} names {path}, which is not there.";

        Assert.Empty(lost);
    }

    [Fact]
    public void Links_lead_to_a_page_and_a_heading_of_it()
    {
        var lost =
            from file in DeployFolder.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))
            from Match link in Link().Matches(DeployFolder.Text(file))
            let path = link.Groups["path"].Value is { Length: > 0 } other ? Path.Combine(Path.GetDirectoryName(file)!, other) : file
            where !DeployFolder.Has(path) || (link.Groups["anchor"].Success && !Headings(path).Contains(link.Groups["anchor"].Value))
            select $"{file} links to {link.Value}, which is not there.";

        Assert.Empty(lost);
    }

    static IEnumerable<string> Headings(string file) => Regex.Matches(DeployFolder.Text(file), "^#+ (.+)$", RegexOptions.Multiline)
        .Select(heading => Regex.Replace(heading.Groups[1].Value.ToLowerInvariant(), "[^a-z0-9 -]", "").Replace(' ', '-'));

    [Fact]
    public void Each_alert_has_its_row_in_the_runbooks_and_no_row_is_of_another()
    {
        var alerts = AlertName().Matches(DeployFolder.Text("prometheus/alerts.yml")).Select(match => match.Groups["name"].Value);
        var told = AlertRow().Matches(DeployFolder.Text("README.md")).Select(match => match.Groups["name"].Value);

        Assert.Equal(alerts.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_stop_has_as_long_as_the_server_takes_for_it_everywhere()
    {
        // Requests, then work, each within the same span; and then some to close the files.
        var needed = (int)(2 * ServerApplication.StopWithin).TotalSeconds + 10;
        var compose = new[] { "compose/one.yaml", "compose/many.yaml" }
            .SelectMany(file => DeployFolder.Servers(DeployFolder.Document(file)));
        Assert.All(compose, server => Assert.True(Seconds(server.TextAt("stop_grace_period")!) >= needed));
        var pod = DeployFolder.Document("kubernetes/base/servers.yaml").At("spec/template/spec");
        Assert.True(int.Parse(pod.TextAt("terminationGracePeriodSeconds")!) >= needed);
    }

    [Fact]
    public void Everybody_looks_for_the_servers_where_they_listen()
    {
        Assert.Equal($"http://*:{Port}", DeployFolder.ImageVariables["NEXTUP__server__urls"]);
        Assert.Equal(Port, Assert.Single(DeployFolder.Dockerfile, line => line.Word == "EXPOSE").Said);
        var check = Assert.Single(DeployFolder.Dockerfile, line => line.Word == "HEALTHCHECK").Said;
        Assert.Contains($":{Port}\"", check, StringComparison.Ordinal);
        var servers = DeployFolder.ServerNames(DeployFolder.Document("compose/many.yaml")).Select(name => $"{name}:{Port}").ToList();
        Assert.Equal(3, servers.Count);
        var caddy = Regex.Match(DeployFolder.Text("compose/Caddyfile"), @"reverse_proxy (?<servers>[^{]+) \{").Groups["servers"].Value;
        Assert.Equal(servers, caddy.Split(' '));
        var targets = DeployFolder.Document("compose/prometheus.yml").All("scrape_configs/0/static_configs/0/targets");
        Assert.Equal(servers, targets.Select(one => $"{one}"));
    }

    static bool IsSetting(string key)
    {
        var reading = new SettingsReading();
        NextUpSettings.Read(null, reading);
        var general = Regex.Replace(key, @"^kinds\.[a-z]+\.", "kinds.KIND.");
        return reading.Entries.Any(entry => entry.Key == key || entry.Pattern == key || entry.Pattern == general);
    }

    /// <summary>Lines that end in a backslash go on in the next; a list of words is a command, too.</summary>
    static string Joined(string text) => Regex.Replace(Regex.Replace(text, @"\\\n\s*", " "), "\", \"", " ");

    /// <summary>As a shell would hand them over; what stands for a value gets one.</summary>
    static string[] Arguments(string words) =>
    [
        .. from Match word in ShellWord().Matches(Regex.Replace(Regex.Replace(words, @"\$\([^)]*\)", "X"), @"\s*(?:[|;&>)\]]|2>|#).*$", ""))
           let bare = word.Value.Trim('"', '\'')
           where bare.Length > 0
           select bare is "N" or "DAYS" ? "1" : bare,
    ];

    static int Seconds(string duration) => int.Parse(duration.TrimEnd('s'));

    [GeneratedRegex(@"\bNEXTUP_\w+")]
    private static partial Regex VariableName();

    [GeneratedRegex(
        """(?<=^|[`"'(=\s])(?:/opt/nextup/)?nextup (?<words>(?:serve|health|backup|token|cleanup|status|jobs|pause|resume|slots|config|"""
        + """workers|work|audit|list|migrate-store|key|catalogue)\b[^`'\n]*)""",
        RegexOptions.Multiline)]
    private static partial Regex CommandWords();

    [GeneratedRegex("""'[^']*'|"[^"]*"|[^\s"]+""")]
    private static partial Regex ShellWord();

    [GeneratedRegex(@"(?<![\w/.-])(?:deploy|src|samples|tests)/[\w./-]+")]
    private static partial Regex ProjectPath();

    [GeneratedRegex(@"\[[^\]]*\]\((?<path>[^)#:]*)(?:#(?<anchor>[a-z0-9-]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"- alert: (?<name>\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"^\| `(?<name>NextUp\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex AlertRow();
}
