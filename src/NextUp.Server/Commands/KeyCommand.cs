using System.CommandLine;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Users.Keys;

namespace NextUp.Server.Commands;

/// <summary><c>key create|list|revoke</c>: the API keys of the account whose token is given.</summary>
sealed class KeyCommand : Command
{
    static readonly IReadOnlyList<string> Columns = ["key", "name", "scopes", "state", "made", "last used"];

    readonly ServerOptions _server;
    readonly Argument<string> _name = new("NAME") { Description = "What the key is for." };
    readonly Argument<string> _id = new("KEY") { Description = "The key's id, as the list shows it." };

    readonly Option<string[]> _scopes = new("--scope")
    {
        Description = "What the key may do: read, submit, cancel, work, operate. May be given several times.",
        HelpName = "SCOPE",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => ["read", "submit", "cancel"],
    };

    readonly Option<int?> _days = new("--days")
    {
        Description = $"How many days the key is good for, 1 to {KeyEndpoints.DaysMax}; without it until it is revoked.",
        HelpName = "N",
    };

    public KeyCommand(ServerOptions server)
        : base("key", "Make, list and revoke API keys of your account.")
    {
        _server = server;
        var create = new Command("create", "Make a key. Standard output carries the key alone; it is shown this once.")
        {
            _name, _scopes, _days,
        };
        create.SetAction(CreateAsync);
        var list = new Command("list", "List your keys, newest first.");
        list.SetAction(ListAsync);
        var revoke = new Command("revoke", "Revoke a key. It ends at once.") { _id };
        revoke.SetAction(RevokeAsync);
        Subcommands.Add(create);
        Subcommands.Add(list);
        Subcommands.Add(revoke);
    }

    async Task<int> CreateAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var request = new KeyRequest(command.GetRequiredValue(_name), command.GetValue(_scopes), command.GetValue(_days));
        var made = await connection.Client.CreateKeyAsync(request, cancellationToken);
        screen.Json(made, AnswerJson.Answers.NewKeyView);
        if (!screen.IsJson)
        {
            screen.Line(made.Key);
            screen.Complain($"For {string.Join(", ", made.About.Scopes)}. Keep it now: it is not shown again. Give it with --token.");
        }

        return ExitCode.Ok;
    }

    async Task<int> ListAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var keys = new List<KeyView>();
        string? next = null;
        do
        {
            var page = await connection.Client.KeysPageAsync(next, cancellationToken);
            keys.AddRange(page.Keys);
            next = page.Next;
        }
        while (next is not null);

        screen.Json(new(keys, null), AnswerJson.Answers.KeyPage);
        if (keys.Count == 0)
            screen.Line("No keys.");
        else
            screen.Table(Columns, [.. keys.Select(Row)]);
        return ExitCode.Ok;
    }

    async Task<int> RevokeAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var id = command.GetRequiredValue(_id);
        using var connection = _server.Connect(command);
        await connection.Client.RevokeKeyAsync(id, cancellationToken);
        _server.ScreenFor(command).Line($"The key {id} is revoked.");
        return ExitCode.Ok;
    }

    static IReadOnlyList<Screens.Cell> Row(KeyView key) =>
    [
        key.Id, key.Name, string.Join(", ", key.Scopes), key.State, JobTable.Time(key.CreatedAt),
        key.LastUsedAt is { } used ? JobTable.Time(used) : "never",
    ];
}
