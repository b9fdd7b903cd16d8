using System.Diagnostics;
using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Storage.Sql;

namespace NextUp.Bench.Queue;

/// <summary>
/// Old jobs are deleted while others are submitted: how long a submission takes to be durable then, beside the same without
/// a sweep, and how long the sweep takes. One file, one log line and three events belong to each old job.
/// </summary>
static class Sweeping
{
    const int FillBatch = 500;
    const int OldUsers = 10_000;
    static readonly TimeSpan Age = TimeSpan.FromDays(60);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var jobs = Arguments.Int(arguments, "jobs", 1_000_000);
        await using var bench = new BenchHost(null, slots: 4, activePerUserMax: 1, TimeSpan.Zero);
        var filling = Stopwatch.GetTimestamp();
        await FillAsync(bench.Store, jobs);
        await output.WriteLineAsync($"{jobs:N0} old jobs stored in {Stopwatch.GetElapsedTime(filling).TotalSeconds:N0} s");

        await bench.Host.StartAsync();
        using (var second = new CancellationTokenSource(TimeSpan.FromSeconds(Arguments.Int(arguments, "seconds", 10))))
            await PrintAsync(output, "without a sweep", await SubmitAsync(bench, "idle", second.Token));

        using var over = new CancellationTokenSource();
        var submitting = Task.Run(() => SubmitAsync(bench, "busy", over.Token));
        var begun = Stopwatch.GetTimestamp();
        var report = await bench.Host.Cleanup.SweepAsync(new CleanupRequest(IsDryRun: false, TimeSpan.FromDays(30)));
        var took = Stopwatch.GetElapsedTime(begun);
        await over.CancelAsync();
        await PrintAsync(output, "during the sweep", await submitting);
        await output.WriteLineAsync(
            $"the sweep deleted {report.TouchedCount:N0} jobs in {took.TotalSeconds:N1} s, "
            + $"{report.TouchedCount / took.TotalSeconds:N0} a second");
    }

    static async Task FillAsync(SqlStore store, int jobs)
    {
        var at = TimeProvider.System.GetUtcNow() - Age;
        var writes = new Queue<Task<CommitAnswer>>();
        for (var first = 1; first <= jobs; first += FillBatch)
        {
            List<Change> changes = [];
            for (var sequence = first; sequence < first + FillBatch && sequence <= jobs; sequence++)
                changes.AddRange(LifeOf(new(sequence), at));
            writes.Enqueue(store.CommitAsync(new(changes)));
            while (writes.Count > 32)
                Check(await writes.Dequeue());
        }

        foreach (var write in writes)
            Check(await write);
    }

    static void Check(CommitAnswer answer)
    {
        if (answer is not CommitAnswer.Committed)
            throw new InvalidOperationException($"A write was answered {answer}.");
    }

    static IEnumerable<Change> LifeOf(JobSequence sequence, DateTimeOffset at)
    {
        var submission = BenchHost.Submission();
        var job = new JobRecord
        {
            Sequence = sequence, Id = submission.Id, User = UserId.Account($"old-{sequence.Value % OldUsers}"),
            Kind = submission.Kind, State = JobState.Pending, AcceptedAt = at, LineKey = LineKey.Of(at, TimeSpan.Zero, sequence),
            FileName = "a.bib", FileSize = submission.Original.Size,
        };
        yield return new Change.Accept(job, null, [submission.Original]);
        yield return new Change.Start(sequence, at, at.AddMinutes(10));
        yield return new Change.Report(sequence, 1, at, JobProgress.None, ["[1/1] done"]);
        yield return new Change.End(sequence, 1, JobState.Completed, at, null, "{}", []);
    }

    static async Task<double[]> SubmitAsync(BenchHost bench, string name, CancellationToken until)
    {
        var times = new List<double>();
        while (!until.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            await bench.Host.User(UserId.Account($"{name}-{times.Count}")).SubmitAsync(BenchHost.Submission());
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }

        return [.. times];
    }

    static Task PrintAsync(TextWriter output, string when, double[] times) => output.WriteLineAsync(
        $"{when,-18} submit to durable answer, ms   p50 {Percentile.Of(times, 50):N2}  p99 {Percentile.Of(times, 99):N2}  "
        + $"max {times.Max():N1}  ({times.Length} submissions)");
}
