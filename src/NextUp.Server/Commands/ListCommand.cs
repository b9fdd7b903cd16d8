using System.CommandLine;
using NextUp.Client;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Connections;

namespace NextUp.Server.Commands;

/// <summary><c>list</c>: your jobs, newest first.</summary>
sealed class ListCommand : Command
{
    public const int LimitDefault = 20;
    public const int LimitMax = 10_000;

    readonly ServerOptions _server;

    readonly StateOption _state = new();

    readonly LimitOption _limit = new("jobs", LimitDefault, LimitMax);

    public ListCommand(ServerOptions server)
        : base("list", "List your jobs, newest first.")
    {
        _server = server;
        Options.Add(_state);
        Options.Add(_limit);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var (jobs, next) = await _limit.ReadAsync<JobView>(command, async (count, after) =>
        {
            var page = await connection.Client.JobsPageAsync(
                command.GetValue(_state), Math.Min(count, NextUpClient.PageJobsMax), after, cancellationToken);
            return (page.Jobs, page.Next);
        });
        screen.Json(new(jobs, next is not null), AnswerJson.Answers.ListAnswer);
        _limit.Show(screen, "No jobs.", JobTable.Columns, jobs, JobTable.Row, next);
        return ExitCode.Ok;
    }
}
