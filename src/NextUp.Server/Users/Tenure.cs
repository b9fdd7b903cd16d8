namespace NextUp.Server.Users;

/// <summary>What may be ended at any moment, and ends all that hangs on it: an API key, or a sign-in on the page.</summary>
readonly record struct TenureRoot(string Id, bool IsSignIn)
{
    public static TenureRoot? Of(Caller caller) =>
        caller.Key is { } key ? new(key, false) : caller.SignIn is { } signIn ? new(signIn, true) : null;
}

/// <summary>
/// How long one who was let in may go on: a request is over in a moment, a stream must end with the token, the sign-in or the
/// API key that opened it.
/// </summary>
sealed class Tenure : IDisposable
{
    /// <summary>
    /// The clock is looked at again this often, so that one that was set meanwhile, or an end further away than any timer
    /// reaches, is met all the same.
    /// </summary>
    public static readonly TimeSpan StepMax = TimeSpan.FromHours(1);

    // It has neither a timer nor a handle, and may be ended while it is left; so there is nothing to dispose of.
    readonly CancellationTokenSource _over = new();
    readonly TimeProvider _clock;
    readonly DateTimeOffset? _until;
    readonly Action<Tenure> _left;
    readonly ITimer? _timer;

    /// <param name="left">Told when nobody needs it any more.</param>
    public Tenure(Caller caller, TimeProvider clock, Action<Tenure> left)
    {
        (Root, _until, _clock, _left) = (TenureRoot.Of(caller), caller.Until, clock, left);
        if (_until is null)
            return;
        _timer = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Look();
    }

    /// <summary>The API key or the sign-in that it hangs on; null where it is neither.</summary>
    public TenureRoot? Root { get; }

    /// <summary>From then on nothing more is told.</summary>
    public CancellationToken Over => _over.Token;

    public bool IsOver => _over.IsCancellationRequested;

    /// <summary>Ends it. Whoever waits for that goes on elsewhere, not in this call.</summary>
    public void End() => _ = _over.CancelAsync();

    public void Dispose()
    {
        _timer?.Dispose();
        _left(this);
    }

    void Look()
    {
        var left = _until - _clock.GetUtcNow();
        if (left <= TimeSpan.Zero)
            End();
        else
            _timer?.Change(left < StepMax ? left.Value : StepMax, Timeout.InfiniteTimeSpan);
    }
}
