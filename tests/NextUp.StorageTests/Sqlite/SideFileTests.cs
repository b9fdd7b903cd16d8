using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Storage.Sqlite.Side;

namespace NextUp.StorageTests.Sqlite;

/// <summary>The file beside the queue's, as it closes.</summary>
public sealed class SideFileTests : IDisposable
{
    readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_file_that_closes_ends_the_write_that_runs_and_tells_those_who_wait()
    {
        using var isWriting = new ManualResetEventSlim();
        using var mayCommit = new ManualResetEventSlim();
        var stop = TestContext.Current.CancellationToken;
        var file = SideFile.Open(folder.Path, new("side.db", [], 1_024, 1_024, 100));
        file.AtCommit = () =>
        {
            isWriting.Set();
            mayCommit.Wait(stop);
        };
        var running = file.WriteAsync(_ => 1);
        isWriting.Wait(stop);
        var waiting = file.WriteAsync(_ => 2);
        var reading = file.ReadWrittenAsync(_ => 3);

        var closing = Task.Run(file.Dispose, stop);
        await AssertClosedAsync(waiting);
        await AssertClosedAsync(reading);
        mayCommit.Set();
        await closing.WaitAsync(stop);

        Assert.Equal(1, await running.WaitAsync(stop));
        await AssertClosedAsync(file.WriteAsync(_ => 4));
        await AssertClosedAsync(file.ReadAsync(_ => 5));
        file.Dispose();
    }

    [Fact]
    public async Task Documents_that_were_there_before_their_jobs_were_kept_leave_all_jobs_that_are_known_of_them()
    {
        var (first, second, newest, other) = (NewJob(), NewJob(), NewJob(), NewJob());
        using (var file = SideFile.Open(
            folder.Path, new("documents.db", ["documents-001.sql", "documents-002.sql"], 1_024, 1_024, 100)))
        {
            await file.WriteAsync(session =>
            {
                foreach (var (id, job, before) in new[] { (first, newest, (JobId?)second), (other, other, null) })
                {
                    session.Of(
                        "INSERT INTO document (id, owner, name, size, sha256, content_type, job, before, state, version, created_at) "
                        + "VALUES (?, 'account:ann', 'a', 1, ?, 'text/plain', ?, ?, 0, 0, 0)")
                        .With(id.Value).With(id.ToString()).With(job.Value).With(before?.Value).Later();
                }

                return 0;
            });
        }

        using var stores = SqliteSideStores.Open(folder.Path);
        var document = (await stores.Documents.FindByJobAsync(newest))!;
        Assert.True(await stores.Documents.DeleteAsync(document.User, document.Id));

        Assert.Equal(
            [.. new[] { first, second, newest }.Select(job => job.Value).Order()],
            (await stores.Documents.OrphansAsync(null, 10)).Select(job => job.Value).Order());
    }

    static JobId NewJob() => JobId.New(DateTimeOffset.UnixEpoch);

    static async Task AssertClosedAsync(Task<int> asked)
    {
        var closed = await Assert.ThrowsAsync<StoreFailedException>(
            () => asked.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.False(closed.IsUncertain);
    }
}
