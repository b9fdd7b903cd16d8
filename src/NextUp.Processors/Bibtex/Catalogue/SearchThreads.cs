using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>
/// The threads on which the catalogue is searched. A search by title is work for the processor, milliseconds of it, and
/// jobs have thousands; on the threads that everybody uses they would take every core and keep whoever submits or looks
/// at a page waiting. Here they are few, and give way to everything else.
/// </summary>
sealed partial class SearchThreads : IDisposable
{
    /// <summary>
    /// Searches at once where nothing else is said: every core but one, so that what is urgent always finds a core.
    /// </summary>
    public static readonly int CountDefault = Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>
    /// How far the threads step back on Linux, 0 to 19. At 10 a search gets a tenth of what another thread gets, where
    /// both want the same core, and all of an idle one.
    /// </summary>
    const int Niceness = 10;

    const int PriorityOfThread = 0; // PRIO_PROCESS, which on Linux means the one thread with this id.

    readonly BlockingCollection<Action> waiting = [];
    readonly List<Thread> threads = [];
    readonly Lock starting = new();
    readonly int count;
    bool isClosed;

    /// <param name="count">How many there are at most. They start with the first search.</param>
    public SearchThreads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        this.count = count;
    }

    /// <summary>Runs when a thread is free, in the order of the calls. A search that is cancelled before is not made.</summary>
    public Task<T> RunAsync<T>(Func<T> search, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Start();
        waiting.Add(
            () =>
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    answer.TrySetCanceled(cancellationToken);
                    return;
                }

                try
                {
                    answer.TrySetResult(search());
                }
                catch (Exception error)
                {
                    answer.TrySetException(error);
                }
            },
            CancellationToken.None);
        return answer.Task;
    }

    /// <summary>What waits is still answered.</summary>
    public void Dispose()
    {
        lock (starting)
        {
            if (isClosed) return;
            isClosed = true;
            waiting.CompleteAdding();
        }

        foreach (var thread in threads) thread.Join();
        waiting.Dispose();
    }

    void Start()
    {
        lock (starting)
        {
            ObjectDisposedException.ThrowIf(isClosed, this);
            if (threads.Count == count) return;
            var thread = new Thread(Work) { IsBackground = true, Name = "catalogue search", Priority = ThreadPriority.BelowNormal };
            threads.Add(thread);
            thread.Start();
        }
    }

    void Work()
    {
        // The runtime sets no priorities on Linux. Where the system refuses, a search is as urgent as the rest.
        if (OperatingSystem.IsLinux()) _ = SetPriority(PriorityOfThread, 0, Niceness);
        foreach (var search in waiting.GetConsumingEnumerable()) search();
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int priority);
}
