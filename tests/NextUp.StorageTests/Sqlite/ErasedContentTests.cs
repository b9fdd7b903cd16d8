using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Storage.Sql.Side;
using NextUp.Storage.Sqlite;
using NextUp.Storage.Sqlite.Side;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Sqlite;

/// <summary>What was deleted is looked for in the bytes of all files of the folder.</summary>
public sealed class ErasedContentTests : IDisposable
{
    const string Mark = "TheWordsOfAda";
    const int Jobs = 600;
    const int Mine = 5;

    readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Nothing_of_deleted_jobs_can_be_read_in_any_file(int seed)
    {
        var options = new SqliteStoreOptions { EraseAfter = TimeSpan.Zero, LogPagesMax = 200 };
        using (var store = SqliteStore.Open(folder.Path, options: options))
        {
            var steps = new StoreSteps(store);
            var mine = await FillAsync(steps, new Random(seed));
            Assert.NotEqual(0, Found());

            foreach (var jobs in mine.Chunk(50))
                await steps.CommitAsync([.. jobs.Select(job => new Change.Delete(job.Sequence))]);

            // A write is answered when what came after the ones before it is done.
            await steps.CommitAsync();
            Assert.Equal(0, Found());
            await FillAsync(steps, new Random(seed + 100), mark: "the words of others");
            Assert.Equal(0, Found());
            Assert.Equal("ok", store.Connection.AskText("PRAGMA integrity_check"));
        }

        Assert.Equal(0, Found());
    }

    [Fact]
    public async Task The_files_of_a_job_that_were_dropped_can_be_read_in_no_file()
    {
        using var store = SqliteStore.Open(folder.Path, options: new() { EraseAfter = TimeSpan.Zero });
        var steps = new StoreSteps(store);
        var job = await FinishedAsync(steps, Mark, FileRole.Result, 20_000);

        await steps.CommitAsync(new Change.DropFiles(job.Sequence), new Change.Delete(job.Sequence));
        await steps.CommitAsync();

        Assert.Equal(0, Found());
    }

