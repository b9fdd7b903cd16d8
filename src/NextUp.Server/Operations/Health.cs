using NextUp.Actors;
using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.Server.Queue;
using NextUp.Server.Settings;

namespace NextUp.Server.Operations;

/// <summary>
/// Live: the process answers. Ready: the store can be read and the queue answers, and the server is not stopping; until
/// then a load balancer should send nobody here.
/// </summary>
sealed class Health(
    LinePlaces places, IJobStore store, SettingsReload settings, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    public static Task LiveAsync(HttpContext context) =>
        Answers.JsonAsync(context, 200, new HealthView("live", null), WireJson.Wire.HealthView);

    public async Task ReadyAsync(HttpContext context)
    {
        var reasons = new List<string>();
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            reasons.Add("The server is stopping.");
        await AskAsync(reasons, "The store does not answer", async () => await store.CountsAsync(clock.GetUtcNow()));
        await AskAsync(reasons, "The queue does not answer", async () => await places.StatusAsync());

        context.Response.Headers.CacheControl = "no-store";
        await (reasons.Count == 0
            ? Answers.JsonAsync(context, 200, new HealthView("ready", null) { Remarks = Remarks() }, WireJson.Wire.HealthView)
            : Answers.JsonAsync(context, 503, new HealthView("not ready", reasons), WireJson.Wire.HealthView));
    }

    /// <summary>What does not keep the server from working. Anyone may read this: no key and no value is in it.</summary>
    IReadOnlyList<string>? Remarks() => settings.Failure is { } failure
        ? [$"The settings were refused when they were read again ({failure.Faults.Count} faults); those of before hold on. "
            + "The log and \"nextup config reload\" say what is wrong."]
        : null;

    async Task AskAsync(List<string> reasons, string reason, Func<Task> ask)
    {
        try
        {
            await ask().WaitAsync(AnswerWithin, clock);
        }
        catch (Exception error) when (error is StoreFailedException or ActorForgottenException or TimeoutException)
        {
            reasons.Add($"{reason}: {error.Message}");
        }
    }
}
