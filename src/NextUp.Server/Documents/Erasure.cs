using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Server.Documents;

/// <summary>
/// Erases what is no longer visible, in small pieces, one after the other, and then the files of the jobs that deleted
/// documents leave behind: the uploads, and the results, which have their text.
/// </summary>
/// <remarks>
/// The jobs' files are in another store, so they go in two steps. If we die before the first, or between the two, the job is
/// still an orphan, and the next start drops its files, once more where they are gone. A job that has not ended keeps its
/// files: its work may read them. Its end is settled, which wakes this.
/// </remarks>
sealed class Erasure(
    IDocumentStore documents, IJobStore jobs, TimeProvider clock, Func<Action<string, Exception>?> tellFailed) : IAsyncDisposable
{
    /// <summary>Orphans looked at together.</summary>
    const int OrphansPage = 100;

    readonly CancellationTokenSource _stopping = new();
    readonly Lock _gate = new();
    Task _running = Task.CompletedTask;
    bool _isRunning;

    // What the pass that is still to begin will answer, to all who asked for it.
    TaskCompletionSource? _asked;

    /// <summary>Something became invisible. Returns at once.</summary>
    public void Wake() => _ = EraseAsync();

    /// <summary>
    /// Answers when everything that is invisible now is erased: by one pass for all who ask until it begins. It is made whether
    /// anybody waits or not.
    /// </summary>
    /// <exception cref="StoreFailedException">The rest is left to the next pass.</exception>
    public Task EraseAsync()
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
                return Task.FromCanceled(new(canceled: true));
            _asked ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_isRunning)
                (_isRunning, _running) = (true, Task.Run(RunAsync));
            return _asked.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_gate)
        {
            _stopping.Cancel();
            running = _running;
        }

        await running;
        _stopping.Dispose();
    }

    async Task PassAsync()
    {
        while (!_stopping.IsCancellationRequested && await documents.EraseAsync())
        {
            // The next piece.
        }

        await DropFilesAsync(_stopping.Token);
    }

    async Task DropFilesAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<JobId> page = [];
        do
        {
            page = await documents.OrphansAsync(page.Count > 0 ? page[^1] : null, OrphansPage);
            foreach (var orphan in page)
            {
                if (cancellationToken.IsCancellationRequested)
                    return;
                if (await IsWithoutFilesAsync(orphan))
                    await documents.ForgetAsync(orphan);
            }
        }
        while (page.Count == OrphansPage);
    }

    async ValueTask<bool> IsWithoutFilesAsync(JobId orphan)
    {
        // Whoever deletes at once may be faster than the acceptance of what they sent.
        if (await jobs.FindAsync(orphan) is not { } job)
            return !Settling.MayComeYet(orphan, clock.GetUtcNow());
        // A conflict: it was requeued meanwhile, and its next end comes here.
        return job.State.IsFinished()
            && await jobs.CommitAsync(new([new Change.DropFiles(job.Sequence)])) is CommitAnswer.Committed;
    }

    async Task RunAsync()
    {
        while (TakeAsked() is { } asked)
        {
            try
            {
                await PassAsync();
                if (_stopping.IsCancellationRequested)
                    asked.SetCanceled();
                else
                    asked.SetResult();
            }
            catch (StoreFailedException error)
            {
                // Who waits is told, and perhaps nobody does; the next change, or the next start, goes on.
                asked.SetException(error);
                _ = asked.Task.Exception;
                tellFailed()?.Invoke("the erasing of what was deleted", error);
            }
            catch (Exception error)
            {
                asked.SetException(error);
                lock (_gate)
                    _isRunning = false;
                throw;
            }
        }
    }

    /// <returns>Null ends the run: whoever asks from now on begins another.</returns>
    TaskCompletionSource? TakeAsked()
    {
        lock (_gate)
        {
            var asked = _asked;
            _asked = null;
            if (asked is null)
                _isRunning = false;
            return asked;
        }
    }
}
