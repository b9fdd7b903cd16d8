using System.CommandLine;
using NextUp.Client;
using NextUp.Client.Settings;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;
using NextUp.Server.Settings;

namespace NextUp.Server.Commands;

/// <summary>What <c>config check --json</c> prints.</summary>
sealed record CheckAnswer(bool IsUsable, IReadOnlyList<SettingFaultView> Faults);

/// <summary><c>config</c>: the settings, looked at, and read again by a running server.</summary>
sealed class ConfigCommand : Command
{
    readonly Surroundings _surroundings;
    readonly ServerOptions _server;

    readonly Argument<string?> _file = new("FILE")
    {
        Description = $"The settings. Defaults to {ServeOptions.DefaultConfigFile} in the working folder, where there is one.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    readonly Option<string[]> _set = ServeCommand.NewSetOption();

    public ConfigCommand(Surroundings surroundings, ServerOptions server)
        : base("config", "The settings: check them, show them, have a server read them again.")
    {
        (_surroundings, _server) = (surroundings, server);
        Add("check", "Say everything that is wrong with the settings a server would start with here.", Check, takesSources: true);
        Add("show", "Print the settings a server would start with here, or with --server the ones of that server.",
            ShowAsync, takesSources: true);
        Add("reload", "Have a running server read its settings again. For administrators.", ReloadAsync, takesSources: false);
        Add("reference", "Print the reference page of all settings, in Markdown.", Reference, takesSources: false);
    }

    void Add(string name, string description, Func<ParseResult, CancellationToken, Task<int>> run, bool takesSources)
    {
        var command = new Command(name, description);
        if (takesSources)
        {
            command.Arguments.Add(_file);
            command.Options.Add(_set);
        }

        command.SetAction(run);
        Subcommands.Add(command);
    }

    Task<int> Reference(ParseResult command, CancellationToken cancellationToken)
    {
        _surroundings.Out.Write(SettingsReference.Page());
        return Task.FromResult(ExitCode.Ok);
    }

    Task<int> Check(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        try
        {
            var count = NextUpSettings.Load(Sources(command)).Entries.Count(entry => entry.Source is not null);
            screen.Json(new CheckAnswer(true, []), AnswerJson.Answers.CheckAnswer);
            screen.Line($"The settings can be used. {count} are set; the others have their defaults.");
            return Task.FromResult(ExitCode.Ok);
        }
        catch (SettingsException error)
        {
            screen.Json(new CheckAnswer(false, [.. error.Faults.Select(SettingsViews.Of)]), AnswerJson.Answers.CheckAnswer);
            foreach (var line in error.Message.Split('\n'))
                screen.Complain(line);
            return Task.FromResult(ExitCode.BadInput);
        }
    }

    async Task<int> ShowAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var view = await SettingsAsync(command, cancellationToken);
        screen.Json(view, AnswerJson.Answers.SettingsView);
        screen.Table(
            ["setting", "value", "from"],
            [.. view.Settings.Select(setting => (IReadOnlyList<Cell>)[setting.Key, setting.Value, setting.Source])]);
        return ExitCode.Ok;
    }

    async Task<SettingsView> SettingsAsync(ParseResult command, CancellationToken cancellationToken)
    {
        if (command.GetValue(_file) is null && _server.IsNamed(command))
        {
            using var connection = _server.Connect(command);
            return await connection.Client.SettingsAsync(cancellationToken);
        }

        try
        {
            return SettingsViews.Of(NextUpSettings.Load(Sources(command)));
        }
        catch (SettingsException error)
        {
            throw new UsageException(error.Message);
        }
    }

    async Task<int> ReloadAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        ReloadView view;
        try
        {
            view = await connection.Client.ReloadSettingsAsync(cancellationToken);
        }
        catch (NextUpProblemException refused) when (refused.Problem.Faults is { } faults)
        {
            screen.Json(refused.Problem, WireJson.Wire.Problem);
            screen.Complain("The settings cannot be used; those of before hold on:");
            foreach (var fault in faults)
                screen.Complain("  " + fault.Text);
            return ExitCode.BadInput;
        }

        screen.Json(view, AnswerJson.Answers.ReloadView);
        foreach (var setting in view.Changed)
            screen.Line($"{setting.Key} is {setting.Value} now ({setting.Source}).");
        foreach (var setting in view.AtRestart)
            screen.Line($"{setting.Key} will be {setting.Value} at the next start; it cannot change before.");
        if (view is { Changed.Count: 0, AtRestart.Count: 0 })
            screen.Line("Nothing has changed.");
        return ExitCode.Ok;
    }

    SettingsSources Sources(ParseResult command) =>
        SettingsSources.Of(_surroundings, command.GetValue(_file)) with { Assignments = command.GetValue(_set)! };
}
