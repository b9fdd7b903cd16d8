using NextUp.Actors.Store;

namespace NextUp.Server.Documents;

/// <summary>Erases what is no longer visible, in small pieces, one after the other.</summary>
sealed class Erasure(IDocumentStore documents, Func<Action<string, Exception>?> tellFailed) : IAsyncDisposable
{
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
