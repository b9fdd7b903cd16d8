using System.Collections.Concurrent;
using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Server.Jobs;
using NextUp.Server.Queue;

namespace NextUp.Server.Live;

/// <summary>
/// Carries what happens to those who watch. Each user's connections get that user's events and nothing of anyone
/// else's.
///
/// The store tells of every commit on its writer's thread, so <see cref="OnHappened"/> only hands on and marks. The
/// rest, positions above all, is done by one loop: at most four times a second, and only if the line moved, it asks the
/// queue for all watched positions at once. While nobody watches, nothing is subscribed to and nothing is computed.
/// </summary>
sealed class LiveFeed(IJobStore store, LinePlaces places, JobViews views, QueueViews queue, TimeProvider clock)
    : IAsyncDisposable
{
    /// <summary>Connections that one user may have open.</summary>
    public const int ConnectionsPerUserMax = 20;

    /// <summary>Connections in all.</summary>
    public const int ConnectionsMax = 10_000;

    public static readonly TimeSpan PositionsInterval = TimeSpan.FromMilliseconds(250);

    public static readonly TimeSpan QueueInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The queue is told this often even if nothing changed: it is the sign that the connection lives.
    /// </summary>
    public static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(15);

    readonly ConcurrentDictionary<UserId, UserFeed> _users = new();
    readonly CancellationTokenSource _stopping = new();
    readonly Lock _gate = new();
    Task _loop = Task.CompletedTask;
    int _connections;
    long _eventsTold;
    volatile bool _lineMoved;
    volatile bool _countsMoved;
    long _queueToldAt;
    QueueView? _queueTold;

    /// <summary>Open now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Events that somebody watched, since the start of the server.</summary>
    public long EventsTold => Volatile.Read(ref _eventsTold);

    public void Start() => _loop = RunAsync();

    /// <summary>Null where the user, or the server, has as many connections as it may.</summary>
    public LiveSubscription? Subscribe(UserId user)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested || _connections == ConnectionsMax)
                return null;

            var feed = _users.GetOrAdd(user, _ => new UserFeed());
            if (feed.Subscriptions.Length == ConnectionsPerUserMax)
                return null;

            if (_connections++ == 0)
                store.Happened += OnHappened;
            var subscription = new LiveSubscription(user);
            feed.Add(subscription);
            feed.LaneChanged();
            _lineMoved = true;
            return subscription;
        }
    }

    public void Unsubscribe(LiveSubscription subscription)
    {
        lock (_gate)
        {
            var feed = _users[subscription.User];
            feed.Remove(subscription);
            if (feed.Subscriptions.Length == 0)
                _users.TryRemove(subscription.User, out _);
            if (--_connections == 0)
                store.Happened -= OnHappened;
        }
    }

    /// <summary>Ends a visitor's connections after a sign-in; who watched comes back as the account.</summary>
    public void End(UserId user)
    {
        lock (_gate)
        {
            if (!_users.TryGetValue(user, out var feed))
                return;
            foreach (var subscription in feed.Subscriptions)
                subscription.End();
        }
    }

    /// <summary>An operator changed what may start: those who wait are told at the next round, without an event of theirs.</summary>
    public void Steered() => _lineMoved = _countsMoved = true;

    /// <summary>Ends every connection: events may have been missed, and whoever comes back gets them from the store.</summary>
    public void Restart()
    {
        lock (_gate)
            EndAll();
    }

    /// <summary>Ends every connection, so that the server can stop; clients come back to its successor.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopping.Cancel();
            EndAll();
        }
    }

    void EndAll()
    {
        foreach (var feed in _users.Values)
        {
            foreach (var subscription in feed.Subscriptions)
                subscription.End();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _loop;
        _stopping.Dispose();
    }

    void OnHappened(IReadOnlyList<JobEvent> events)
    {
        foreach (var happened in events)
        {
            var isProgress = happened.Type == JobEventType.Progressed;
            if (!isProgress)
                _lineMoved = _countsMoved = true;
            if (!_users.TryGetValue(happened.User, out var feed))
                continue;
            if (!isProgress)
                feed.LaneChanged();

            Interlocked.Increment(ref _eventsTold);
            FeedItem item = isProgress ? new FeedItem.Progressed(happened.Job) : new FeedItem.Happened(happened);
            foreach (var subscription in feed.Subscriptions)
                subscription.Offer(item);
        }
    }

    async Task RunAsync()
    {
        using var timer = new PeriodicTimer(PositionsInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await TellPositionsAsync();
                    await TellQueueAsync();
                }
                catch (Exception error) when (error is StoreFailedException or ActorForgottenException)
                {
                    _lineMoved = true; // The store is away; what is due is told when it is back.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    async ValueTask TellPositionsAsync()
    {
        if (!_lineMoved || _users.IsEmpty)
            return;

        _lineMoved = false;
        var watched = new List<JobRecord>();
        var feeds = new List<(UserFeed Feed, int First, int Count)>();
        foreach (var (user, feed) in _users)
        {
            if (feed.TakeLaneChanged())
                await ReadLaneAsync(user, feed);
            if (feed.Waiting.Count == 0)
                continue;

            feeds.Add((feed, watched.Count, feed.Waiting.Count));
            watched.AddRange(feed.Waiting);
        }

        var found = await places.OfAsync(watched);
        foreach (var (feed, first, count) in feeds)
        {
            var news = feed.News(Enumerable.Range(first, count)
                .Where(i => found[i] is not null) // One that has just left the line is told of by its event.
                .Select(i => (watched[i], views.Position(watched[i], found[i]))));
            if (news.Count > 0)
            {
                Tell(feed, EventFrame.Bytes(
                    LiveEventNames.Position, new PositionsEvent(news), WireJson.Wire.PositionsEvent));
            }
        }
    }

    async ValueTask ReadLaneAsync(UserId user, UserFeed feed)
    {
        try
        {
            feed.LaneRead(await store.LaneAsync(user));
        }
        catch
        {
            feed.LaneChanged();
            throw;
        }
    }

    async ValueTask TellQueueAsync()
    {
        if (_users.IsEmpty)
            return;

        var since = _queueToldAt == 0 ? KeepAliveInterval : clock.GetElapsedTime(_queueToldAt);
        var isDue = since >= KeepAliveInterval;
        if (!isDue && !(_countsMoved && since >= QueueInterval))
            return;

        _countsMoved = false;
        _lineMoved |= isDue; // A window closes without an event.
        var view = await queue.ReadAsync();
        if (!isDue && _queueTold is { } told && told with { Machine = view.Machine } == view)
            return;

        _queueTold = view;
        _queueToldAt = clock.GetTimestamp();
        var frame = EventFrame.Bytes(LiveEventNames.Queue, view, WireJson.Wire.QueueView);
        foreach (var feed in _users.Values)
            Tell(feed, frame);
    }

    static void Tell(UserFeed feed, ReadOnlyMemory<byte> frame)
    {
        var item = new FeedItem.Frame(frame);
        foreach (var subscription in feed.Subscriptions)
            subscription.Offer(item);
    }
}
