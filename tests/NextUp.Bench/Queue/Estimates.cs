using System.Diagnostics;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.UnitTests.Queue.Loads;

namespace NextUp.Bench.Queue;

/// <summary>How honest the estimated starts are, over chosen and drawn loads, and what an estimate costs in a long line.</summary>
static class Estimates
{
    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var seed = Arguments.Int(arguments, "seed", 1);
        var length = Arguments.Int(arguments, "length", 1);
        var asking = Arguments.Int(arguments, "asking", 1_500);
        await CostAsync(output, Arguments.Int(arguments, "waiting", 1_000_000));
        await output.WriteLineAsync(
            "| load, slots | jobs ahead | wait | within p90 | later | error of p50 | later |\n"
            + "| --- | --- | --- | --- | --- | --- | --- |");
        List<(Load Load, LoadResult Result)> all = [];
        var drawn = DrawnLoads.Draw(seed, Arguments.Int(arguments, "drawn", 48));
        foreach (var load in (IEnumerable<Load>)[.. KnownLoads.All, .. drawn])
        {
            var jobs = DrawnLoads.JobsOf(load, length);
            var result = new LoadedQueue(load, seed).Play(jobs, jobs / 8, Math.Min(1, (double)asking * length / jobs));
            all.Add((load, result));
            await output.WriteLineAsync(
                $"| {load.Name} | {result.MedianAhead:N0} | {result.MedianWait:N0} s | {result.Within:P1} | {result.WithinLater:P1} "
                + $"| {result.Error:P1} | {result.ErrorLater:P1} |");
        }

        foreach (var loads in all.GroupBy(load => load.Load.Class.Length == 0 ? "known" : load.Load.Class))
            await SumAsync(output, loads.Key, [.. loads.Select(load => load.Result)]);
        await SumAsync(output, "all", [.. all.Select(load => load.Result)]);
    }

    static Task SumAsync(TextWriter output, string name, IReadOnlyList<LoadResult> results) =>
        output.WriteLineAsync(
            $"{name}: within p90 {results.Average(result => result.Within):P1}, "
            + $"later {results.Average(result => result.WithinLater):P1}; "
            + $"error {results.Average(result => result.Error):P1}; within 85 to 95 % "
            + $"{results.Count(result => result.Within is >= 0.85 and <= 0.95)} of {results.Count}; "
            + $"error under 20 % {results.Count(result => result.Error < 0.2)} of {results.Count}");

    static async Task CostAsync(TextWriter output, int jobs)
    {
        var kind = ProbeProcessor.ProbeKind;
        var start = DateTimeOffset.UnixEpoch.AddYears(50);
        var (line, estimate, random) = (new Line(), new Estimate(new(1)), new Random(1));
        var keys = new LineKey[jobs];
        for (var i = 0; i < jobs; i++)
        {
            keys[i] = new LineKey(LineKey.Microseconds(start) - jobs + i, new(i)) { Size = SizeClass.Of(random.Next(1, 1 << 24)) };
            line.Insert(kind, keys[i]);
        }

        for (var i = 0; i < ServiceTimes.SamplesMax; i++)
            estimate.Ran(kind, SizeClass.Of(random.Next(1, 1 << 24)), TimeSpan.FromSeconds(1 + random.Next(100)), isRetried: false);

        const int Looks = 50;
        const int Asks = 200_000;
        foreach (var slots in (int[])[4, 20, 200])
        {
            List<(JobKind, SizeClass, TimeSpan)> running =
                [.. Enumerable.Range(0, slots).Select(i => (kind, SizeClass.Of(1 << (i % 24)), TimeSpan.FromSeconds(i % 60)))];
            void Look() => estimate.Look(start, line, new(slots, _ => null), running, []);
            Look();
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Looks; i++)
                Look();
            var look = watch.Elapsed.TotalMilliseconds / Looks;
            watch.Restart();
            var known = 0;
            for (var i = 0; i < Asks; i++)
                known += estimate.StartOf(start, line, kind, keys[random.Next(jobs)]) is null ? 0 : 1;
            var ask = watch.Elapsed.TotalMicroseconds / Asks;
            await output.WriteLineAsync(
                $"{jobs:N0} waiting, {slots} slots: a look at the queue {look:N2} ms "
                + $"(at most {1 / Estimate.LookEvery.TotalSeconds:N0} a second), an estimate {ask:N2} us ({known:N0} given)");
        }
    }
}
