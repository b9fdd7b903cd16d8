using NextUp.Actors.Notices;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;
using NextUp.Storage.Sql.Statistics;

namespace NextUp.Storage.Sql;

/// <summary>Where a commit is; see <see cref="SqlDatabase.AtCommit"/>.</summary>
public enum CommitMoment
{
    /// <summary>All is applied, nothing is durable: what fails here is certainly not stored.</summary>
    Before = 0,

    /// <summary>All is durable, nobody knows: what fails here is stored but must be reported as uncertain.</summary>
    After = 1,
}

/// <summary>
/// The writing half of the store, without a thread, a clock or dice: groups of writes in, answers out. Used by one
/// thread at a time.
/// </summary>
/// <remarks>
/// <para>A group is one transaction. In the usual case every write fits and one commit serves them all. Where a write
/// conflicts before it has changed anything it is refused on the spot; where it conflicts later, the whole group is
/// rolled back and applied again with a savepoint around each write, so that only those that do not fit are
/// refused.</para>
/// <para>What is known in memory (rows, users, counts, the fence) may run ahead of the database only inside a
/// transaction. Every path that leaves a transaction without a known commit forgets all of it.</para>
/// </remarks>
public sealed class SqlDatabase : IDisposable
{
    readonly SqlConnection connection;
    readonly Tally tally;
    readonly StatisticsJournal statistics;
    readonly ChangeWriter changes;

    internal SqlDatabase(SqlConnection connection, IRecentJobs recentJobs, StoreOptions options)
    {
        this.connection = connection;
        RecentJobs = recentJobs;
        tally = new Tally(connection);
        statistics = new StatisticsJournal(connection, options.StatisticsGatheredMax);
        changes = new ChangeWriter(connection, new UserLedger(connection, recentJobs), recentJobs, tally, statistics);

        // Questions may come before the first write.
        RecentJobs.Begin();
    }

    /// <summary>Raised after each commit with the group's events, in order, before the answers are given.</summary>
    public event Action<IReadOnlyList<JobEvent>>? Happened;

    /// <summary>See <see cref="INoticeStore.Noticed"/>.</summary>
    internal event Action<IReadOnlyList<SubscriptionId>>? Noticed;

    /// <summary>See <see cref="IStatisticsStore.Changed"/>.</summary>
    public event Action<IReadOnlyList<JobTransition>>? Changed;

    /// <summary>
    /// Called at both moments of each commit. What it throws fails the group as a broken disk would: give it a
    /// <see cref="StoreFailedException"/>, certain before the commit and uncertain after it.
    /// </summary>
    public Action<CommitMoment>? AtCommit { get; set; }

    /// <summary>Large files whose rows were deleted; called after the commit with names in the files folder.</summary>
    internal Action<IReadOnlyList<string>>? FilesReleased { get; set; }

    internal SqlConnection Connection => connection;

    internal IRecentJobs RecentJobs { get; }

    /// <summary>Commits the writes that fit and refuses the others, each by itself.</summary>
    /// <returns>The answers, in the order of the writes.</returns>
    /// <exception cref="StoreFailedException">None of the writes is acknowledged.</exception>
    public IReadOnlyList<CommitAnswer> ApplyGroup(IReadOnlyList<StoreWrite> writes)
    {
        var answers = new CommitAnswer[writes.Count];
        var isCommitting = false;
        try
        {
            Begin();
            changes.Expect(writes);
            if (!ApplyTogether(writes, answers))
            {
                Abandon(isStored: false);
                Begin();
                ApplyOneByOne(writes, answers);
                Complete();
            }

            AtCommit?.Invoke(CommitMoment.Before);
            isCommitting = true;
            connection.Commit();
            AtCommit?.Invoke(CommitMoment.After);
        }
        catch (SqlException failure)
        {
            Abandon(isStored: isCommitting);
            throw failure.AsFailure(connection.Path, isCommitting);
        }
        catch
        {
            Abandon(isStored: isCommitting);
            throw;
        }

        Committed();
        return answers;
    }

    /// <summary>Starts a new epoch, durably. See <see cref="IJobStore.ClaimQueueAsync"/>.</summary>
    public QueueClaim ClaimQueue()
    {
        try
        {
            Begin();
            tally.State.Epoch++;
            tally.State.Ordinal = 0;
            var claim = new QueueClaim(
                tally.State.Epoch, new(tally.State.LastSequence), QueueRows.LastLineAt(connection),
                SteeringRows.Read(connection))
            {
                Learned = LearnedRows.Read(connection),
            };
            tally.Write();
            connection.Flush();
            AtCommit?.Invoke(CommitMoment.Before);
            connection.Commit();
            AtCommit?.Invoke(CommitMoment.After);
            Committed();
            return claim;
        }
        catch (SqlException failure)
        {
            Abandon(isStored: true);
            throw failure.AsFailure(connection.Path, whileCommitting: true);
        }
        catch
        {
            Abandon(isStored: true);
            throw;
        }
    }

