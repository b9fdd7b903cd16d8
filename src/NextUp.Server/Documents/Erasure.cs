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
    readonly SemaphoreSlim _turn = new(1, 1);
    readonly Lock _gate = new();
    Task _running = Task.CompletedTask;
    bool _isAskedAgain;

    /// <summary>Something became invisible. Returns at once.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isAskedAgain = true;
            if (_running.IsCompleted && !_stopping.IsCancellationRequested)
                _running = Task.Run(RunAsync);
        }
    }

    /// <summary>Answers when everything that is invisible now is erased.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (!cancellationToken.IsCancellationRequested && await documents.EraseAsync())
            {
                // The next piece.
            }

            await DropFilesAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
        _turn.Dispose();
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
        while (TakeAsked())
        {
            try
            {
                await FinishAsync(_stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (StoreFailedException error)
            {
                // Nobody sees it; the next change, or the next start, goes on.
                tellFailed()?.Invoke("the erasing of what was deleted", error);
                return;
            }
        }
    }

    bool TakeAsked()
    {
        lock (_gate)
        {
            var asked = _isAskedAgain;
            _isAskedAgain = false;
            return asked && !_stopping.IsCancellationRequested;
        }
    }
}
