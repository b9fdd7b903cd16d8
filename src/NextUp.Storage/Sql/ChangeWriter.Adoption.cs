using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>
/// A visitor's jobs become an account's. The rows keep their sequences, so that files, log, checkpoints and whoever works
/// on a job still find it; what is numbered by user (events, and the order of the user's jobs) is numbered anew behind all
/// that the account has.
/// </summary>
sealed partial class ChangeWriter
{
    const string GivesWay = "It waits in your lane: a job that came with your sign-in has the place.";

    readonly UserJobs userJobs = new(connection);

    readonly SqlStatement updateOwner = connection.Prepare(
        "UPDATE job SET user_key = ?, born = ?, lane_born = ?, place = ?, is_held = ?, submission_key = ?, events = ?, "
        + "origin = NULL WHERE seq = ? AND user_key = ?");

    readonly SqlStatement updateToHeld = connection.Prepare(
        "UPDATE job SET is_held = 1, place = NULL, events = ? WHERE seq = ? AND state = 0 AND is_held = 0");

    readonly SqlStatement updatePlace = connection.Prepare(
        "UPDATE job SET place = ? WHERE seq = ? AND is_open = 1 AND place IS NOT NULL");

    readonly SqlStatement findSurplus = connection.Prepare(
        "SELECT seq FROM job INDEXED BY job_place WHERE user_key = ? AND kind_key = ? AND place >= ? ORDER BY place LIMIT 1");

    readonly SqlStatement anySurplus = connection.Prepare(
        "SELECT seq FROM job INDEXED BY job_place WHERE user_key = ? AND place >= ? LIMIT 1");

    readonly SqlStatement hasSubmission = connection.Prepare("SELECT 1 FROM submission WHERE user_key = ? AND key = ?");

    readonly SqlStatement moveSubmission = connection.Prepare(
        "UPDATE submission SET user_key = ? WHERE user_key = ? AND key = ?");

    string? Adopt(Change.Adopt adopt)
    {
        if (!adopt.Visitor.IsVisitor || adopt.Account.IsVisitor)
            return $"An account adopts a visitor's jobs; {adopt.Account} cannot adopt those of {adopt.Visitor}.";

        var (visitor, account) = (users.Enter(adopt.Visitor), users.Enter(adopt.Account));
        if (visitor.AdoptedBy is { } other && other != account.Key)
            return "The visitor's jobs are another account's.";
        if (Unseated(adopt, visitor) is { } reason)
            return reason;

        HasTouched = true;
        var isFirst = visitor.AdoptedBy is null;
        foreach (var seat in adopt.Seats.OrderByDescending(seat => seat.IsHeld))
        {
            // Those that give way first, then those that take another place, so that who comes finds theirs empty.
            if (Find(seat.Job) is not { } row || row.Record.User != adopt.Account)
                continue;
            if (seat.IsHeld && !GiveWay(row, adopt.At))
                return Stale(row);
            if (seat.Place is { } place)
                Reseat(seat.Job, place);
        }

        if (adopt.Seats.Any(seat => seat.Place >= Change.Seat.SurplusFrom))
            users.SetSurplus(account, hasSurplus: true);
        var (leaving, hasMore) = Leaving(adopt, visitor);
        Move(adopt, visitor, account, leaving);
        users.Adopt(visitor, account, hasMore);
        if (isFirst)
            notices.Adopt(visitor.Key, account.Key, adopt.SubscriptionsMax);
        return null;
    }

    /// <summary>The first job beyond the limit takes the place that has come free.</summary>
    void Inherit(UserEntry user, JobKind kind, int place)
    {
        if (First(findSurplus.With(user.Key).With(KindKey(kind)).With(Change.Seat.SurplusFrom)) is { } heir)
            Reseat(heir, place);
        else if (First(anySurplus.With(user.Key).With(Change.Seat.SurplusFrom)) is null)
            users.SetSurplus(user, hasSurplus: false);
    }

    static JobSequence? First(SqlStatement sequences)
    {
        JobSequence? found = sequences.Step() ? new JobSequence(sequences.Long(0)) : null;
        sequences.Reset();
        return found;
    }

    void Reseat(JobSequence job, int place)
    {
        updatePlace.With(place).With(job.Value).Later();
        if (rows.Find(job.Value) is { } row)
            row.Record = row.Record with { Place = place };
    }

    /// <summary>Why the seats do not fit the unfinished jobs as they are stored.</summary>
    string? Unseated(Change.Adopt adopt, UserEntry visitor)
    {
        var coming = 0;
        foreach (var seat in adopt.Seats)
        {
            if (seat is { IsHeld: true, Place: not null })
                return "A held job fills no place.";
            if (Find(seat.Job) is not { } row)
                return Missing(seat.Job);
            if (row.Record.State.IsFinished() || (seat.IsHeld && row.Record.State != JobState.Pending))
                return Unexpected(row, seat.IsHeld ? "pending" : "unfinished");
            if (row.Record.IsHeld != seat.WasHeld)
                return Unexpected(row, seat.WasHeld ? "held" : "in the line or running");
            if (row.Record.User == adopt.Visitor)
                coming++;
            else if (row.Record.User != adopt.Account || row.Record.IsHeld || (!seat.IsHeld && row.Record.Place is null))
                return Unexpected(row, "the visitor's, or one of the account's in a place");
        }

        return coming == visitor.Open.Count ? null
            : $"The visitor has {visitor.Open.Count} unfinished jobs; {coming} have a seat.";
    }

