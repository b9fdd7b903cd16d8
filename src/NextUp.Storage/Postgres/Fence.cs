using NextUp.Actors.Store;

namespace NextUp.Storage.Postgres;

/// <summary>
/// Stands at the beginning of each transaction that writes: where another server owns the store by now, nothing of it is
/// stored, however long this one was paused. It also holds the owner's row until the commit, so that whoever takes over, or
/// comes back after a commit of which it does not know, waits for what is still on its way.
/// </summary>
sealed class Fence(long epoch)
{
    readonly string text =
        $"UPDATE store_owner SET seen_at = clock_timestamp() WHERE epoch = {epoch} AND is_released = 0";

    /// <summary>Raised once, from any thread, when the store is found to be another's.</summary>
    public event Action? Closed;

    int isClosed;

    public long Epoch => epoch;

    public string Text => text;

    public void AddTo(WritePlan plan) => plan.AddFence(text);

    /// <summary>Another server owns the store.</summary>
    public StoreFailedException Lost()
    {
        if (Interlocked.Exchange(ref isClosed, 1) == 0)
            Closed?.Invoke();
        return new StoreFailedException(
            "Another server has taken the store over, so nothing was stored here; send it there.", isUncertain: false);
    }
}
