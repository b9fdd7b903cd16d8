using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using NextUp.Client.Wire;
using NextUp.Server.Users;

namespace NextUp.EndToEndTests.Setup;

/// <summary>The real server as a process of its own, on a free port and in a folder of its own.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Nothing starts, so what waits goes on waiting and positions are certain.</summary>
    /// <remarks>All visitors come from one address here.</remarks>
    public const string Paused =
        """{"queue":{"paused":true},"bibtex":{"providers":["catalogue"]},"identity":{"visitorsPerAddressMax":1000}}""";

    /// <summary>Jobs run, two at a time, and no network is used.</summary>
    public const string Running = """{"queue":{"slots":2},"bibtex":{"providers":["catalogue"]}}""";

    const string Announcement = "NextUp is at ";

    static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly bool _ownsFolder;

    ServerProcess(Process process, Uri address, string folder, bool ownsFolder) =>
        (_process, Address, Folder, _ownsFolder) = (process, address, folder, ownsFolder);

    public Uri Address { get; }

    public int Id => _process.Id;

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <param name="folder">A data folder to go on with; null makes a new one, which goes with this object.</param>
    /// <param name="urls">Null picks a free port.</param>
    /// <param name="environment">Variables that it has beside ours.</param>
    public static async Task<ServerProcess> StartAsync(
        string config, string? folder = null, string? urls = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var ownsFolder = folder is null;
        folder ??= Directory.CreateTempSubdirectory("nextup-e2e-").FullName;
        var process =
            Launch(
                ["--urls", urls ?? "http://127.0.0.1:0", "--data", folder, "--config", WriteConfig(folder, config)], environment);
        using var late = new CancellationTokenSource(StartWithin);
        while (await process.StandardOutput.ReadLineAsync(late.Token) is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                // Read on in the background, so that the server never waits for somebody to read.
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
                return new ServerProcess(process, new Uri(line[Announcement.Length..]), folder, ownsFolder);
            }
        }

        var error = await process.StandardError.ReadToEndAsync(late.Token);
        throw new InvalidOperationException($"The server did not start: {error}");
    }

    /// <summary>Runs <c>serve</c> to its end, for starts that must fail.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Launch(arguments);
        using var late = new CancellationTokenSource(StartWithin);
        var output = process.StandardOutput.ReadToEndAsync(late.Token);
        var error = await process.StandardError.ReadToEndAsync(late.Token);
        await output;
        await process.WaitForExitAsync(late.Token);
        return (process.ExitCode, error);
    }

    public static string WriteConfig(string folder, string config)
    {
        var file = Path.Combine(folder, "test-settings.json");
        File.WriteAllText(file, config);
        return file;
    }

    /// <summary>Someone without an account: a browser of their own.</summary>
    public HttpClient Visitor() =>
        new(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = Address };

    /// <summary>Someone who keeps nothing between two requests.</summary>
    public HttpClient Nobody() => new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Address };

    /// <summary>Someone with an account, by a token made beside the running server.</summary>
    public HttpClient Account(string name) => Account(name, Role.User);

    /// <summary>The same, for an operator.</summary>
    public HttpClient Operator(string name) => Account(name, Role.Operator);

    /// <summary>The same, in this role.</summary>
    public HttpClient Account(string name, Role role)
    {
        var token = new TokenIssuer(Folder, TimeProvider.System).Issue(name, role);
        var client = Nobody();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Asks for its readiness until it is this: ready, not ready, standby.</summary>
    public async Task SaysAsync(string status)
    {
        using var client = Nobody();
        client.Timeout = TimeSpan.FromSeconds(2);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        using var late = new CancellationTokenSource(StartWithin);
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync("/health/ready", late.Token);
                var view = JsonSerializer.Deserialize(
                    await answer.Content.ReadAsStringAsync(late.Token), WireJson.Wire.HealthView);
                if (view?.Status == status)
                    return;
            }
            catch (Exception away) when (
                away is HttpRequestException || (away is TaskCanceledException && !late.IsCancellationRequested))
            {
                // Between two that listen there in turn, or frozen.
            }

            await timer.WaitForNextTickAsync(late.Token);
        }
    }

    /// <summary>A program that works on jobs, by a token made beside the running server.</summary>
    public HttpClient Worker(string account = "crew")
    {
        var client = Nobody();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", WorkerToken(account));
        return client;
    }

    public string WorkerToken(string account = "crew") => new TokenIssuer(Folder, TimeProvider.System).Issue(account, Role.Worker);

    /// <summary>Ends the process as a crash does: at once, without a chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <param name="signal">As kill names it: STOP, CONT.</param>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Asks the process to end, as an operator does, and answers its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        using var late = new CancellationTokenSource(StartWithin);
        await _process.WaitForExitAsync(late.Token);
        return _process.ExitCode;
    }

    /// <summary>Has the process read its settings again, as an operator does.</summary>
    public Task HangUpAsync() => SignalAsync("HUP");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        if (_ownsFolder)
            Directory.Delete(Folder, recursive: true);
    }

    static Process Launch(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "nextup.dll"), "serve", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}

/// <summary>One server with a paused queue for all tests of a class.</summary>
public sealed class PausedServer : IAsyncLifetime
{
    public ServerProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Process = await ServerProcess.StartAsync(ServerProcess.Paused);

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}

/// <summary>One server that runs jobs for all tests of a class.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    public ServerProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Process = await ServerProcess.StartAsync(ServerProcess.Running);

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
