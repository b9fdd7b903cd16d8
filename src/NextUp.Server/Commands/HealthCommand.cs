using System.CommandLine;
using System.Text.Json;
using NextUp.Client;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary>
/// <c>health</c>: asks a server once whether it is ready, or with <c>--live</c> whether it answers at all. For containers
/// and scripts: the exit code is the answer.
/// </summary>
sealed class HealthCommand : Command
{
    const int TimeoutSecondsDefault = 5;
    const int TimeoutSecondsMax = 600;

    readonly ServerOptions _server;

    readonly Option<bool> _live = new("--live")
    {
        Description = "Ask only whether the process answers; a server that stands by does.",
    };

    readonly Option<int> _timeout = new("--timeout")
    {
        Description = $"How long the answer may take, 1 to {TimeoutSecondsMax} seconds.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => TimeoutSecondsDefault,
    };

    public HealthCommand(ServerOptions server)
        : base("health", "Ask once whether the server is ready. Exit code 0 yes, 1 no, 3 no answer.")
    {
        _server = server;
        _timeout.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 1 or > TimeoutSecondsMax)
                given.AddError($"--timeout takes a number from 1 to {TimeoutSecondsMax}.");
        });
        Options.Add(_live);
        Options.Add(_timeout);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var http = NextUpClient.NewHttp(_server.AddressFor(command));
        http.Timeout = TimeSpan.FromSeconds(command.GetValue(_timeout));
        var path = command.GetValue(_live) ? "health/live" : "health/ready";
        var (health, isOk) = await AskAsync(http, path, cancellationToken);
        screen.Json(health, WireJson.Wire.HealthView);
        screen.Line(health.Status, isOk ? Tone.Good : Tone.Bad);
        foreach (var reason in health.Reasons ?? [])
            screen.Line(reason);
        foreach (var remark in health.Remarks ?? [])
            screen.Line(remark, Tone.Faint);
        return isOk ? ExitCode.Ok : ExitCode.Negative;
    }

    static async Task<(HealthView Health, bool IsOk)> AskAsync(
        HttpClient http, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            var health = JsonSerializer.Deserialize(body, WireJson.Wire.HealthView);
            return health?.Status is null ? throw new JsonException("it has no status") : (health, answer.IsSuccessStatusCode);
        }
        catch (JsonException unreadable)
        {
            throw new ServerUnreachableException(
                http.BaseAddress!, $"what answers there is no NextUp: {unreadable.Message}", unreadable);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            throw new ServerUnreachableException(http.BaseAddress!, lost.Message, lost);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServerUnreachableException(
                http.BaseAddress!, $"no answer within {http.Timeout.TotalSeconds:0} s", late);
        }
    }
}
