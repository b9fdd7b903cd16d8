using System.Diagnostics;
using NextUp.Actors.Users;

namespace NextUp.Bench.Queue;

/// <summary>One job at a time on an idle queue: from the call of submit to the first instruction of the work.</summary>
static class Latency
{
    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var jobs = Arguments.Int(arguments, "jobs", 2_000);
        await using var bench = new BenchHost(null, slots: 4, activePerUserMax: 1, TimeSpan.Zero);
        await bench.Host.StartAsync();
        var starts = new double[jobs];
        var answers = new double[jobs];
        var begun = 0L;
        for (var i = -200; i < jobs; i++)
        {
            var started = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            bench.Probe.Started = _ => started.TrySetResult(Stopwatch.GetTimestamp());
            var done = bench.Probe.After(1);
            begun = Stopwatch.GetTimestamp();
            await bench.Host.User(UserId.Account($"user-{i}")).SubmitAsync(BenchHost.Submission());
            if (i >= 0)
                answers[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            var start = await started.Task;
            if (i >= 0)
                starts[i] = Stopwatch.GetElapsedTime(begun, start).TotalMilliseconds;
            await done;
        }

        await output.WriteLineAsync(
            $"idle, {jobs} jobs, ms   p50 {Percentile.Of(starts, 50):N2}  p99 {Percentile.Of(starts, 99):N2}  submit to start");
        await output.WriteLineAsync(
            $"idle, {jobs} jobs, ms   p50 {Percentile.Of(answers, 50):N2}  p99 {Percentile.Of(answers, 99):N2}  "
            + "submit to durable answer");
    }
}

static class Percentile
{
    public static double Of(double[] values, double percent)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * percent / 100))];
    }
}
