namespace NextUp.HostTests.Policies.Load;

/// <summary>Lets users in one action at a time, and can be closed for a moment in which nobody is inside.</summary>
sealed class Turnstile
{
    readonly Lock _gate = new();
    TaskCompletionSource? _opened;
    TaskCompletionSource? _empty;
    int _inside;

    public async Task EnterAsync()
    {
        while (TryEnter() is { } opened)
            await opened;
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_inside == 0)
                _empty?.TrySetResult();
        }
    }

    public Task CloseAsync()
    {
        lock (_gate)
        {
            _opened = New();
            _empty = New();
            if (_inside == 0)
                _empty.SetResult();
            return _empty.Task;
        }
    }

    public void Open()
    {
        lock (_gate)
        {
            _opened?.SetResult();
            _opened = null;
        }
    }

    Task? TryEnter()
    {
        lock (_gate)
        {
            if (_opened is { } opened)
                return opened.Task;
            _inside++;
            return null;
        }
    }

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
