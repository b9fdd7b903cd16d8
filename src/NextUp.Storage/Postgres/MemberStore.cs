using NextUp.Actors.Notices;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;
using NextUp.Storage.Files;
using NextUp.Storage.Sql;
using NextUp.Storage.Sql.Statistics;

namespace NextUp.Storage.Postgres;

/// <summary>
/// The store as one of several servers has it that all serve. There is still one that writes: whoever owns the store (see
/// <see cref="OwnerLock"/>). Every server reads the database by itself and hears of every commit, its own included, from the
/// database (<see cref="EventListener"/>), so that all of them see the same order; what one of them writes is taken to the
/// owner, where the writes of all share commits.
/// </summary>
/// <remarks>
/// One writer is what the unfinished jobs' ledger, the figures' journal and the queue's stamps rely on, and it is what makes a
/// commit cheap. When the owner dies any other takes its place as a standby does; until then writes wait for
/// <see cref="OwnerWaitMax"/> and then fail as those do whose database is away. A write whose owner died under it may be stored
/// or not, which is the case that every caller knows from a commit whose answer was lost.
/// </remarks>
public sealed class MemberStore : SqlStore
{
    static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan OwnerLookEvery = TimeSpan.FromMilliseconds(50);

    readonly PostgresStoreOptions options;
    readonly IStoredFiles? files;
    readonly JobReaders readers;
    readonly EventListener listener;
    readonly CancellationTokenSource closing = new();
    string address = "";
    PostgresStandby? standby;
    Task asking = Task.CompletedTask;
    volatile PostgresStore? own;
    volatile bool isAway;
    Action<IReadOnlyList<JobTransition>>? changed;
    Action<IReadOnlyList<SubscriptionId>>? noticed;

    MemberStore(PostgresStoreOptions options, IStoredFiles? files, JobReaders readers)
        : base(null, readers)
    {
        (this.options, this.files, this.readers) = (options with { Announces = true }, files, readers);
        listener = new EventListener(options);
        listener.Outdated += () => Lost?.Invoke();
    }

