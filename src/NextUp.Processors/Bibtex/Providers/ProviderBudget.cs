using System.Diagnostics;
using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// What the whole installation may ask of one service, dealt out in turn between the users who wait.
/// <para>
/// Two windows bound the rate: what the service announces, and the operator's own cap. A third number bounds how many
/// requests run at once, and a pause, asked for by the service, stops everything. The budget starts from safe numbers
/// and learns from every answer's headers. A start is counted when it is dealt, before the request is sent: if the
/// request never leaves, we asked less than we might have, never more.
/// </para>
/// </summary>
sealed class ProviderBudget : IDisposable
{
    /// <summary>How many requests may wait for their turn over all users.</summary>
    public const int WaitersMax = 20_000;

    /// <summary>The longest pause that is waited for; a longer one is an answer: not now.</summary>
    public static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(60);

    // One tick of the clock that timers run on: to be woken too early is to be woken twice.
    static readonly TimeSpan TimerStep = TimeSpan.FromMilliseconds(1);

    readonly Lock _lock = new();
    readonly string _provider;
    readonly TimeProvider _time;
    readonly long _origin;
    readonly UserTurns<TaskCompletionSource<ProviderTurn>> _waiting = new();
    readonly RequestWindow _announced;
    readonly RequestWindow? _cap;
    readonly ITimer _timer;
    int _concurrency;
    int _running;
    TimeSpan _pausedUntil;

    /// <param name="start">The safe numbers to start from; requests, interval and concurrency must be said.</param>
    public ProviderBudget(string provider, ProviderLimits start, double? requestsPerSecondMax, TimeProvider time)
    {
        _provider = provider;
        _time = time;
        _origin = time.GetTimestamp();
        _announced = new(start.Requests ?? 1, start.Interval ?? TimeSpan.FromSeconds(1));
        _concurrency = start.Concurrency ?? 1;
        _cap = requestsPerSecondMax is { } rate ? new(1, TimeSpan.FromSeconds(1 / rate)) : null;
        _timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What holds now.</summary>
    public ProviderCondition Condition
    {
        get
        {
            lock (_lock)
                return new(
                    _provider, _waiting.Count, _announced.Requests, _announced.Interval, _concurrency, PauseLeft());
        }
    }

    /// <summary>
    /// Waits until this user may send one request. The turn must be disposed of when the answer has been read.
    /// Fails with <see cref="WorkProviderUnavailableException"/> where the service asked for a long pause.
    /// </summary>
    public Task<ProviderTurn> WaitForTurnAsync(UserId user, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<ProviderTurn>(cancellationToken);

        var waiter = new TaskCompletionSource<ProviderTurn>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (PauseLeft() is { } left && left > PatienceMax)
                return Task.FromException<ProviderTurn>(AsksForPause(left));
            if (_waiting.Count >= WaitersMax)
                return Task.FromException<ProviderTurn>(
                    new WorkProviderUnavailableException(_provider, $"{WaitersMax} requests wait for it already"));

            var node = _waiting.Enqueue(user, waiter);
            Deal();
            if (!waiter.Task.IsCompleted && cancellationToken.CanBeCanceled)
                GiveUpWhenCancelled(user, node, cancellationToken);
        }

        return waiter.Task;
    }

    /// <summary>Takes over what the headers of an answer announce.</summary>
    public void Learn(ProviderLimits announced)
    {
        lock (_lock)
        {
            if (announced is { Requests: { } requests, Interval: { } interval })
                _announced.Set(requests, interval);
            if (announced.Concurrency is { } concurrency)
                _concurrency = concurrency;
            if (announced.Pause is { } pause)
                Pause(pause);
            Deal();
        }
    }

    /// <summary>Nothing starts for so long. A pause that is running already is never shortened.</summary>
    public void PauseFor(TimeSpan pause)
    {
        lock (_lock)
        {
            Pause(pause);
            Deal();
        }
    }

    public void Dispose() => _timer.Dispose();

    internal void Return()
    {
        lock (_lock)
        {
            _running--;
            Debug.Assert(_running >= 0, "A turn came back twice.");
            Deal();
        }
    }

    void GiveUpWhenCancelled(
        UserId user, LinkedListNode<TaskCompletionSource<ProviderTurn>> node, CancellationToken cancellationToken)
    {
        var waiter = node.Value;
        var registration = cancellationToken.UnsafeRegister(_ =>
        {
            lock (_lock)
            {
                if (!waiter.TrySetCanceled(cancellationToken))
                    return;
                if (node.List is not null)
                    _waiting.Remove(user, node);
            }
        }, null);
        waiter.Task.ContinueWith(
            _ => registration.Unregister(),
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    void Wake()
    {
        lock (_lock)
            Deal();
    }

    void Deal()
    {
        while (_waiting.Count > 0 && _running < _concurrency)
        {
            var now = Now();
            var free = Later(_pausedUntil, Later(_announced.FreeAt(now), _cap?.FreeAt(now) ?? now));
            if (free > now)
            {
                _timer.Change(free - now + TimerStep, Timeout.InfiniteTimeSpan);
                return;
            }

            if (!_waiting.TryDequeue(out var waiter) || !waiter.TrySetResult(new(this)))
                continue;

            _announced.Take(now);
            _cap?.Take(now);
            _running++;
        }
    }

    void Pause(TimeSpan pause)
    {
        _pausedUntil = Later(_pausedUntil, Now() + pause);
        if (PauseLeft() is not { } left || left <= PatienceMax)
            return;

        while (_waiting.TryDequeue(out var waiter))
            waiter.TrySetException(AsksForPause(left));
    }

    WorkProviderUnavailableException AsksForPause(TimeSpan left) =>
        new(_provider, $"asks not to be asked for another {Math.Ceiling(left.TotalSeconds)} seconds", left);

    TimeSpan? PauseLeft() => _pausedUntil - Now() is var left && left > TimeSpan.Zero ? left : null;

    TimeSpan Now() => _time.GetElapsedTime(_origin);

    static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}

/// <summary>Leave to send one request. It counts as running until it is disposed of.</summary>
sealed class ProviderTurn(ProviderBudget budget) : IDisposable
{
    int _returned;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0)
            budget.Return();
    }
}
