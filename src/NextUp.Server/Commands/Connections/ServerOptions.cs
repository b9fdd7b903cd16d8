using System.CommandLine;
using NextUp.Client;
using NextUp.Client.Visitors;
using NextUp.Client.Work;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands.Connections;

/// <summary>
/// The options that every command takes: which server, who is asking, and in which form the answer comes.
/// </summary>
sealed class ServerOptions(Surroundings surroundings)
{
    public const string DefaultServer = ServeOptions.DefaultUrls;
    public const string ServerVariable = "NEXTUP_SERVER";
    public const string TokenVariable = "NEXTUP_TOKEN";

    readonly Option<string?> _server = new("--server")
    {
        Description = $"The server's address. Defaults to the variable {ServerVariable}, else {DefaultServer}.",
        HelpName = "URL",
        Recursive = true,
    };

    readonly Option<string?> _token = new("--token")
    {
        Description = $"Who you are (see: nextup token). Defaults to the variable {TokenVariable}, else you are "
            + "a visitor.",
        HelpName = "TOKEN",
        Recursive = true,
    };

    readonly Option<bool> _json = new("--json")
    {
        Description = "Answer with one JSON document and nothing else on standard output.",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        root.Options.Add(_server);
        root.Options.Add(_token);
        root.Options.Add(_json);
    }

    public Screen ScreenFor(ParseResult command) => new(surroundings, command.GetValue(_json));

    /// <summary>Whether the caller said which server, in one way or the other.</summary>
    public bool IsNamed(ParseResult command) => Chosen(command.GetValue(_server), ServerVariable) is not null;

    public Uri AddressFor(ParseResult command) =>
        Address(Chosen(command.GetValue(_server), ServerVariable) ?? DefaultServer);

    /// <param name="ownToken">Used where the caller gave none.</param>
    public ServerConnection Connect(ParseResult command, string? ownToken = null)
    {
        var server = AddressFor(command);
        var token = TokenOf(command) ?? ownToken;
        var visitor = token is null ? new VisitorFile(surroundings.ConfigFolder, server).Open() : null;
        return new(server, token, visitor, surroundings);
    }

    /// <summary>For a worker, which is never a visitor.</summary>
    public WorkerConnection ConnectWorker(ParseResult command, NextUpClientOptions options)
    {
        var server = AddressFor(command);
        var token = TokenOf(command) ?? throw new UsageException(
            "A worker needs a token. Make one on the server's machine: nextup token --user NAME --role worker. "
            + $"Give it with --token, or the variable {TokenVariable}.");
        return new(server, token, options, surroundings);
    }

    string? TokenOf(ParseResult command)
    {
        var token = Chosen(command.GetValue(_token), TokenVariable);
        if (token is not null && !token.All(letter => letter is > ' ' and < (char)127))
            throw new UsageException("The token has blanks or letters that no token has. Copy it again, on one line.");
        return token;
    }

    string? Chosen(string? given, string variable)
    {
        var value = given ?? surroundings.Variable(variable);
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    static Uri Address(string given) =>
        Uri.TryCreate(given, UriKind.Absolute, out var server) && server.Scheme is "http" or "https"
            && server.Query.Length == 0 && server.Fragment.Length == 0
            ? server
            : throw new UsageException(
                $"The server's address \"{given}\" is not one. Write it like {DefaultServer}, "
                + "with http:// or https://.");
}

/// <summary>A client for as long as a command runs.</summary>
sealed class ServerConnection : IDisposable
{
    readonly HttpClient _http;

    public ServerConnection(Uri server, string? token, VisitorCookie? visitor, Surroundings surroundings)
    {
        _http = NextUpClient.NewHttp(server, visitor);
        Client = new(_http, token, surroundings.Clock, surroundings.Random);
    }

    public NextUpClient Client { get; }

    public void Dispose() => _http.Dispose();
}

/// <summary>A worker's client for as long as a command runs.</summary>
sealed class WorkerConnection : IDisposable
{
    readonly HttpClient _http;

    public WorkerConnection(Uri server, string token, NextUpClientOptions options, Surroundings surroundings)
    {
        _http = NextUpClient.NewHttp(server);
        Client = new(_http, token, surroundings.Clock, surroundings.Random, options);
    }

    public WorkClient Client { get; }

    public void Dispose() => _http.Dispose();
}
