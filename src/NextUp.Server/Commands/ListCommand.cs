using System.CommandLine;
using NextUp.Client;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary><c>list</c>: your jobs, newest first.</summary>
sealed class ListCommand : Command
{
    public const int LimitDefault = 20;
    public const int LimitMax = 10_000;

    readonly ServerOptions _server;

    readonly Option<string?> _state = new("--state")
    {
        Description = "Only jobs in this state.",
        HelpName = "pending|processing|completed|failed|cancelled",
    };

    readonly Option<int> _limit = new("--limit")
    {
        Description = $"How many jobs at most, 1 to {LimitMax}.",
        HelpName = "N",
        DefaultValueFactory = _ => LimitDefault,
    };

    public ListCommand(ServerOptions server)
        : base("list", "List your jobs, newest first.")
    {
        _server = server;
        _state.AcceptOnlyFromAmong(
            JobStateNames.Pending, JobStateNames.Processing, JobStateNames.Completed, JobStateNames.Failed,
            JobStateNames.Cancelled);
        _limit.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 1 or > LimitMax)
                given.AddError($"--limit takes a number from 1 to {LimitMax}.");
        });
        Options.Add(_state);
        Options.Add(_limit);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var limit = command.GetValue(_limit);
        using var connection = _server.Connect(command);
        var jobs = new List<JobView>();
        string? next = null;
        do
        {
            var page = await connection.Client.JobsPageAsync(
                command.GetValue(_state), Math.Min(limit - jobs.Count, NextUpClient.PageJobsMax), next,
                cancellationToken);
            jobs.AddRange(page.Jobs);
            next = page.Next;
        }
        while (next is not null && jobs.Count < limit);

        screen.Json(new(jobs, next is not null), AnswerJson.Answers.ListAnswer);
        if (jobs.Count == 0)
            screen.Line("No jobs.");
        else
            screen.Table(JobTable.Columns, [.. jobs.Select(JobTable.Row)]);
        if (next is not null)
            screen.Line($"There are more. See them with --limit, up to {LimitMax}.", Tone.Faint);
        return ExitCode.Ok;
    }
}
