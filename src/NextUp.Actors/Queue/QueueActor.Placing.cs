using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Actors.Queue;

/// <summary>Where a job that is accepted, or joins from its lane, stands in the line, and why there.</summary>
public sealed partial class QueueActor
{
    /// <summary>Who replaces a job that is out of the line, for a retry's delay or a later time, finds no place to take.</summary>
    IReadOnlyList<QueueChange.Accepting> WithPlaces(IReadOnlyList<QueueChange.Accepting> accepts)
    {
        foreach (var accept in accepts)
        {
            if (accept.Takes is { } old && !_waiting.IsInLine(old.Kind, old.LineKey))
                return [.. accepts.Select(other => other == accept ? other with { Takes = null } : other)];
        }

        return accepts;
    }

    Change.Accept Accept(QueueChange.Accepting accepting, DateTimeOffset now, out JobRecord job)
    {
        var draft = accepting.Draft;
        var isLater = IsLater(draft, now);

        // Who is held has no head start before they join.
        var standing = draft.IsHeld ? new(Arrival(now), 0, null) : StandingOf(draft, now);
        if (accepting.Takes is { } replaced && !isLater)
            standing = Standing.Replacing(standing, replaced);
        var sequence = new JobSequence(++_sequence);
        job = draft with
        {
            Sequence = sequence,
            LineKey = new(standing.At, sequence) { Size = SizeClass.Of(draft.FileSize) },
            HeadStart = standing.HeadStartSpan,
            AcceptedAt = now,
            NotBefore = isLater ? draft.NotBefore : null,
        };
        if (!job.IsHeld)
            Enter(job, now);
        return new(job, accepting.Key, accepting.Files) { Reason = job.IsHeld ? null : ReasonOf(job, standing) };
    }

    Change.Join Join(QueueChange.Joining joining, DateTimeOffset now, out JobRecord job)
    {
        var held = joining.Job;
        var standing = StandingOf(held, now);
        job = held with
        {
            IsHeld = false,
            Place = joining.Place,
            LineKey = new(standing.At, held.Sequence) { Size = SizeClass.Of(held.FileSize) },
            HeadStart = standing.HeadStartSpan,
            NotBefore = IsLater(held, now) ? held.NotBefore : null,
        };
        Enter(job, now);
        return new(job.Sequence, now, job.LineKey, joining.Place)
        {
            HeadStart = job.HeadStart,
            NotBefore = job.NotBefore,
            Reason = ReasonOf(job, standing),
        };
    }

    /// <summary>
    /// Who asked for a later time arrives then, which is just before whoever comes in that very microsecond. A time that has
    /// passed is forgotten: who enters then arrives now.
    /// </summary>
    Standing StandingOf(JobRecord job, DateTimeOffset now) => Standing.Of(
        kinds.Of(job.Kind).HeadStarts, job, IsLater(job, now) ? LineKey.Microseconds(job.NotBefore!.Value) - 1 : Arrival(now));

    static bool IsLater(JobRecord job, DateTimeOffset now) => job.NotBefore > now;

    void Enter(JobRecord job, DateTimeOffset now)
    {
        // As a successor would read it: one that was begun before, and came back, counts as a retry.
        var entry = job.Attempt > 0 ? new(EntryCause.Retry)
            : job.NotBefore is not null ? new(EntryCause.Delay) : Entry.Of(job.HeadStart);
        _waiting.Enter(job.Kind, job.User, job.LineKey, entry, job.NotBefore, now);
        NoteEntry(job);
    }

    static string? ReasonOf(JobRecord job, Standing standing) => job.NotBefore is { } due
        ? $"Enters the line at {due:u}, as asked. {standing.Reason}".TrimEnd()
        : standing.Reason;

    /// <summary>Arrival times never go back, whatever the machine's clock does: who comes later stands later.</summary>
    long Arrival(DateTimeOffset now) => _lastMicroseconds = Math.Max(_lastMicroseconds + 1, LineKey.Microseconds(now));
}
