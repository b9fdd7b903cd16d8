using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql;

/// <summary>One connection with its prepared statements, as the store's shared half uses it: by one thread at a time.</summary>
abstract class SqlConnection : IDisposable
{
    /// <summary>What the database is called in messages.</summary>
    public abstract string Path { get; }

    public abstract bool IsInTransaction { get; }

    /// <summary>
    /// True where the running transaction failed as a whole with the last statement, so that it can only be rolled back.
    /// </summary>
    public virtual bool IsSpoilt => false;

    /// <summary>A statement that is compiled at its first use and kept until the connection closes.</summary>
    public abstract SqlStatement Prepare(string sql);

    /// <summary>A statement that its user disposes of.</summary>
    public abstract SqlStatement Once(string sql);

    /// <summary>Begins a transaction that writes.</summary>
    public abstract void BeginWrite();

    public abstract void Commit();

    public abstract void Rollback();

    public abstract void Savepoint();

    public abstract void ReturnToSavepoint();

    public abstract void ReleaseSavepoint();

    /// <summary>All that is read from here to <see cref="EndRead"/> is of one state of the store.</summary>
    public abstract void BeginRead();

    public abstract void EndRead();

    /// <summary>
    /// Where several servers write at once: from here to the end of the transaction these turns, by name, are this one's
    /// alone. Nothing where one transaction writes at a time.
    /// </summary>
    public virtual void EnterTurns(IReadOnlyList<string> names)
    {
    }

    /// <summary>
    /// What the running transaction deletes is somebody's content, which must not stay readable in the files. Nothing where the
    /// database sees to that in its own time.
    /// </summary>
    public virtual void Erases()
    {
    }

    /// <summary>Runs what statements have left for later.</summary>
    public virtual void Flush()
    {
    }

    /// <summary>Where each question is a way to another machine: new users are added together by <see cref="AddUsers"/>.</summary>
    public virtual bool IsFar => false;

    /// <summary>Adds those that are not there, and answers their keys; the others are left out.</summary>
    public virtual IReadOnlyList<(UserId User, long Key)> AddUsers(IReadOnlyCollection<UserId> users) => [];

    /// <summary>Whether <see cref="Announce"/> wants the events of each commit.</summary>
    public virtual bool Announces => false;

    /// <summary>The transaction's events, to be told to other servers with its commit.</summary>
    public virtual void Announce(IReadOnlyList<JobEvent> events)
    {
    }

    /// <summary>
    /// Ends whatever statement an exception broke off: one left open would keep its snapshot of the database.
    /// </summary>
    public abstract void BreakOff();

    public abstract void Dispose();
}

/// <summary>What of the store is read until its end is of one state.</summary>
readonly struct Snapshot : IDisposable
{
    readonly SqlConnection connection;

    public Snapshot(SqlConnection connection)
    {
        this.connection = connection;
        connection.BeginRead();
    }

    public void Dispose() => connection.EndRead();
}
