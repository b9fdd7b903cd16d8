using System.Diagnostics;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;

namespace NextUp.Bench.Queue;

/// <summary>A million jobs that wait: what the line costs by itself, and what the whole queue takes to come back after a restart.</summary>
static class LongLine
{
    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var jobs = Arguments.Int(arguments, "jobs", 1_000_000);
        await LineAsync(output, jobs);
        await RestartAsync(output, jobs);
    }

    static async Task LineAsync(TextWriter output, int jobs)
    {
        var kind = ProbeProcessor.ProbeKind;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var line = new Line();
        var random = new Random(1);
        var keys = new LineKey[jobs];
        for (var i = 0; i < jobs; i++)
            keys[i] = new(1_000_000L + (i * 100L), new(i));
        var keysBytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        var insert = Time(jobs, i => line.Insert(kind, keys[i]));
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before - keysBytes) / (double)jobs;
        var found = 0L;
        var rank = Time(jobs, _ => found += line.CountBefore(kind, keys[random.Next(jobs)]));
        random.Shuffle(keys);
        var remove = Time(jobs / 2, i => line.Remove(kind, keys[i]));
        var back = Time(jobs / 2, i => line.Insert(kind, keys[i]));
        await output.WriteLineAsync(
            $"line of {jobs:N0}: insert at the end {insert:N2} us, rank {rank:N2} us, "
            + $"remove anywhere {remove:N2} us, insert anywhere {back:N2} us, {bytes:N0} B a job (checked {found > 0})");
    }

    static async Task RestartAsync(TextWriter output, int jobs)
    {
        var folder = Directory.CreateTempSubdirectory("nextup-bench-").FullName;
        var bench = new BenchHost(folder, slots: 4, activePerUserMax: 1, TimeSpan.Zero, paused: true);
        await bench.Host.StartAsync();
        await bench.SubmitAsync(Enumerable.Range(0, jobs).Select(i => UserId.Account($"user-{i}")));
        bench.Store.Dispose();

        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        await using var again = new BenchHost(folder, slots: 4, activePerUserMax: 1, TimeSpan.Zero, paused: true);
        await again.Host.StartAsync();
        var restart = watch.Elapsed;
        GC.KeepAlive(bench);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)jobs;
        var status = await again.Host.Queue.StatusAsync();
        var sample = (await again.Store.LaneAsync(UserId.Account($"user-{jobs / 2}")))[0];
        var asks = Enumerable.Repeat(new QueueAsk(sample.Kind, sample.LineKey), 1_000).ToArray();
        watch.Restart();
        var places = await again.Host.Queue.PlacesAsync(asks);
        await output.WriteLineAsync(
            $"restart with {status.Waiting:N0} waiting: {restart.TotalSeconds:N2} s until positions are served, "
            + $"{bytes:N0} B a job in memory, "
            + $"a position asked through the actor {watch.Elapsed.TotalMicroseconds / asks.Length:N2} us (it is {places[0]!.Position:N0})");
    }

    static double Time(int count, Action<int> step)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
            step(i);
        return watch.Elapsed.TotalMicroseconds / count;
    }
}
