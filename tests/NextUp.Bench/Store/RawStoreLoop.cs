using System.Diagnostics;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Bench.Queue;
using NextUp.Storage.Sql;

namespace NextUp.Bench.Store;

/// <summary>
/// The store by itself: whole job lives (accepted, started, ended: three durable writes, each with its event) by a
/// number of callers who each wait for the answer before they go on. It is the limit that everything above the store
/// stays under.
/// </summary>
public static class RawStoreLoop
{
    const int IdleWrites = 500;
    const int FileBytes = 2_000;

    /// <summary>
    /// Runs each shape for so many seconds on a store in a temporary folder, and prints a line for each.
    /// </summary>
    public static async Task RunAsync(TextWriter output, int seconds)
    {
        await RunAsync(output, seconds, callers: 200, users: 500, fileBytes: 0);
        await RunAsync(output, seconds, callers: 200, users: 500, fileBytes: FileBytes);
        await RunAsync(output, seconds, callers: 200, users: 100_000, fileBytes: 0);
        await RunAsync(output, seconds, callers: 20, users: 500, fileBytes: 0);
        await IdleAsync(output);
    }

    static async Task RunAsync(TextWriter output, int seconds, int callers, int users, int fileBytes)
    {
        using var folder = new BenchFolder();
        using var store = BenchStore.Open(folder.Path, null);
        var loop = new Loop(store, users, callers, fileBytes);
        var watch = Stopwatch.StartNew();
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => loop.RunAsync(caller, seconds)));
        var elapsed = watch.Elapsed;
        var processor = Process.GetCurrentProcess().TotalProcessorTime - before;

        var counts = await store.CountsAsync(DateTimeOffset.UnixEpoch);
        var whole = counts.Completed == loop.Lives && counts.Pending + counts.Processing == 0;
        output.WriteLine(
            $"store loop, {callers} callers, {users:N0} users, files of {fileBytes:N0} B: "
            + $"{loop.Lives / elapsed.TotalSeconds:N0} lives/s, write p50 {loop.Percentile(0.50):N2} ms, "
            + $"p99 {loop.Percentile(0.99):N2} ms, max {loop.Percentile(1):N1} ms, "
            + $"{processor.TotalMicroseconds / loop.Lives:N1} us of processor a life, "
            + $"{folder.Bytes / 1_000_000.0 / seconds:N0} MB/s on disk, "
            + $"books {(whole ? "balance" : "DO NOT BALANCE")}");
    }

    static async Task IdleAsync(TextWriter output)
    {
        using var folder = new BenchFolder();
        using var store = BenchStore.Open(folder.Path, null);
        var loop = new Loop(store, users: 1, callers: 1, fileBytes: 0);
        await loop.LivesAsync(0, IdleWrites / 3);
        loop.ForgetTimes();
        await loop.LivesAsync(0, IdleWrites);
        output.WriteLine(
            $"store idle, one caller: write p50 {loop.Percentile(0.50):N3} ms, p99 {loop.Percentile(0.99):N3} ms");
    }

    sealed class Loop(SqlStore store, int users, int callers, int fileBytes)
    {
        const long Begin = 1_750_000_000;
        static readonly JobKind Kind = new("bench");

        readonly long started = Stopwatch.GetTimestamp();
        readonly List<long>[] times = [.. Enumerable.Range(0, callers).Select(_ => new List<long>(65_536))];
        readonly byte[] content = new byte[fileBytes];
        long lives;
        long sequence;

        public long Lives => Interlocked.Read(ref lives);

        public async Task RunAsync(int caller, int seconds)
        {
            await Task.Yield();
            var end = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
            for (var user = caller; Stopwatch.GetTimestamp() < end;)
            {
                await LifeAsync(caller, user);
                user = user + callers < users ? user + callers : caller;
            }
        }

        public async Task LivesAsync(int user, int count)
        {
            for (var life = 0; life < count; life++)
                await LifeAsync(0, user);
        }

        public void ForgetTimes() => Array.ForEach(times, list => list.Clear());

        public double Percentile(double part)
        {
            var all = times.SelectMany(list => list).Order().ToList();
            var ticks = all[Math.Min(all.Count - 1, (int)(all.Count * part))];
            return Stopwatch.GetElapsedTime(0, ticks).TotalMilliseconds;
        }

        DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(Begin) + Stopwatch.GetElapsedTime(started);

        async Task LifeAsync(int caller, int user)
        {
            var number = new JobSequence(Interlocked.Increment(ref sequence));
            var now = Now();
            var job = new JobRecord
            {
                Sequence = number,
                Id = JobId.New(now),
                User = UserId.Account($"user-{user}"),
                Kind = Kind,
                State = JobState.Pending,
                Place = 0,
                AcceptedAt = now,
                LineKey = LineKey.Of(now, TimeSpan.Zero, number),
                FileName = "references.bib",
                FileSize = fileBytes,
            };
            await WriteAsync(caller, new Change.Accept(job, null, Files(FileRole.Original)));
            now = Now();
            await WriteAsync(caller, new Change.Start(number, now, now.AddMinutes(10)));
            await WriteAsync(
                caller,
                new Change.End(number, 1, JobState.Completed, Now(), null, "{\"entries\":20}", Files(FileRole.Result)));
            Interlocked.Increment(ref lives);
        }

        IReadOnlyList<StagedFile> Files(FileRole role) => fileBytes == 0 ? [] :
        [
            new StagedFile(
                role, "references.bib", "application/x-bibtex", fileBytes, new string('0', 64), content, null),
        ];

        async Task WriteAsync(int caller, Change change)
        {
            var start = Stopwatch.GetTimestamp();
            if (await store.CommitAsync(new StoreWrite([change])) is CommitAnswer.Conflict conflict)
                throw new InvalidOperationException(conflict.Reason);
            times[caller].Add(Stopwatch.GetTimestamp() - start);
        }
    }
}