    /// <summary>How long a write waits for the store to have an owner. Longer than a takeover takes.</summary>
    public static TimeSpan OwnerWaitMax { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Takes a write to the owner, another server.</summary>
    /// <remarks>
    /// Throws <see cref="StoreFailedException"/>: with <see cref="StoreFailedException.IsUncertain"/> where it may be stored.
    /// </remarks>
    public Func<StoreOwner, StoreWrite, Task<CommitAnswer>>? Forward { get; set; }

    /// <summary>Raised once, from any thread, when this server has become the owner.</summary>
    public event Action? Owned;

    /// <summary>
    /// Raised from any thread when another has taken the store from this one, or a newer program has: it can do nothing any more.
    /// </summary>
    public event Action? Lost;

    /// <summary>
    /// Raised from any thread each time that this server has looked whether it may have the store, twice a second while another has
    /// it.
    /// </summary>
    public event Action? Looked;

    /// <summary>Raised where events may have been missed; the stored ones are in the store.</summary>
    public event Action? Missed
    {
        add => listener.Missed += value;
        remove => listener.Missed -= value;
    }

    /// <summary>Raised for every server's commits, in their order.</summary>
    public override event Action<IReadOnlyList<JobEvent>>? Happened
    {
        add => listener.Happened += value;
        remove => listener.Happened -= value;
    }

    /// <summary>Raised on the owner only, so that each figure counts once in the whole cluster.</summary>
    public override event Action<IReadOnlyList<JobTransition>>? Changed
    {
        add => changed += value;
        remove => changed -= value;
    }

    internal override event Action<IReadOnlyList<SubscriptionId>>? Noticed
    {
        add => noticed += value;
        remove => noticed -= value;
    }

    /// <summary>Who writes, as far as this server knows: at most half a second old where it is another.</summary>
    public StoreOwner Owner => own is { } store ? new(store.Epoch, "", address) : standby?.Owner ?? new(0, "", "");

    public bool IsOwner => own is not null;

    /// <summary>Whether the database could not be reached from here when that was last tried, at most some seconds ago.</summary>
    public bool IsAway => own?.IsAway ?? isAway;

    /// <summary>Whom this server took the store from, where that one had not given it back; null otherwise.</summary>
    public StoreOwner? Replaced { get; private set; }

    /// <summary>
    /// Opens the store for reading, and hears of its events; who writes is not asked yet. An older store is brought to this
    /// program's layout where no server works on it.
    /// </summary>
    /// <exception cref="StoreFailedException">
    /// The database cannot be reached, refuses, is newer, or is older while others work on it
    /// (<see cref="PostgresStandby.IsLayoutInUse"/>).
    /// </exception>
    public static MemberStore Open(PostgresStoreOptions options, IStoredFiles? files = null)
    {
        PostgresStandby.BringLayout(options);
        var link = new PostgresLink(options);
        var recent = new NoRecentJobs();
        return new MemberStore(
            options, files, new ReaderThreads(() => new JobReader(new Connection(link, null), recent), options));
    }

    /// <summary>From here on this server becomes the owner where there is none, and knows who is.</summary>
    /// <param name="reachedAt">See <see cref="PostgresStoreOptions.Address"/>.</param>
    public void Join(string reachedAt)
    {
        address = reachedAt;
        standby = new PostgresStandby(options with { Address = address });
        asking = Task.Run(AskAsync);
    }

    public override Task<CommitAnswer> CommitAsync(StoreWrite write)
    {
        WriteLimits.Check(write);
        return own is { } store ? store.CommitAsync(write) : ForwardAsync(write);
    }

    /// <summary>For a write that another server has brought here.</summary>
    /// <exception cref="StoreFailedException">This is not the owner of that epoch, or what the commit says.</exception>
    public Task<CommitAnswer> CommitHereAsync(long epoch, StoreWrite write) => own is { } store && store.Epoch == epoch
        ? store.CommitAsync(write)
        : Task.FromException<CommitAnswer>(NotHere());

    public override Task<QueueClaim> ClaimQueueAsync() =>
        own is { } store ? store.ClaimQueueAsync() : Task.FromException<QueueClaim>(NotHere());

    /// <summary>How commits fare, on the owner; elsewhere there are none.</summary>
    public override StoreLoad Load() => own?.Load() ?? new CommitMeter().Read(waiting: 0);

    public override void Dispose()
    {
        closing.Cancel();
        asking.Wait();
        listener.DisposeAsync().AsTask().Wait();
        own?.Dispose();
        readers.Dispose();
        closing.Dispose();
    }

    static StoreFailedException NotHere() => new("Another server owns the store; send it there.", isUncertain: false);

    async Task<CommitAnswer> ForwardAsync(StoreWrite write)
    {
        for (var begun = options.Time.GetTimestamp(); ;)
        {
            if (own is { } store)
                return await store.CommitAsync(write).ConfigureAwait(false);
            if (Owner is { Address.Length: > 0 } owner && Forward is { } forward)
            {
                try
                {
                    return await forward(owner, write).ConfigureAwait(false);
                }
                catch (StoreFailedException failure) when (!failure.IsUncertain && IsYoung(begun))
                {
                    // It is not the owner any more, or cannot be reached, and has nothing of it: who is, shows itself soon.
                }
            }
            else if (!IsYoung(begun))
            {
                throw new StoreFailedException("No server owns the store at the moment; try again in a second.", isUncertain: false);
            }

            await Task.Delay(OwnerLookEvery, options.Time).ConfigureAwait(false);
        }
    }

    bool IsYoung(long begun) => options.Time.GetElapsedTime(begun) < OwnerWaitMax;

    async Task AskAsync()
    {
        using var timer = new PeriodicTimer(AskEvery, options.Time);
        try
        {
            do
            {
                if (TryTake())
                    return;
                Looked?.Invoke();
            }
            while (await timer.WaitForNextTickAsync(closing.Token));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    bool TryTake()
    {
        PostgresStore? taken;
        try
        {
            taken = standby!.TryTakeOver(files);
            isAway = false;
        }
        catch (StoreFailedException failure)
        {
            // The database is away, or turns us away; whoever reads or writes is told so.
            isAway = PostgresStandby.IsAway(failure);
            return false;
        }

        if (taken is null)
            return false;
        taken.Lost += () => Lost?.Invoke();
        taken.Changed += transitions => changed?.Invoke(transitions);
        taken.Notices.Noticed += subscriptions => noticed?.Invoke(subscriptions);
        Replaced = standby.Owner is { Address.Length: > 0 } replaced ? replaced : null;
        own = taken;
        Owned?.Invoke();
        return true;
    }
}
