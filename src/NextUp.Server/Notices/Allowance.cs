namespace NextUp.Server.Notices;

/// <summary>
/// How often something may be asked for within a window of time. Kept in memory; a restart begins anew, and so does the
/// next window.
/// </summary>
sealed class Allowance(TimeProvider clock, TimeSpan window)
{
    /// <summary>Askers that are remembered within a window; past it nobody gets more.</summary>
    const int RememberedMax = 100_000;

    readonly Lock _gate = new();
    readonly Dictionary<string, int> _spent = [];
    DateTimeOffset _began;

    /// <summary>Takes one of each; false, and takes nothing, where one of them has none left.</summary>
    public bool TryTake(params ReadOnlySpan<(string Asker, int Max)> shares)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (now - _began >= window)
            {
                _spent.Clear();
                _began = now;
            }

            foreach (var (asker, max) in shares)
            {
                if (_spent.GetValueOrDefault(asker) >= max || _spent.Count + shares.Length > RememberedMax)
                    return false;
            }

            foreach (var (asker, _) in shares)
                _spent[asker] = _spent.GetValueOrDefault(asker) + 1;
            return true;
        }
    }
}
