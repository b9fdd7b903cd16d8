using System.CommandLine;
using NextUp.Client.Cleanup;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary><c>jobs list|show|retry|cancel|set-aside|discard</c>: everybody's jobs, for operators.</summary>
sealed class JobsCommand : Command
{
    readonly ServerOptions _server;

    readonly Argument<string> _id = new("ID") { Description = "The job." };

    readonly StateOption _state = new();

    readonly Option<bool> _setAside = new("--set-aside") { Description = "Only jobs that were set aside." };

    readonly LimitOption _limit = new("jobs", ListCommand.LimitDefault, ListCommand.LimitMax);

    public JobsCommand(ServerOptions server)
        : base("jobs", "See to everybody's jobs. For operators.")
    {
        _server = server;
        var list = new Command("list", "List jobs, newest first, without file names.") { _state, _setAside, _limit };
        list.SetAction(ListAsync);
        var show = new Command("show", "Say what happened to a job.") { _id };
        show.SetAction(ShowAsync);
        Subcommands.Add(list);
        Subcommands.Add(show);
        AddAction("retry", "Have a failed, cancelled or set aside job done again.", (care, id, cancel) => care.RetryAsync(id, cancel));
        AddAction("cancel", "Cancel a job.", (care, id, cancel) => care.CancelAsync(id, cancel));
        AddAction(
            "set-aside", "Keep a failed or cancelled job for somebody to look at.", (care, id, cancel) => care.SetAsideAsync(id, cancel));
        AddAction("discard", "Let a job that was set aside go.", (care, id, cancel) => care.DiscardAsync(id, cancel));
    }

    void AddAction(string name, string description, Func<CareClient, string, CancellationToken, Task<CaredJobView>> act)
    {
        var action = new Command(name, description) { _id };
        action.SetAction(async (command, cancellationToken) =>
        {
            var screen = _server.ScreenFor(command);
            using var connection = _server.Connect(command);
            var job = await act(connection.Client.Care, command.GetRequiredValue(_id), cancellationToken);
            screen.Json(job, AnswerJson.Answers.CaredJobView);
            screen.Table(Columns, [Row(job)]);
            return ExitCode.Ok;
        });
        Subcommands.Add(action);
    }

    async Task<int> ListAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var (state, isSetAside) = (command.GetValue(_state), command.GetValue(_setAside));
        if (isSetAside && state is not null)
            throw new UsageException("Give --state or --set-aside, not both.");
        using var connection = _server.Connect(command);
        var (jobs, next) = await _limit.ReadAsync<CaredJobView>(command, async (count, after) =>
        {
            var page = await connection.Client.Care.ListAsync(
                state, isSetAside, Math.Min(count, CareClient.PageJobsMax), after, cancellationToken);
            return (page.Jobs, page.Next);
        });
        screen.Json(new(jobs, next), AnswerJson.Answers.CaredJobPage);
        _limit.Show(screen, "No jobs.", Columns, jobs, Row, next);
        return ExitCode.Ok;
    }

    async Task<int> ShowAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var detail = await connection.Client.Care.ShowAsync(command.GetRequiredValue(_id), cancellationToken);
        screen.Json(detail, AnswerJson.Answers.CaredJobDetail);
        screen.Table(Columns, [Row(detail.Job)]);
        foreach (var told in detail.History)
            screen.Line($"{JobTable.Time(told.At)}  {told.Type}, attempt {told.Attempt}{(told.Cause is { } cause ? $": {cause}" : "")}");
        if (detail.Error is { } error)
            screen.Line(error, Tone.Bad);
        foreach (var line in detail.LastLines ?? [])
            screen.Line(line, Tone.Faint);
        return ExitCode.Ok;
    }

    static readonly IReadOnlyList<string> Columns = ["job", "kind", "user", "state", "attempt", "accepted", "cause"];

    static IReadOnlyList<Cell> Row(CaredJobView job) =>
    [
        job.Id, job.Kind, job.Account ?? job.User,
        job.SetAsideAt is not null ? $"{job.State}, set aside" : job.IsHeld ? "held" : job.State,
        $"{job.Attempt}", JobTable.Time(job.AcceptedAt), job.Cause ?? "",
    ];
}
