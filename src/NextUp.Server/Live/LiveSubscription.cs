using System.Threading.Channels;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Server.Live;

/// <summary>Something for one connection to send.</summary>
abstract record FeedItem
{
    FeedItem() { }

    /// <summary>A numbered event.</summary>
    public sealed record Happened(JobEvent Event) : FeedItem;

    /// <summary>A job reported progress or log lines.</summary>
    public sealed record Progressed(JobId Job) : FeedItem;

    /// <summary>Bytes that are the same for every connection they go to.</summary>
    public sealed record Frame(ReadOnlyMemory<byte> Bytes) : FeedItem;
}

/// <summary>
/// What waits for one connection. It is bounded: a reader that falls further behind is cut off, comes back, and is told
/// what it missed from the store, which costs the others nothing.
/// </summary>
sealed class LiveSubscription(UserId user)
{
    /// <summary>Items that may wait for a slow reader.</summary>
    public const int ItemsMax = 512;

    readonly Channel<FeedItem> _items = Channel.CreateBounded<FeedItem>(
        new BoundedChannelOptions(ItemsMax) { SingleReader = true, AllowSynchronousContinuations = false });

    volatile bool _hasEnded;

    public UserId User => user;

    /// <summary>Ends when the reader was too slow, or the server stops.</summary>
    public ChannelReader<FeedItem> Items => _items.Reader;

    /// <summary>It ended because more waited than may.</summary>
    public bool IsTooSlow { get; private set; }

    public void Offer(FeedItem item)
    {
        if (_items.Writer.TryWrite(item))
            return;
        IsTooSlow |= !_hasEnded;
        End();
    }

    public void End()
    {
        _hasEnded = true;
        _items.Writer.TryComplete();
    }
}
