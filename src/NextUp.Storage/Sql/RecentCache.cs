namespace NextUp.Storage.Sql;

/// <summary>
/// Keeps what was used lately, bounded without bookkeeping per entry: when the young half is full it becomes the old
/// half, and the former old half, of which nothing was touched for that long, is dropped.
/// </summary>
/// <param name="halfMax">Entries in one half.</param>
sealed class RecentCache<TKey, TValue>(int halfMax)
    where TKey : notnull
    where TValue : class
{
    Dictionary<TKey, TValue> young = [];
    Dictionary<TKey, TValue> old = [];

    public int Count => young.Count + old.Count;

    public TValue? Find(TKey key)
    {
        if (young.TryGetValue(key, out var value))
            return value;
        if (!old.Remove(key, out value))
            return null;

        Keep(key, value);
        return value;
    }

    public void Keep(TKey key, TValue value)
    {
        if (young.Count >= halfMax)
        {
            (young, old) = (old, young);
            young.Clear();
        }

        young[key] = value;
    }

    public void Forget(TKey key)
    {
        young.Remove(key);
        old.Remove(key);
    }

    public void Clear()
    {
        young.Clear();
        old.Clear();
    }
}
