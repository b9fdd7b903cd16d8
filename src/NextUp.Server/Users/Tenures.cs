using NextUp.Actors.Store;

namespace NextUp.Server.Users;

/// <summary>
/// Everything open that must end with what opened it. When a token or a sign-in runs out is known when it begins. An API key may
/// be revoked, and a browser may sign out: here, which <see cref="Revoked"/> and <see cref="SignOuts.Ended"/> tell, or on another
/// server on the same store, which is noticed by asking the store after what something hangs on, and only while something does.
/// </summary>
sealed class Tenures : IDisposable
{
    /// <summary>
    /// A key that another server revoked, or a sign-in that it ended, ends here after so long at the latest, and the time of a query.
    /// </summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>Keys asked after at once; a reader of the store is not kept from others for longer.</summary>
    public const int KeysAtOnceMax = 500;

    readonly IAccountStore _store;
    readonly SignOuts _signOuts;
    readonly TimeProvider _clock;
    readonly Lock _gate = new();
    readonly Dictionary<TenureRoot, HashSet<Tenure>> _byRoot = [];
    ITimer? _looking;
    bool _isClosed;

    public Tenures(IAccountStore store, SignOuts signOuts, TimeProvider clock)
    {
        (_store, _signOuts, _clock) = (store, signOuts, clock);
        signOuts.Ended += signIn => End(new(signIn, IsSignIn: true));
    }

    /// <summary>API keys and sign-ins that something hangs on now.</summary>
    public int Roots
    {
        get
        {
            lock (_gate)
                return _byRoot.Count;
        }
    }

    /// <summary>For what is open from now on; it may be over already. With an API key it costs a look into the store.</summary>
    /// <exception cref="StoreFailedException">Nobody can say whether the key is good.</exception>
    public async ValueTask<Tenure> BeginAsync(Caller caller)
    {
        var tenure = new Tenure(caller, _clock, Leave);
        if (tenure.Root is not { } root)
            return tenure;

        Hold(root, tenure);
        try
        {
            // It may have been ended since it was read. From here on whoever ends it finds us.
            if (root.IsSignIn ? _signOuts.HasEnded(root.Id) : (await _store.StandingKeysAsync([root.Id])).Count == 0)
                tenure.End();
        }
        catch
        {
            tenure.Dispose();
            throw;
        }

        return tenure;
    }

    /// <summary>What hangs on the key ends.</summary>
    public void Revoked(string key) => End(new(key, IsSignIn: false));

    void End(TenureRoot root)
    {
        lock (_gate)
        {
            if (!_byRoot.TryGetValue(root, out var all))
                return;
            foreach (var tenure in all)
                tenure.End();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _looking?.Dispose();
        }
    }

    void Hold(TenureRoot root, Tenure tenure)
    {
        lock (_gate)
        {
            if (!_byRoot.TryGetValue(root, out var all))
                _byRoot.Add(root, all = []);
            all.Add(tenure);
            if (_looking is null && !_isClosed)
                _looking = _clock.CreateTimer(_ => _ = LookAsync(), null, LookInterval, Timeout.InfiniteTimeSpan);
        }
    }

    void Leave(Tenure tenure)
    {
        if (tenure.Root is not { } root)
            return;
        lock (_gate)
        {
            if (_byRoot.TryGetValue(root, out var all) && all.Remove(tenure) && all.Count == 0)
                _byRoot.Remove(root);
        }
    }

    async Task LookAsync()
    {
        try
        {
            var held = Held();
            if (held.Any(root => root.IsSignIn))
                await _signOuts.LookAsync();
            foreach (var keys in held.Where(root => !root.IsSignIn).Select(root => root.Id).Chunk(KeysAtOnceMax))
            {
                foreach (var ended in keys.Except(await _store.StandingKeysAsync(keys)))
                    Revoked(ended);
            }
        }
        catch (StoreFailedException)
        {
            // The store is away, and with it whatever there would be to tell; the next look asks again.
        }
        finally
        {
            LookAgain();
        }
    }

    TenureRoot[] Held()
    {
        lock (_gate)
            return [.. _byRoot.Keys];
    }

    void LookAgain()
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            if (_byRoot.Count > 0)
            {
                _looking!.Change(LookInterval, Timeout.InfiniteTimeSpan);
                return;
            }

            _looking!.Dispose();
            _looking = null;
        }
    }
}
