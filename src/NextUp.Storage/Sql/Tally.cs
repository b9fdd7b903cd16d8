using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>The one row of <c>store_state</c>, as it will be when the running transaction commits.</summary>
record struct StoreState(
    long Epoch, long Ordinal, long LastSequence,
    long Pending, long Held, long Processing, long Completed, long Failed, long Cancelled)
{
    /// <summary>Counts a job in (1) or out (-1) of where it is.</summary>
    public void Count(JobRecord job, int by)
    {
        switch (job.State)
        {
            case JobState.Pending when job.IsHeld: Held += by; break;
            case JobState.Pending: Pending += by; break;
            case JobState.Processing: Processing += by; break;
            case JobState.Completed: Completed += by; break;
            case JobState.Failed: Failed += by; break;
            case JobState.Cancelled: Cancelled += by; break;
        }
    }
}

/// <summary>
/// The fence and the counts, changed in memory by each write and stored once per transaction. Read again from the
/// database after anything that may have left memory and database apart.
/// </summary>
sealed class Tally(SqlConnection connection)
{
    /// <summary>Minutes that are kept of the roll-up: the last hour, and room for clocks that differ.</summary>
    const int MinutesKept = 180;

    readonly SqlStatement read = connection.Prepare(
        "SELECT epoch, ordinal, last_sequence, pending, held, processing, completed, failed, cancelled "
        + "FROM store_state");
    readonly SqlStatement write = connection.Prepare(
        "UPDATE store_state SET epoch = ?, ordinal = ?, last_sequence = ?, "
        + "pending = ?, held = ?, processing = ?, completed = ?, failed = ?, cancelled = ?");
    readonly SqlStatement addMinute = connection.Prepare(
        "INSERT INTO completed_minute VALUES (?, ?) ON CONFLICT (minute) DO UPDATE SET jobs = completed_minute.jobs + excluded.jobs");
    readonly SqlStatement dropMinutes = connection.Prepare("DELETE FROM completed_minute WHERE minute < ?");

    readonly List<long> minutes = [];
    StoreState stored;
    long newestMinute;
    bool isRead;

    /// <summary>A field, so that its members can be changed in place.</summary>
    public StoreState State;

    public static long MinuteOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;

    public void Begin()
    {
        if (!isRead)
        {
            read.Step();
            stored = new StoreState(
                read.Long(0), read.Long(1), read.Long(2), read.Long(3), read.Long(4), read.Long(5), read.Long(6),
                read.Long(7), read.Long(8));
            read.Reset();
            isRead = true;
        }

        State = stored;
        minutes.Clear();
    }

    public void Complete(DateTimeOffset at) => minutes.Add(MinuteOf(at));

    public (StoreState State, int Minutes) Mark() => (State, minutes.Count);

    public void Return((StoreState State, int Minutes) mark)
    {
        State = mark.State;
        minutes.RemoveRange(mark.Minutes, minutes.Count - mark.Minutes);
    }

    /// <summary>Stores what has changed, as the last thing before the commit.</summary>
    public void Write()
    {
        if (State != stored)
        {
            write.With(State.Epoch).With(State.Ordinal).With(State.LastSequence).With(State.Pending).With(State.Held)
                .With(State.Processing).With(State.Completed).With(State.Failed).With(State.Cancelled).Later();
        }

        if (minutes.Count == 0)
            return;

        foreach (var minute in minutes.CountBy(minute => minute))
            addMinute.With(minute.Key).With(minute.Value).Later();
        var newest = minutes.Max();
        if (newest > newestMinute)
            dropMinutes.With(newest - MinutesKept).Later();
        newestMinute = Math.Max(newestMinute, newest);
    }

    public void Committed() => stored = State;

    public void Forget() => isRead = false;
}
