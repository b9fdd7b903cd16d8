using System.Diagnostics;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Storage.Sqlite;

namespace NextUp.Bench.Store;

/// <summary>
/// A visitor with many finished jobs signs in: how long their move takes, and how long somebody else's submission waits at
/// most meanwhile.
/// </summary>
static class SignIn
{
    const int JobsPerWrite = 500;

    static readonly UserId s_visitor = UserId.Visitor("v");
    static readonly UserId s_account = UserId.Account("ann");

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var jobs = Arguments.Int(arguments, "jobs", 10_000);
        using var folder = new BenchFolder();
        using var store = SqliteStore.Open(folder.Path);
        var sequence = 0L;
        for (var made = 0; made < jobs; made += JobsPerWrite)
        {
            var batch = Enumerable.Range(0, Math.Min(JobsPerWrite, jobs - made)).SelectMany(_ => Life(++sequence)).ToList();
            await store.CommitAsync(new(batch));
        }

        var before = await LongestAsync(store, Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System), sequence);
        var begun = Stopwatch.GetTimestamp();
        var moving = MoveAsync(store);
        var others = await LongestAsync(store, moving, before.Sequence);
        var moved = Stopwatch.GetElapsedTime(begun);
        var isWhole = (await store.MovingAsync(1)).Count == 0 && (await store.LastEventNumberAsync(s_account)) == 4L * jobs;
        await output.WriteLineAsync(
            $"sign-in with {jobs:N0} finished jobs: {moved.TotalMilliseconds:N0} ms; the longest wait of another's submission "
            + $"{others.Longest.TotalMilliseconds:N0} ms, without it {before.Longest.TotalMilliseconds:N1} ms"
            + (isWhole ? "" : ", AND IT FAILED"));
    }

    static async Task MoveAsync(SqliteStore store)
    {
        do
        {
            Change.Adopt next = new(s_visitor, s_account, Now, []) { FinishedMax = Adoption.FinishedMax };
            await store.CommitAsync(new([next]));
        }
        while ((await store.MovingAsync(1)).Count > 0);
    }

    static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    static IEnumerable<Change> Life(long number)
    {
        var job = NewJob(number, s_visitor);
        yield return new Change.Accept(job, null, []);
        yield return new Change.Start(job.Sequence, job.AcceptedAt, job.AcceptedAt.AddMinutes(1));
        yield return new Change.End(job.Sequence, 1, JobState.Completed, job.AcceptedAt, null, "{}", []);
    }

    static JobRecord NewJob(long number, UserId user)
    {
        var at = Now;
        var sequence = new JobSequence(number);
        return new()
        {
            Sequence = sequence, Id = JobId.New(at), User = user, Kind = new("bibtex"), State = JobState.Pending, AcceptedAt = at,
            LineKey = LineKey.Of(at, TimeSpan.Zero, sequence), FileName = "a.bib", FileSize = 2_000,
        };
    }

    /// <summary>Submits one job after the other until the task is over.</summary>
    static async Task<(TimeSpan Longest, long Sequence)> LongestAsync(SqliteStore store, Task until, long sequence)
    {
        var longest = TimeSpan.Zero;
        do
        {
            var begun = Stopwatch.GetTimestamp();
            await store.CommitAsync(new([new Change.Accept(NewJob(++sequence, UserId.Account("bob")), null, [])]));
            var took = Stopwatch.GetElapsedTime(begun);
            longest = took > longest ? took : longest;
        }
        while (!until.IsCompleted);
        await until;
        return (longest, sequence);
    }
}
