using System.CommandLine;
using NextUp.Actors.Queue;
using NextUp.Client.Steering;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary><c>pause</c> and <c>resume</c>: the queue, or a kind or a user of it.</summary>
sealed class SteerCommand : Command
{
    readonly ServerOptions _server;
    readonly bool _isPause;

    readonly Option<string?> _kind = new("--kind") { Description = "Only jobs of this kind.", HelpName = "KIND" };

    readonly Option<string?> _user = new("--user")
    {
        Description = "Only jobs of this user: an account's name, or visitor:TOKEN.",
        HelpName = "NAME",
    };

    readonly Option<string?> _reason = new("--reason")
    {
        Description = $"What those who wait are told, at most {Pause.ReasonLengthMax} characters.",
        HelpName = "TEXT",
    };

    SteerCommand(ServerOptions server, bool isPause, string name, string description)
        : base(name, description)
    {
        (_server, _isPause) = (server, isPause);
        Options.Add(_kind);
        Options.Add(_user);
        if (isPause)
            Options.Add(_reason);
        SetAction(RunAsync);
    }

    public static SteerCommand Pausing(ServerOptions server) => new(
        server, isPause: true, "pause",
        "Start nothing more of the queue, a kind or a user until it is resumed; what runs goes on. For operators.");

    public static SteerCommand Resuming(ServerOptions server) => new(
        server, isPause: false, "resume", "End a pause. For operators.");

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var (kind, user) = (command.GetValue(_kind), command.GetValue(_user));
        if (kind is not null && user is not null)
            throw new UsageException("Give --kind or --user, not both.");

        var request = new SteerRequest(
            kind is not null ? "kind" : user is not null ? "user" : "queue", kind, user,
            _isPause ? command.GetValue(_reason) : null);
        using var connection = _server.Connect(command);
        var steering = connection.Client.Steering;
        var view = _isPause
            ? await steering.PauseAsync(request, cancellationToken)
            : await steering.ResumeAsync(request, cancellationToken);
        screen.Json(view, AnswerJson.Answers.SteeringView);
        Show(view, screen);
        return ExitCode.Ok;
    }

    /// <summary>What holds now, a line each.</summary>
    public static void Show(SteeringView view, Screen screen)
    {
        var by = view.SlotsSetBy is { } name ? $", set by {name}" : "";
        screen.Line(view.Slots == 1 ? $"One job runs at a time{by}." : $"Up to {view.Slots} jobs run at once{by}.");
        if (view.IsPaused && !view.Pauses.Any(pause => pause.Scope == "queue"))
            screen.Line("The settings pause the queue.", Tone.Waiting);
        foreach (var pause in view.Pauses)
        {
            var what = pause.Scope == "queue" ? "The queue" : $"The {pause.Scope} {pause.Kind ?? pause.User}";
            var reason = pause.Reason is { } said ? $": {said}" : "";
            screen.Line($"{what} is paused since {JobTable.Time(pause.At)} by {pause.By}{reason}", Tone.Waiting);
        }

        if (!view.IsPaused && view.Pauses.Count == 0)
            screen.Line("Nothing is paused.");
    }
}
