using NextUp.Actors;
using NextUp.Actors.Store;
using NextUp.Client.Operations;
using NextUp.Client.Wire;
using NextUp.Server.Settings;

namespace NextUp.Server.Operations;

/// <summary>
/// Live: the process answers. Ready: the store can be read, the queue answers, there is room on the disk, and the server
/// is not stopping; until then a load balancer should send nobody here. Everyone is told which of these fails, operators
/// also why.
/// </summary>
/// <param name="askQueue">Answers when the queue does.</param>
/// <param name="missing">A sentence for each program that the machine lacks.</param>
/// <param name="refusal">Why the settings were refused when they were last read again.</param>
sealed class Health(
    Func<Task> askQueue, IJobStore store, Func<DiskView> disk, Func<IReadOnlyList<string>> missing,
    Func<ReloadAnswer.Refused?> refusal, TimeProvider clock, CancellationToken stopping)
{
    /// <summary>With less free on the data folder's disk nothing more is taken in: 256 MiB.</summary>
    public const long DiskFreeBytesMin = 256L * 1024 * 1024;

    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    public static Task LiveAsync(HttpContext context) =>
        Answers.JsonAsync(context, 200, new HealthView("live", null), WireJson.Wire.HealthView);

    public async Task ReadyAsync(HttpContext context)
    {
        var failing = (await CheckAsync()).Where(check => !check.Ok).Select(check => Sentence(check.Name)).ToList();
        context.Response.Headers.CacheControl = "no-store";
        await (failing.Count == 0
            ? Answers.JsonAsync(context, 200, new HealthView("ready", null) { Remarks = Remarks() }, WireJson.Wire.HealthView)
            : Answers.JsonAsync(context, 503, new HealthView("not ready", failing), WireJson.Wire.HealthView));
    }

    /// <summary>Everything that readiness depends on, asked now.</summary>
    public async Task<IReadOnlyList<HealthCheckView>> CheckAsync() =>
    [
        await CheckAsync("server", () => Task.FromResult(
            stopping.IsCancellationRequested ? "The server is stopping; it goes on after its next start." : null)),
        await CheckAsync("disk", () => Task.FromResult(RoomProblem(disk()))),
        await CheckAsync("store", async () =>
        {
            await store.CountsAsync(clock.GetUtcNow());
            return null;
        }),
        await CheckAsync("queue", async () =>
        {
            await askQueue();
            return null;
        }),
    ];

    /// <summary>What does not keep the server from working. Anyone may read this: no key and no value is in it.</summary>
    List<string>? Remarks()
    {
        List<string> remarks = [.. missing(), .. Refusal()];
        return remarks.Count > 0 ? remarks : null;
    }

    string[] Refusal() => refusal() is { } failure
        ? [$"The settings were refused when they were read again ({failure.Faults.Count} faults); those of before hold on. "
            + "The log and \"nextup config reload\" say what is wrong."]
        : [];

    static string Sentence(string check) => check switch
    {
        "server" => "The server is stopping.",
        "disk" => "The disk is nearly full.",
        "store" => "The store does not answer.",
        _ => "The queue does not answer.",
    };

    static string? RoomProblem(DiskView disk) => disk.FreeBytes >= DiskFreeBytesMin ? null
        : $"The disk of the data folder has {disk.FreeBytes:N0} bytes left, and {DiskFreeBytesMin:N0} are needed. Make "
            + "room: delete old jobs with \"nextup cleanup --delete-old-jobs\", or give it a larger disk.";

    async Task<HealthCheckView> CheckAsync(string name, Func<Task<string?>> ask)
    {
        var begun = clock.GetTimestamp();
        string? reason;
        try
        {
            reason = await ask().WaitAsync(AnswerWithin, clock);
        }
        catch (Exception error) when (
            error is StoreFailedException or ActorForgottenException or TimeoutException or IOException)
        {
            reason = error.Message;
        }

        return new(name, reason is null, reason, Math.Round(clock.GetElapsedTime(begun).TotalSeconds, 6));
    }
}
