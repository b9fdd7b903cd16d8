using System.Collections.Concurrent;
using NextUp.Actors.Store;

namespace NextUp.Server.Users;

/// <summary>
/// Sign-ins that were ended before they ran out. A sign-in is a signed cookie, of which nothing is stored; that it is over is,
/// from the sign-out until it would have run out, so that no copy of the cookie is good for anything. Each server has them in
/// memory and reads what others added, at most every <see cref="LookInterval"/>, before it lets a sign-in in.
/// </summary>
sealed class SignOuts(IAccountStore accounts, IJobStore store, TimeProvider clock) : IDisposable
{
    /// <summary>What another server ended is known here after so long at the latest, and the time of a query.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>Read at once, so that a reader of the store is not kept from others for longer.</summary>
    const int AtOnceMax = 500;

    readonly ConcurrentDictionary<string, DateTimeOffset> _ended = new(StringComparer.Ordinal);
    readonly SemaphoreSlim _looking = new(1, 1);
    long _seen;
    long _lookedAt;

    /// <summary>Told of a sign-in that has ended, here or elsewhere, as soon as it is known.</summary>
    public event Action<string>? Ended;

    /// <summary>True where <see cref="HasEnded"/> knows all that others have stored until lately.</summary>
    public bool IsCurrent
    {
        get
        {
            var since = clock.GetUtcNow().Ticks - Interlocked.Read(ref _lookedAt);
            return since >= 0 && since < LookInterval.Ticks;
        }
    }

    public bool HasEnded(string signIn) => _ended.ContainsKey(signIn);

    /// <summary>The sign-in is over everywhere; durable when it answers.</summary>
    public async Task EndAsync(string signIn, DateTimeOffset until)
    {
        await store.CommitAsync(new([new Change.SignOut(signIn, until, clock.GetUtcNow())]));
        Know(signIn, until);
    }

    /// <summary>Makes sure of <see cref="IsCurrent"/>; who comes while another looks is served by that look.</summary>
    /// <exception cref="StoreFailedException">Nobody can say which sign-ins are over.</exception>
    public async Task BeCurrentAsync()
    {
        await _looking.WaitAsync();
        try
        {
            if (!IsCurrent)
                await ReadAsync();
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <summary>Reads what was ended on other servers.</summary>
    /// <exception cref="StoreFailedException">Nobody can say which sign-ins are over.</exception>
    public async Task LookAsync()
    {
        await _looking.WaitAsync();
        try
        {
            await ReadAsync();
        }
        finally
        {
            _looking.Release();
        }
    }

    public void Dispose() => _looking.Dispose();

    async Task ReadAsync()
    {
        var begun = clock.GetUtcNow();
        IReadOnlyList<EndedSignIn> more;
        do
        {
            more = await accounts.SignedOutAsync(_seen, AtOnceMax);
            foreach (var ended in more)
            {
                Know(ended.SignIn, ended.Until);
                _seen = ended.Number;
            }
        }
        while (more.Count == AtOnceMax);
        Interlocked.Exchange(ref _lookedAt, begun.Ticks);
        Forget(begun);
    }

    void Know(string signIn, DateTimeOffset until)
    {
        if (until > clock.GetUtcNow() && _ended.TryAdd(signIn, until))
            Ended?.Invoke(signIn);
    }

    void Forget(DateTimeOffset now)
    {
        foreach (var (signIn, until) in _ended)
        {
            if (until <= now)
                _ended.TryRemove(signIn, out _);
        }
    }
}
