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

    readonly Option<int> _limit = new("--limit")
    {
        Description = $"How many entries at most, 1 to {LimitMax}.",
        HelpName = "N",
        DefaultValueFactory = _ => LimitDefault,
    };

    public AuditCommand(ServerOptions server)
        : base("audit", "Show what operators and administrators did, newest first. Needs an administrator's token.")
    {
        _server = server;
        _limit.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 1 or > LimitMax)
                given.AddError($"--limit takes a number from 1 to {LimitMax}.");
        });
        Options.Add(_limit);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var limit = command.GetValue(_limit);
        using var connection = _server.Connect(command);
        var entries = new List<AuditEntryView>();
        string? next = null;
        do
        {
            var page = await connection.Client.AuditPageAsync(next, cancellationToken);
            entries.AddRange(page.Entries.Take(limit - entries.Count));
            next = page.Next;
        }
        while (next is not null && entries.Count < limit);

        screen.Json(new(entries, next), AnswerJson.Answers.AuditPage);
        if (entries.Count == 0)
            screen.Line("Nothing was done yet.");
        else
            screen.Table(Columns, [.. entries.Select(Row)]);
        return ExitCode.Ok;
    }

    static IReadOnlyList<Screens.Cell> Row(AuditEntryView entry) =>
    [
        JobTable.Time(entry.At), entry.Actor, entry.Role, entry.Action, entry.Target,
        entry.Outcome == 0 ? "unknown" : $"{entry.Outcome}", entry.Address,
    ];
}
