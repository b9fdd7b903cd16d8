using System.Collections.Concurrent;
using System.Diagnostics;
using NextUp.Actors.Users;

namespace NextUp.Bench.Queue;

/// <summary>
/// One user submits 1,000 jobs of 10 ms; then 100 users submit one each. How long do the hundred wait for their start?
/// Twenty slots, one job per user at a time; without that limit for comparison.
/// </summary>
static class NoisyNeighbour
{
    const int NoisyJobs = 1_000;
    const int SmallUsers = 100;
    static readonly TimeSpan Work = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var rounds = Arguments.Int(arguments, "rounds", 3);
        for (var round = 0; round < rounds; round++)
        {
            await OneAsync(output, activePerUserMax: 1);
            await OneAsync(output, activePerUserMax: null);
        }
    }

    static async Task OneAsync(TextWriter output, int? activePerUserMax)
    {
        await using var bench = new BenchHost(null, slots: 20, activePerUserMax, Work);
        await bench.Host.StartAsync();
        var submitted = new ConcurrentDictionary<UserId, long>();
        var waits = new ConcurrentBag<double>();
        var allStarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Probe.Started = run =>
        {
            if (!submitted.TryGetValue(run.User, out var at))
                return;
            waits.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            if (waits.Count == SmallUsers)
                allStarted.TrySetResult();
        };
        var whale = UserId.Account("whale");
        await bench.SubmitAsync(Enumerable.Repeat(whale, NoisyJobs));
        var small = Enumerable.Range(0, SmallUsers).Select(i => UserId.Account($"small-{i}")).ToList();
        await Task.WhenAll(small.Select(async user =>
        {
            submitted[user] = Stopwatch.GetTimestamp();
            await bench.Host.User(user).SubmitAsync(BenchHost.Submission());
        }));
        await allStarted.Task;
        var values = waits.ToArray();
        await output.WriteLineAsync(
            $"{(activePerUserMax is null ? "no limit" : "one per user"),-14} the hundred waited, ms: "
            + $"p50 {Percentile.Of(values, 50),7:N1}  p99 {Percentile.Of(values, 99),7:N1}   over limit {bench.Probe.LimitBreaks}");
    }
}
