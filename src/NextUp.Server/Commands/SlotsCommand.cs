using System.CommandLine;
using System.Globalization;
using NextUp.Actors.Queue;
using NextUp.Client.Steering;
using NextUp.Server.Commands.Connections;

namespace NextUp.Server.Commands;

/// <summary><c>slots [N|settings]</c>: how many jobs may run at once.</summary>
sealed class SlotsCommand : Command
{
    const string Settings = "settings";

    readonly ServerOptions _server;

    readonly Argument<string?> _slots = new("N")
    {
        Description = $"1 to {QueueSettings.SlotsMax}; \"{Settings}\" goes back to the settings. "
            + "Without it: what holds now, with what is paused.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public SlotsCommand(ServerOptions server)
        : base("slots", "Say how many jobs may run at once, from now on and over restarts. For operators.")
    {
        _server = server;
        Arguments.Add(_slots);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var given = command.GetValue(_slots);
        var slots = given is null or Settings ? null : Read(given);
        using var connection = _server.Connect(command);
        var steering = connection.Client.Steering;
        SteeringView view = given is null
            ? await steering.ReadAsync(cancellationToken)
            : await steering.SetSlotsAsync(slots, cancellationToken);
        screen.Json(view, AnswerJson.Answers.SteeringView);
        SteerCommand.Show(view, screen);
        return ExitCode.Ok;
    }

    static int? Read(string given) =>
        int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var slots)
            && slots is >= 1 and <= QueueSettings.SlotsMax
            ? slots
            : throw new UsageException($"slots takes a number from 1 to {QueueSettings.SlotsMax}, or \"{Settings}\", not {given}.");
}
