using System.CommandLine;
using NextUp.Client.Operations;
using NextUp.Server.Commands.Connections;

namespace NextUp.Server.Commands;

/// <summary><c>workers</c>: who works elsewhere for a server, for operators.</summary>
sealed class WorkersCommand : Command
{
    static readonly IReadOnlyList<string> Columns = ["worker", "account", "kinds", "running", "waits for", "last heard"];

    readonly ServerOptions _server;

    public WorkersCommand(ServerOptions server)
        : base("workers", "Show who works elsewhere for the server, and on how much. Needs an operator's token.")
    {
        _server = server;
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var view = await connection.Client.WorkersAsync(cancellationToken);
        screen.Json(view, AnswerJson.Answers.WorkersView);
        if (view.Workers.Count == 0)
            screen.Line("Nobody works elsewhere for this server.");
        else
            screen.Table(Columns, [.. view.Workers.Select(Row)]);
        if (view.Count > view.Workers.Count)
            screen.Line($"And {view.Count - view.Workers.Count} more.");
        return ExitCode.Ok;
    }

    static IReadOnlyList<Screens.Cell> Row(WorkerView worker) =>
    [
        worker.Name, worker.Account, worker.Kinds.Count > 0 ? string.Join(' ', worker.Kinds) : "not known yet",
        $"{worker.Running}", $"{worker.Offered}",
        worker.HeardAt is { } at ? JobTable.Time(at) : "not since the server's start",
    ];
}
