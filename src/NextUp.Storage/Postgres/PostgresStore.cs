using Npgsql;
using NextUp.Actors.Store;
using NextUp.Storage.Files;
using NextUp.Storage.Sql;

namespace NextUp.Storage.Postgres;

/// <summary>The store on PostgreSQL: one server owns it and writes, others stand by.</summary>
/// <remarks>
/// One thread writes, as on SQLite, and while it commits one group the next gathers. A group is one transaction of two
/// round trips (see <see cref="WritePlan"/>) with <c>synchronous_commit</c> on. Questions are answered beside it on
/// connections of their own, on threads of their own, so that a database that hangs stops nothing else. A connection that
/// broke is made anew by whoever needs it next.
/// </remarks>
public sealed class PostgresStore : SqlStore
{
    readonly SqlDatabase database;
    readonly ReaderThreads readers;
    readonly CommitQueue queue;
    readonly OwnerLock owner;

    PostgresStore(SqlDatabase database, ReaderThreads readers, CommitQueue queue, OwnerLock owner)
        : base(database, readers)
    {
        this.database = database;
        this.readers = readers;
        this.queue = queue;
        this.owner = owner;
        owner.Fence.Closed += () => Lost?.Invoke();
    }

    /// <summary>
    /// Raised once, from any thread, when another server has taken the store over: nothing is stored here any more.
    /// </summary>
    public event Action? Lost;

    /// <summary>Goes up with each server that takes the store.</summary>
    public long Epoch => owner.Fence.Epoch;

    /// <summary>Whether the database could not be reached when this server last said that it is there.</summary>
    public bool IsAway => owner.IsAway;

    /// <summary>Opens the store, whose owner must be gone.</summary>
    /// <exception cref="StoreFailedException">
    /// The database cannot be reached, is newer, or another server owns the store.
    /// </exception>
    public static PostgresStore Open(PostgresStoreOptions options, IStoredFiles? files = null) =>
        new PostgresStandby(options).TryTakeOver(files) ?? throw new StoreFailedException(
            "Another server owns the store. Stop that one, or start this one as a standby.", isUncertain: false);

