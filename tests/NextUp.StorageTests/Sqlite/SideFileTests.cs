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

    static async Task AssertClosedAsync(Task<int> asked)
    {
        var closed = await Assert.ThrowsAsync<StoreFailedException>(
            () => asked.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.False(closed.IsUncertain);
    }
}
