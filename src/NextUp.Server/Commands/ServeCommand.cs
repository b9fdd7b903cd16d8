using System.CommandLine;

namespace NextUp.Server.Commands;

/// <summary><c>serve</c>: the server itself, until it is told to stop.</summary>
sealed class ServeCommand : Command
{
    readonly Surroundings _surroundings;

    readonly Option<string?> _urls = new("--urls")
    {
        Description = "Where to listen, separated by semicolons; port 0 picks a free one. Defaults to "
            + $"{ServeOptions.DefaultUrls}.",
        HelpName = "URLS",
    };

    readonly Option<string?> _data = new("--data")
    {
        Description = $"The folder everything is kept in. Defaults to {ServeOptions.DefaultDataFolder} in the "
            + "working folder.",
        HelpName = "DIR",
    };

    readonly Option<string?> _config = new("--config")
    {
        Description = $"The settings. Defaults to {ServeOptions.DefaultConfigFile} in the working folder, where "
            + "there is one.",
        HelpName = "FILE",
    };

    readonly Option<string[]> _set = NewSetOption();

    public ServeCommand(Surroundings surroundings)
        : base("serve", "Run the server.")
    {
        _surroundings = surroundings;
        Options.Add(_urls);
        Options.Add(_data);
        Options.Add(_config);
        Options.Add(_set);
        SetAction((command, cancellationToken) => RunAsync(
            new(command.GetValue(_urls), command.GetValue(_data), command.GetValue(_config))
            {
                Assignments = command.GetValue(_set)!,
            },
            cancellationToken));
    }

    public Task<int> RunAsync(ServeOptions options, CancellationToken cancellationToken) =>
        ServerApplication.RunAsync(
            options with { Variables = _surroundings.SettingVariables }, _surroundings.Out, _surroundings.Error, cancellationToken);

    public static Option<string[]> NewSetOption() => new("--set")
    {
        Description = "A single setting, for example queue.slots=8; wins over the file and the environment. May be given "
            + "more than once.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };
}
