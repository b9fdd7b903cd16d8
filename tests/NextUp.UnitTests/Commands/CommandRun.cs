using NextUp.Server.Commands;
using NextUp.UnitTests.Client;

namespace NextUp.UnitTests.Commands;

/// <summary>One run of the command line as a shell sees it, in folders of its own.</summary>
sealed class CommandRun : IDisposable
{
    readonly Dictionary<string, string> _variables = [];
    readonly StringWriter _out = new();
    readonly StringWriter _error = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("nextup-command").FullName;

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public bool IsTerminal { get; init; }

    public string ConfigFolder => Path.Combine(Folder, "config");

    public string this[string variable]
    {
        set => _variables[variable] = value;
    }

    public string NewFile(string name, string content = "@book{a, title={T}}")
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    public Task<int> RunAsync(params string[] args) => RunUntilAsync(TestContext.Current.CancellationToken, args);

    public Task<int> RunUntilAsync(CancellationToken interrupted, params string[] args)
    {
        _out.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        return CommandLine.RunAsync(args, Surroundings(), interrupted);
    }

    public Task<int> AtAsync(StubServer server, params string[] args) =>
        RunAsync([.. args, "--server", server.Address.ToString()]);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public Surroundings Surroundings() => new()
    {
        Out = _out,
        Error = _error,
        IsTerminal = IsTerminal,
        Variable = name => _variables.GetValueOrDefault(name),
        SettingVariables = _variables,
        WorkingFolder = Folder,
        ConfigFolder = ConfigFolder,
        Clock = TimeProvider.System,
        Random = new Random(1),
    };
}