    [Fact]
    public async Task What_was_deleted_is_erased_soon_where_nothing_else_is_written()
    {
        var erased = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var store = SqliteStore.Open(folder.Path, options: new()
        {
            EraseAfter = TimeSpan.FromMilliseconds(10), Erased = () => erased.TrySetResult(),
        });
        var steps = new StoreSteps(store);
        var job = await FinishedAsync(steps, Mark, FileRole.Original, 20_000);

        await steps.CommitAsync(new Change.Delete(job.Sequence));
        await erased.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, Found());
        await steps.AcceptAsync("grace");
    }

    [Fact]
    public async Task What_a_process_that_died_had_still_to_erase_is_erased_after_the_next_start()
    {
        using var left = new TestFolder();
        using (var store = SqliteStore.Open(folder.Path, options: new() { EraseAfter = TimeSpan.FromHours(1) }))
        {
            var steps = new StoreSteps(store);
            var job = await FinishedAsync(steps, Mark, FileRole.Original, 20_000);
            await steps.CommitAsync(new Change.Delete(job.Sequence));
            Assert.NotEqual(0, Found());
            foreach (var name in (string[])["nextup.db", "nextup.db-wal"])
                File.Copy(Path.Combine(folder.Path, name), Path.Combine(left.Path, name));
        }

        var erased = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var next = SqliteStore.Open(left.Path, options: new()
        {
            EraseAfter = TimeSpan.FromMilliseconds(10), Erased = () => erased.TrySetResult(),
        });
        await erased.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, Found(left.Path));
    }

    [Fact]
    public async Task A_question_that_is_still_being_read_delays_the_erasing_and_no_write()
    {
        var erased = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var store = SqliteStore.Open(folder.Path, options: new()
        {
            EraseAfter = TimeSpan.FromMilliseconds(10), Erased = () => erased.TrySetResult(),
        });
        var steps = new StoreSteps(store);
        var job = await FinishedAsync(steps, Mark, FileRole.Original, 20_000);
        using (var reader = Connection.OpenFile(Path.Combine(folder.Path, "nextup.db"), readOnly: true))
        {
            reader.BeginRead();
            Assert.Equal(1, reader.Ask("SELECT count(*) FROM job"));
            await steps.CommitAsync(new Change.Delete(job.Sequence));
            for (var i = 0; i < 20; i++)
                await steps.AcceptAsync($"user-{i}");
            Assert.False(erased.Task.IsCompleted);
            Assert.Equal(1, reader.Ask("SELECT count(*) FROM job"));
            reader.EndRead();
        }

        await erased.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, Found());
    }

    [Fact]
    public async Task Jobs_that_come_and_end_never_cut_the_log_off()
    {
        var erasures = 0;
        using var store = SqliteStore.Open(folder.Path, options: new()
        {
            EraseAfter = TimeSpan.Zero, Erased = () => erasures++, LogPagesMax = 20,
        });
        var steps = new StoreSteps(store);

        await FillAsync(steps, new Random(1));

        Assert.Equal(0, erasures);
    }

    [Fact]
    public async Task Nothing_that_was_deleted_beside_the_queue_can_be_read_in_any_file()
    {
        var erased = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var file = SideFile.Open(folder.Path, new("side.db", [], 1_024, 1_024, 100)
        {
            EraseAfter = TimeSpan.FromMilliseconds(10), Erased = () => erased.TrySetResult(),
        });
        await file.WriteAsync(session => session.Of("CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT)").Run());
        await file.WriteAsync(session => Fill(session, new Random(1)));
        Assert.NotEqual(0, Found());

        await file.WriteAsync(session => session.Of("DELETE FROM word WHERE text GLOB ?").With(Mark + "*").Run());
        await erased.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, Found());
    }

    static int Fill(SqlSession session, Random random)
    {
        const int Rows = 20_000;
        for (var id = 0; id < Rows; id++)
        {
            var words = random.Next(10) == 0 ? Mark : "of somebody";
            session.Of("INSERT INTO word VALUES (?, ?)").With((long)id).With(words + new string('o', random.Next(200))).Run();
        }

        return Rows;
    }

    /// <returns>The jobs whose content has the mark; the others' has not.</returns>
    static async Task<List<JobRecord>> FillAsync(StoreSteps steps, Random random, string mark = Mark)
    {
        List<JobRecord> mine = [];
        for (var i = 0; i < Jobs; i++)
        {
            var isMine = random.Next(Mine) == 0;
            var role = random.Next(2) == 0 ? FileRole.Original : FileRole.Result;
            var bytes = random.Next(random.Next(5) == 0 ? 60_000 : 3_000);
            var job = await FinishedAsync(steps, isMine ? mark : "somebody's words", role, bytes, random);
            if (isMine)
                mine.Add(job);
        }

        return mine;
    }

    /// <summary>A job with the words in all that it has, whose row grows in several steps.</summary>
    static async Task<JobRecord> FinishedAsync(
        StoreSteps steps, string words, FileRole role, int bytes, Random? random = null)
    {
        var job = steps.NewJob("ada", place: null) with
        {
            FileName = words, Options = $"{{\"say\":\"{Repeated(words, random?.Next(200) ?? 40)}\"}}",
        };
        await steps.CommitAsync(new Change.Accept(job, $"{words}-{job.Id}", [Content(FileRole.Original, words, 300)]));
        await steps.CommitAsync(steps.Start(job));
        await steps.CommitAsync(
            new Change.Report(job.Sequence, 1, steps.Tick(), new(1, 2, 0, 50, words), [.. Enumerable.Repeat(words, 3)]),
            new Change.Checkpoint(job.Sequence, 1, words, Encoding.UTF8.GetBytes(Repeated(words, bytes / 3))));
        await steps.CommitAsync(new Change.End(
            job.Sequence, 1, JobState.Completed, steps.Tick(), null, Repeated(words, random?.Next(400) ?? 100),
            role == FileRole.Result ? [Content(role, words, bytes)] : []));
        return await steps.FindAsync(job);
    }

    static StagedFile Content(FileRole role, string words, int bytes)
    {
        var content = Encoding.UTF8.GetBytes(Repeated(words, bytes));
        return new(role, words, "text/plain", content.Length, new string('a', 64), content, null);
    }

    static string Repeated(string words, int length) =>
        string.Concat(Enumerable.Repeat(words, (length / words.Length) + 1));

    int Found(string? where = null)
    {
        var mark = Encoding.UTF8.GetBytes(Mark);
        var count = 0;
        foreach (var path in Directory.GetFiles(where ?? folder.Path, "*.db*"))
        {
            // It holds the numbers of pages only, and locks of this process, which end where it closes the file.
            if (path.EndsWith("-shm", StringComparison.Ordinal))
                continue;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            for (var at = 0; bytes.AsSpan(at).IndexOf(mark) is >= 0 and var next; at += next + mark.Length)
                count++;
        }

        return count;
    }
}
