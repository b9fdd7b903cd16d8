using System.Diagnostics;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Storage.Sqlite;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Sqlite;

/// <summary>
/// A process of its own that writes job lives and prints every change once it is acknowledged, until it is killed.
/// </summary>
static class DoomedWriter
{
    public const string Command = "write-until-killed";

    const int Callers = 16;

    /// <summary>Starts the writer and kills it when it has printed so many lines.</summary>
    /// <returns>What was acknowledged: job and state, as printed.</returns>
    public static async Task<List<string>> KillAfterAsync(string folder, int lines)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            process.StartInfo.ArgumentList.Add(typeof(DoomedWriter).Assembly.Location);
        process.StartInfo.ArgumentList.Add(Command);
        process.StartInfo.ArgumentList.Add(folder);
        process.Start();
        var acknowledged = new List<string>();
        while (acknowledged.Count < lines && await process.StandardOutput.ReadLineAsync() is { } line)
            acknowledged.Add(line);

        process.Kill();
        await process.WaitForExitAsync();
        return acknowledged;
    }

    public static async Task<int> RunAsync(string folder)
    {
        var options = new SqliteStoreOptions { RecentJobsMax = 20, LogPagesMax = 40 };
        using var store = SqliteStore.Open(folder, null, options);
        var sequence = (await store.ClaimQueueAsync()).LastSequence.Value;
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            await Task.Yield();
            while (true)
                await LifeAsync(store, caller, new JobSequence(Interlocked.Increment(ref sequence)), Tell);
        }));
        return 0;

        void Tell(JobId job, JobState state)
        {
            lock (gate)
                output.WriteLine($"{job} {(int)state}");
        }
    }

    static async Task LifeAsync(SqliteStore store, int caller, JobSequence sequence, Action<JobId, JobState> tell)
    {
        var steps = new StoreSteps(store);
        var user = $"user-{caller}";
        foreach (var left in await store.LaneAsync(StoreSteps.User(user)))
        {
            int? attempt = left.State == JobState.Processing ? left.Attempt : null;
            await steps.CommitAsync(
                new Change.End(left.Sequence, attempt, JobState.Failed, steps.Tick(), "Lost.", null, []));
            tell(left.Id, JobState.Failed);
        }

        var at = steps.Tick().AddSeconds(sequence.Value);
        var job = steps.NewJob(user) with { Sequence = sequence, Id = JobId.New(at) };
        await steps.CommitAsync(new Change.Accept(job, null, [StoreSteps.File(FileRole.Original, 3_000)]));
        tell(job.Id, JobState.Pending);
        await steps.CommitAsync(steps.Start(job));
        tell(job.Id, JobState.Processing);
        await steps.CommitAsync(steps.End(job));
        tell(job.Id, JobState.Completed);
    }
}