    bool GiveWay(JobRow row, DateTimeOffset at)
    {
        var told = Tell(row, at, JobEventType.Held, row.Record.Attempt, GivesWay);
        if (!updateToHeld.With(told.Events).With(row.Record.Sequence.Value).OneLater())
            return false;

        Take(row, row.Record with { IsHeld = true, Place = null }, told);
        return true;
    }

    /// <summary>What moves with this change, and whether finished jobs are left for the next. Looks at no more than moves.</summary>
    (List<JobRow> Leaving, bool HasMore) Leaving(Change.Adopt adopt, UserEntry visitor)
    {
        var recent = recentJobs.WithAdded(visitor.Key);
        var open = visitor.Open.Select(born => userJobs.Since(visitor.Key, born, recent).First()).ToList();
        var leaving = open.Select(sequence => Find(new JobSequence(sequence))).OfType<JobRow>().ToList();
        var finished = 0;
        foreach (var sequence in userJobs.Since(visitor.Key, 0, recent))
        {
            if (Find(new JobSequence(sequence)) is not { } row || row.Record.User != adopt.Visitor || !row.Record.State.IsFinished())
                continue;
            if (finished++ == adopt.FinishedMax)
                return (Sorted(leaving), true);
            leaving.Add(row);
        }

        return (Sorted(leaving), false);
    }

    static List<JobRow> Sorted(List<JobRow> rows) => [.. rows.OrderBy(row => row.Born)];

    void Move(Change.Adopt adopt, UserEntry visitor, UserEntry account, List<JobRow> leaving)
    {
        var seats = adopt.Seats.ToDictionary(seat => seat.Job);
        var moving = leaving.Select(row => (Row: row, Trail: EventTrail.All(row.Events))).ToList();
        var numbers = moving.SelectMany(one => one.Trail.Select(told => told.Number)).Order()
            .Select((number, index) => (number, Next: account.LastEvent + 1 + index))
            .ToDictionary(pair => pair.number, pair => pair.Next);
        var laneBorn = account.Open.Count > 0 ? account.Open[0] : account.LastEvent + 1;
        var last = account.LastEvent + numbers.Count;

        foreach (var (row, trail) in moving)
        {
            recentJobs.Drop(visitor.Key, row.Born);
            recentJobs.Leave(visitor.Key, row.Born);
            var job = row.Record;
            var seat = seats.GetValueOrDefault(job.Sequence);
            var next = job with
            {
                User = adopt.Account, Origin = null, IsHeld = seat?.IsHeld ?? false, Place = seat?.Place,
            };
            var adopted = new JobEvent(adopt.Account, ++last, Stored(adopt.At), JobEventType.Adopted, job.Id, job.Attempt, null);
            var events = trail.Select(told => told with { Number = numbers[told.Number] })
                .Append(new(last, LineKey.Microseconds(adopt.At), adopted.Type, job.Attempt, null))
                .Aggregate(Array.Empty<byte>(), static (written, told) => EventTrail.Append(written, told));
            var moved = new JobRow
            {
                Record = next, Born = numbers[row.Born], LaneBorn = laneBorn,
                SubmissionKey = MovedKey(row, visitor, account), LogLines = row.LogLines,
                HasCheckpoints = row.HasCheckpoints, Events = events,
            };
            Write(moved, visitor, account);
            tally.State.Count(job, -1);
            tally.State.Count(next, 1);
            Events?.Add(adopted);
        }

        account.LastEvent = last;
    }

    void Write(JobRow row, UserEntry visitor, UserEntry account)
    {
        var job = row.Record;
        updateOwner.With(account.Key).With(row.Born).With(row.LaneBorn).With(job.Place).With(job.IsHeld)
            .With(row.SubmissionKey).With(row.Events).With(job.Sequence.Value).With(visitor.Key).Later();
        recentJobs.Add(account.Key, new UserJob(row.Born, job.Sequence.Value));
        account.LastSequence = Math.Max(account.LastSequence, job.Sequence.Value);
        if (job.State.IsFinished())
            return;

        rows.Keep(job.Sequence.Value, row);
        account.Open.Add(row.Born);
    }

    /// <summary>The job's idempotency key, moved too; null where the account used the same one for a job of its own.</summary>
    string? MovedKey(JobRow row, UserEntry visitor, UserEntry account)
    {
        if (row.SubmissionKey is not { } key)
            return null;

        var isTaken = hasSubmission.With(account.Key).With(key).Step();
        hasSubmission.Reset();
        if (isTaken)
            deleteSubmission.With(visitor.Key).With(key).Later();
        else
            moveSubmission.With(account.Key).With(visitor.Key).With(key).Later();
        return isTaken ? null : key;
    }
}
