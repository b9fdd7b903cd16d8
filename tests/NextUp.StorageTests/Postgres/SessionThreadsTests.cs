using NextUp.Actors.Store;
using NextUp.Storage.Postgres;

namespace NextUp.StorageTests.Postgres;

/// <summary>What gathers while a database hangs has a bound.</summary>
public sealed class SessionThreadsTests
{
    [Fact]
    public async Task As_many_as_may_wait_are_answered_when_the_database_is_back_and_one_more_fails_at_once()
    {
        const int waitingMax = 3;
        using var hangs = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var threads = new SessionThreads<MemoryStream>(static () => new(), threadsMax: 1, waitingMax, "test");
        var first = threads.RunAsync(_ =>
        {
            begun.SetResult();
            hangs.Wait();
            return 0;
        });
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);

        var waiting = Enumerable.Range(1, waitingMax).Select(number => threads.RunAsync(_ => number)).ToList();
        var refusal = await Assert.ThrowsAsync<StoreFailedException>(() => threads.RunAsync(_ => -1));
        hangs.Set();

        Assert.Contains("WaitingQuestionsMax", refusal.Message, StringComparison.Ordinal);
        Assert.False(refusal.IsUncertain);
        Assert.Equal<int[]>([0, 1, 2, 3], await Task.WhenAll(waiting.Prepend(first)));
    }
}
