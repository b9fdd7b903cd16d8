using NextUp.Actors.Store;

namespace NextUp.Server.Users;

/// <summary>
/// Everything open that must end with what opened it. The end of a token or a sign-in is known when it begins. An API key may
/// be revoked: here, which <see cref="Revoked"/> is told of, or by another server on the same store, which is noticed by
/// asking the store after the keys that something hangs on, and only while something does.
/// </summary>
sealed class Tenures(IAccountStore store, TimeProvider clock) : IDisposable
{
    /// <summary>A key that another server revoked ends here after so long at the latest, and the time of a query.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>Keys asked after at once; a reader of the store is not kept from others for longer.</summary>
    public const int KeysAtOnceMax = 500;

    readonly Lock _gate = new();
    readonly Dictionary<string, HashSet<Tenure>> _byKey = [];
    ITimer? _looking;
    bool _isClosed;

    /// <summary>API keys that something hangs on now.</summary>
    public int Keys
    {
        get
        {
            lock (_gate)
                return _byKey.Count;
        }
    }

    /// <summary>For what is open from now on; it may be over already. With an API key it costs a look into the store.</summary>
    /// <exception cref="StoreFailedException">Nobody can say whether the key is good.</exception>
    public async ValueTask<Tenure> BeginAsync(Caller caller)
    {
        var tenure = new Tenure(caller, clock, Leave);
        if (tenure.Key is not { } key)
            return tenure;

        Hold(key, tenure);
        try
        {
            // It may have been revoked since it was read. From here on whoever revokes it finds us.
            if ((await store.StandingKeysAsync([key])).Count == 0)
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
    public void Revoked(string key)
    {
        lock (_gate)
        {
            if (!_byKey.TryGetValue(key, out var all))
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

    void Hold(string key, Tenure tenure)
    {
        lock (_gate)
        {
            if (!_byKey.TryGetValue(key, out var all))
                _byKey.Add(key, all = []);
            all.Add(tenure);
            if (_looking is null && !_isClosed)
                _looking = clock.CreateTimer(_ => _ = LookAsync(), null, LookInterval, Timeout.InfiniteTimeSpan);
        }
    }

    void Leave(Tenure tenure)
    {
        if (tenure.Key is not { } key)
            return;
        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out var all) && all.Remove(tenure) && all.Count == 0)
                _byKey.Remove(key);
        }
    }

    async Task LookAsync()
    {
        try
        {
            foreach (var keys in Held().Chunk(KeysAtOnceMax))
            {
                foreach (var ended in keys.Except(await store.StandingKeysAsync(keys)))
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

    string[] Held()
    {
        lock (_gate)
            return [.. _byKey.Keys];
    }

    void LookAgain()
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            if (_byKey.Count > 0)
            {
                _looking!.Change(LookInterval, Timeout.InfiniteTimeSpan);
                return;
            }

            _looking!.Dispose();
            _looking = null;
        }
    }
}
