using System.CommandLine;
using NextUp.Client.Notices;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary><c>notices list|add|remove|test</c>: how you are told of your jobs.</summary>
sealed class NoticesCommand : Command
{
    /// <summary>How long <c>test</c> waits to see what became of the trial.</summary>
    static readonly TimeSpan TrialDurationMax = TimeSpan.FromMinutes(2);

    static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(300);

    readonly Surroundings _surroundings;
    readonly ServerOptions _server;

    readonly Argument<string> _channel = new("CHANNEL") { Description = "webhook, slack, discord or mail." };

    readonly Argument<string> _target = new("TARGET")
    {
        Description = "The address to post to, https://...; for mail the address of mail.",
    };

    readonly Argument<string> _id = new("ID") { Description = "The subscription." };

    readonly Option<string?> _events = new("--events")
    {
        Description = "Of what to be told, with commas: queued, held, started, retrying, completed, failed, "
            + "cancelled, requeued. The three ends where it is left out.",
        HelpName = "EVENTS",
    };

    readonly Option<string?> _label = new("--label") { Description = "Your own name for it.", HelpName = "TEXT" };

    public NoticesCommand(Surroundings surroundings, ServerOptions server)
        : base("notices", "How you are told of your jobs: webhooks, Slack, Discord, mail.")
    {
        (_surroundings, _server) = (surroundings, server);
        _channel.AcceptOnlyFromAmong(
            NoticeChannelNames.Webhook, NoticeChannelNames.Slack, NoticeChannelNames.Discord, NoticeChannelNames.Mail);
        var list = new Command("list", "List your subscriptions.");
        list.SetAction(ListAsync);
        var add = new Command("add", "Be told. A webhook's secret is printed once.") { _channel, _target, _events, _label };
        add.SetAction(AddAsync);
        var remove = new Command("remove", "Be told no more.") { _id };
        remove.SetAction(RemoveAsync);
        var test = new Command("test", "Send a trial notice and say what became of it.") { _id };
        test.SetAction(TestAsync);
        foreach (var command in (ReadOnlySpan<Command>)[list, add, remove, test])
            Subcommands.Add(command);
    }

    async Task<int> ListAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var list = await connection.Client.Notices.ListAsync(cancellationToken);
        screen.Json(list, AnswerJson.Answers.NoticeSubscriptionList);
        if (list.Subscriptions.Count == 0)
            screen.Line("No subscriptions. Make one with: nextup notices add webhook https://...");
        else
            screen.Table(["subscription", "channel", "target", "events", "state", ""], [.. list.Subscriptions.Select(Row)]);
        return ExitCode.Ok;
    }

    async Task<int> AddAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var events = command.GetValue(_events)?.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        using var connection = _server.Connect(command);
        var added = await connection.Client.Notices.AddAsync(
            new NoticeWish(
                command.GetRequiredValue(_channel), command.GetRequiredValue(_target), events, command.GetValue(_label)),
            cancellationToken);
        screen.Json(added, AnswerJson.Answers.NoticeSubscriptionView);
        screen.Line($"{added.Id}: {string.Join(", ", added.Events)} to {added.Target}");
        if (added.Secret is { } secret)
            screen.Line($"Its secret, shown this once: {secret}");
        if (added.State == NoticeStateNames.Unconfirmed)
            screen.Line("A mail was sent there. Nothing else is sent until its link is opened.", Tone.Waiting);
        return ExitCode.Ok;
    }

    async Task<int> RemoveAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var id = command.GetRequiredValue(_id);
        await connection.Client.Notices.RemoveAsync(id, cancellationToken);
        screen.Json(id, AnswerJson.Answers.String);
        screen.Line("Removed. Nothing that waited is sent.");
        return ExitCode.Ok;
    }

    async Task<int> TestAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var notices = connection.Client.Notices;
        var id = command.GetRequiredValue(_id);
        var trial = await notices.TestAsync(id, cancellationToken);
        var began = _surroundings.Clock.GetTimestamp();
        while (trial.State == "waiting" && _surroundings.Clock.GetElapsedTime(began) < TrialDurationMax)
        {
            await Task.Delay(LookInterval, _surroundings.Clock, cancellationToken);
            trial = await notices.DeliveryAsync(id, trial.Id, cancellationToken);
        }

        screen.Json(trial, AnswerJson.Answers.NoticeDeliveryView);
        var last = trial.Attempts.Count > 0 ? trial.Attempts[^1] : null;
        var said = last is null ? "No attempt was made yet." : $"{last.Status?.ToString() ?? "No answer"} {last.Answer}".Trim();
        var isDelivered = trial.State == "delivered";
        screen.Line($"{trial.Id}: {trial.State}. {said}", isDelivered ? Tone.Good : Tone.Bad);
        return isDelivered ? ExitCode.Ok : ExitCode.Negative;
    }

    static IReadOnlyList<Cell> Row(NoticeSubscriptionView one) =>
    [
        one.Id,
        one.Channel,
        one.Label is null ? one.Target : $"{one.Target} ({one.Label})",
        string.Join(",", one.Events),
        new(one.State, one.State == NoticeStateNames.Active ? Tone.Good : Tone.Waiting),
        one.Reason ?? (one.FailingSince is { } since ? $"nothing arrives since {JobTable.Time(since)}" : ""),
    ];
}
