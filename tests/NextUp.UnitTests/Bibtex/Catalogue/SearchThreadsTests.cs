using NextUp.Processors.Bibtex.Catalogue;

namespace NextUp.UnitTests.Bibtex.Catalogue;

public sealed class SearchThreadsTests
{
    static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task No_more_searches_run_at_once_than_there_are_threads_and_all_are_answered()
    {
        using var threads = new SearchThreads(2);
        var (running, most) = (0, 0);
        using var both = new Barrier(2);
        var answers = Enumerable.Range(0, 20).Select(i => threads.RunAsync(
            () =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                both.SignalAndWait(Never); // Two have to be there at once for any of them to go on.
                Interlocked.Decrement(ref running);
                return i;
            },
            Never));

        Assert.Equal(Enumerable.Range(0, 20), await Task.WhenAll(answers));
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Searches_are_made_on_threads_of_their_own_that_give_way()
    {
        using var threads = new SearchThreads(1);

        var (isPooled, niceness) = await threads.RunAsync(
            () => (Thread.CurrentThread.IsThreadPoolThread, NicenessOfThisThread()), Never);

        Assert.False(isPooled);
        Assert.Equal(OperatingSystem.IsLinux() ? 10 : 0, niceness);
    }

    [Fact]
    public async Task A_search_that_fails_or_is_cancelled_leaves_the_thread_to_the_others()
    {
        using var threads = new SearchThreads(1);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => threads.RunAsync<int>(
            () => throw new InvalidOperationException(), Never));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => threads.RunAsync(() => 1, cancelled.Token));
        Assert.Equal(2, await threads.RunAsync(() => 2, Never));
    }

    [Fact]
    public void Closed_threads_search_no_more_and_there_is_at_least_one()
    {
        var threads = new SearchThreads(1);
        threads.Dispose();

        Assert.Throws<ObjectDisposedException>(() => { _ = threads.RunAsync(() => 1, Never); });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchThreads(0));
        Assert.True(SearchThreads.CountDefault >= 1);
    }

    /// <summary>The 19th field of the thread's own line in /proc, behind the name in parentheses.</summary>
    static int NicenessOfThisThread()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16]);
    }

    static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }
}
