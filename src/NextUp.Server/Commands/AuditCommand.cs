using System.CommandLine;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Connections;

namespace NextUp.Server.Commands;

/// <summary><c>audit</c>: what operators and administrators did, for administrators.</summary>
sealed class AuditCommand : Command
{
    public const int LimitDefault = 50;
    public const int LimitMax = 100_000;

    static readonly IReadOnlyList<string> Columns = ["when", "who", "role", "what", "on what", "outcome", "from"];

    readonly ServerOptions _server;

    readonly LimitOption _limit = new("entries", LimitDefault, LimitMax);

    public AuditCommand(ServerOptions server)
        : base("audit", "Show what operators and administrators did, newest first. Needs an administrator's token.")
    {
        _server = server;
        Options.Add(_limit);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var (entries, next) = await _limit.ReadAsync<AuditEntryView>(command, async (_, after) =>
        {
            var page = await connection.Client.AuditPageAsync(after, cancellationToken);
            return (page.Entries, page.Next);
        });
        screen.Json(new(entries, next), AnswerJson.Answers.AuditPage);
        _limit.Show(screen, "Nothing was done yet.", Columns, entries, Row, next);
        return ExitCode.Ok;
    }

    static IReadOnlyList<Screens.Cell> Row(AuditEntryView entry) =>
    [
        JobTable.Time(entry.At), entry.Actor, entry.Role, entry.Action, entry.Target,
        entry.Outcome == 0 ? "unknown" : $"{entry.Outcome}", entry.Address,
    ];
}