    internal static PostgresStore Open(PostgresLink link, OwnerLock owner, PostgresStoreOptions options, IStoredFiles? files)
    {
        try
        {
            var recent = new NoRecentJobs();
            var database = new SqlDatabase(
                new Connection(link, owner.Fence, options.Announces ? EventListener.Channel(link) : null), recent, options);
            if (files is not null)
                database.FilesReleased = files.Remove;
            var readers = new ReaderThreads(() => new JobReader(new Connection(link, null), recent), options);
            return new PostgresStore(database, readers, new CommitQueue(database, options, static () => null), owner);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    public override Task<CommitAnswer> CommitAsync(StoreWrite write)
    {
        WriteLimits.Check(write);
        return queue.CommitAsync(write);
    }

    public override Task<QueueClaim> ClaimQueueAsync() => queue.ClaimAsync();

    public override StoreLoad Load() => queue.Load();

    public override void Dispose()
    {
        queue.Dispose();
        readers.Dispose();
        database.Dispose();
        owner.Dispose();
    }
}

/// <summary>A server that has no store yet, and looks whether it may have it.</summary>
public sealed class PostgresStandby(PostgresStoreOptions options)
{
    readonly PostgresLink link = new(options);
    long? goneEpoch;

    /// <summary>What the owner is to others: its name among the database's sessions, for messages.</summary>
    public string OwnerName => Owner.Name;

    /// <summary>The owner as it was last seen.</summary>
    public StoreOwner Owner { get; private set; } = new(0, "", "");

    /// <summary>
    /// The layout that the store had when it was last asked for, where it is older than this program's; null where it is not.
    /// It stays so until this server takes the store over.
    /// </summary>
    public int? OlderLayout { get; private set; }

    /// <summary>Takes the store where its owner is gone or silent; else null, to be asked again a second later.</summary>
    /// <param name="files">The store of large files, told of those that deletions leave behind.</param>
    /// <exception cref="StoreFailedException">
    /// The database cannot be reached (then <see cref="IsAway"/>), refuses, or is newer.
    /// </exception>
    public PostgresStore? TryTakeOver(IStoredFiles? files = null) => Asked(() =>
    {
        var session = link.Open();
        try
        {
            if (TryTake(session) is { } owner)
                return PostgresStore.Open(link, owner, options, files);
            session.Dispose();
            return null;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    });

    /// <summary>Makes the tables, or brings them to what this program knows, where nobody works on them.</summary>
    /// <exception cref="StoreFailedException">As of <see cref="TryTakeOver"/>, or <see cref="IsLayoutInUse"/>.</exception>
    internal static void BringLayout(PostgresStoreOptions options)
    {
        var standby = new PostgresStandby(options);
        var brought = standby.Asked(() =>
        {
            using var session = standby.link.Open();
            if (standby.LookAtLayout(session) is null)
                return standby;
            using var owner = standby.TryTake(session);
            return owner is null ? null : standby;
        });
        if (brought is null)
            throw LayoutFault.InUse(standby.link.Name, standby.OlderLayout ?? 0, Schema.Version);
    }

    /// <summary>The failure passes when the database is back.</summary>
    public static bool IsAway(StoreFailedException failure) => failure.InnerException is PostgresFailure { IsAway: true };

    /// <summary>The store is older than this program, and other servers work on it; it passes when they have stopped.</summary>
    public static bool IsLayoutInUse(StoreFailedException failure) => failure.InnerException is LayoutFault { MayPass: true };

    /// <summary>The store is of a newer program, which never passes.</summary>
    public static bool IsLayoutNewer(StoreFailedException failure) => failure.InnerException is LayoutFault { MayPass: false };

    /// <summary>Makes the tables where there are none.</summary>
    /// <returns>See <see cref="OlderLayout"/>.</returns>
    int? LookAtLayout(NpgsqlConnection session)
    {
        var version = Schema.Look(session, link);
        if (version == 0)
            Schema.Bring(session, link);
        return OlderLayout = version == 0 || version == Schema.Version ? null : version;
    }

    /// <summary>The store as it is first seen may be older: it is brought once it is ours, so that nobody else works on it.</summary>
    /// <param name="session">Becomes the owner's.</param>
    OwnerLock? TryTake(NpgsqlConnection session)
    {
        LookAtLayout(session);
        if (!MayTake(OwnerLock.Look(session), out var seen) || OwnerLock.Take(link, session, seen, options) is not { } owner)
            return null;
        try
        {
            using var bringing = link.Open();
            Schema.Bring(bringing, link);
            OlderLayout = null;
            return owner;
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    T? Asked<T>(Func<T?> ask)
        where T : class
    {
        try
        {
            return ask();
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return null;
        }
        catch (PostgresException failure)
        {
            throw new PostgresFailure(failure).AsFailure(link.Name, whileCommitting: false);
        }
        catch (NpgsqlException failure)
        {
            throw PostgresFailure.Gone(failure).AsFailure(link.Name, whileCommitting: false);
        }
        catch (PostgresFailure failure)
        {
            throw failure.AsFailure(link.Name, whileCommitting: false);
        }
    }

    bool MayTake(OwnerLock.Seen owner, out OwnerLock.Seen seen)
    {
        seen = owner;
        Owner = new(owner.Epoch, owner.Name, owner.IsReleased ? "" : owner.Address);
        // An owner whose sessions were all cut comes back with its next word.
        var isGone = owner.Sessions == 0 && owner.Silent > 2 * options.SeenEvery && owner.Up > options.TakeoverAfter;
        var wasGone = goneEpoch == owner.Epoch;
        goneEpoch = isGone ? owner.Epoch : null;
        return owner.IsReleased || (isGone && wasGone) || owner.Silent > options.TakeoverAfter;
    }
}

/// <summary>Which server writes.</summary>
/// <param name="Epoch">0 where none ever did.</param>
/// <param name="Name">What it is called among the database's sessions.</param>
/// <param name="Address">See <see cref="PostgresStoreOptions.Address"/>; empty where it has none, or has given the store back.</param>
public sealed record StoreOwner(long Epoch, string Name, string Address);