    public void Dispose() => connection.Dispose();

    void Begin()
    {
        connection.BeginWrite();
        tally.Begin();
        RecentJobs.Begin();
        statistics.Begin();
        changes.Events = Happened is null && !connection.Announces ? null : [];
        changes.Begin();
        statistics.Transitions = Changed is null ? null : [];
    }

    void Complete()
    {
        RecentJobs.Write();
        statistics.Write();
        tally.Write();
        if (connection.Announces && changes.Events is { Count: > 0 } events)
            connection.Announce(events);
        connection.Flush();
    }

    /// <returns>False where a write conflicts after it, or one before it, may have changed something.</returns>
    bool ApplyTogether(IReadOnlyList<StoreWrite> writes, CommitAnswer[] answers)
    {
        for (var i = 0; i < writes.Count; i++)
        {
            answers[i] = Apply(writes[i]);
            if (answers[i] is CommitAnswer.Conflict && (changes.HasTouched || connection.IsSpoilt))
                return false;
        }

        try
        {
            Complete();
            return true;
        }
        catch (SqlException failure) when (failure.IsConflict)
        {
            return false;
        }
    }

    void ApplyOneByOne(IReadOnlyList<StoreWrite> writes, CommitAnswer[] answers)
    {
        for (var i = 0; i < writes.Count; i++)
        {
            var (mark, jobs, counted) = (tally.Mark(), RecentJobs.Mark, statistics.Mark);
            var (events, released) = (changes.Events?.Count ?? 0, changes.Released.Count);
            connection.Savepoint();
            answers[i] = ApplyAtOnce(writes[i]);
            if (answers[i] is CommitAnswer.Conflict)
            {
                connection.ReturnToSavepoint();
                changes.Forget(events, released);
                tally.Return(mark);
                RecentJobs.Return(jobs);
                statistics.Return(counted);
            }

            connection.ReleaseSavepoint();
        }
    }

    CommitAnswer ApplyAtOnce(StoreWrite write)
    {
        try
        {
            var answer = Apply(write);
            if (answer is CommitAnswer.Committed)
                connection.Flush();
            return answer;
        }
        catch (SqlException failure) when (failure.IsConflict)
        {
            return new CommitAnswer.Conflict(failure.Explain());
        }
    }

    CommitAnswer Apply(StoreWrite write)
    {
        changes.BeginWrite();
        if (write.Stamp is { } stamp && Unfit(stamp) is { } outdated)
            return new CommitAnswer.Conflict(outdated);

        try
        {
            foreach (var change in write.Changes)
            {
                if (changes.Apply(change) is { } reason)
                    return new CommitAnswer.Conflict(reason);
            }
        }
        catch (SqlException failure) when (failure.IsConflict)
        {
            return new CommitAnswer.Conflict(failure.Explain());
        }

        if (write.Stamp is { } used)
            tally.State.Ordinal = used.Ordinal;
        return changes.Answer;
    }

    string? Unfit(QueueStamp stamp)
    {
        if (stamp.Epoch != tally.State.Epoch)
            return $"The queue's epoch is {tally.State.Epoch}; the write is of epoch {stamp.Epoch}.";

        return stamp.Ordinal == tally.State.Ordinal + 1
            ? null
            : $"The queue's last write was {tally.State.Ordinal}; write {stamp.Ordinal} does not follow it.";
    }

    void Committed()
    {
        tally.Committed();
        RecentJobs.Committed();
        statistics.Committed();
        if (changes.Released.Count > 0)
            FilesReleased?.Invoke([.. changes.Released]);
        if (changes.Events is { Count: > 0 } events)
            Happened?.Invoke(events);
        if (changes.Noticed.Count > 0)
            Noticed?.Invoke([.. changes.Noticed.Distinct()]);
        if (statistics.Transitions is { Count: > 0 } transitions)
            Changed?.Invoke(transitions);
    }

    /// <param name="isStored">Whether the transaction may have been stored all the same.</param>
    void Abandon(bool isStored)
    {
        tally.Forget();
        statistics.Forget();
        if (isStored)
            RecentJobs.Forget();
        changes.Forget(0, 0);
        try
        {
            connection.BreakOff();

            // SQLite rolls back by itself on some failures, a full disk among them.
            if (connection.IsInTransaction)
                connection.Rollback();
            if (isStored)
                RecentJobs.Recall();
        }
        catch (SqlException)
        {
            // The failure that led here says why. BEGIN fails while this one stands, and the next Abandon tries again.
        }
    }
}
