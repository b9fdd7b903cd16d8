using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.Actors.Queue;

/// <summary>
/// All that waits for a slot: the line, the jobs that wait for a time before they enter it, the jobs of paused users
/// beside it, and which kinds may start now. No clock, no store, no await.
/// </summary>
sealed class WaitingRoom
{
    readonly Line _line = new();
    readonly DelayLine _delayed = new();
    readonly PausedUsers _paused = new();
    readonly Gates _gates;
    DateTimeOffset? _watched;

    public WaitingRoom(Func<JobKind, StartWindows?> windowsOf) => _gates = new(_line, windowsOf);

    public Line Line => _line;

    public int DelayedCount => _delayed.Count;

    /// <summary>Retries that wait out their delay, by their time.</summary>
    public IEnumerable<DelayLine.Delayed> Retries => _delayed.Waiting.Where(job => job.Entry.Cause == EntryCause.Retry);

    /// <summary>Waiting jobs, those of paused users included, delayed ones not.</summary>
    public int Count => _line.Count + _paused.JobsCount;

    /// <summary>A job enters the line at its key, now or at a later time.</summary>
    public void Enter(JobKind kind, UserId user, LineKey key, Entry entry, DateTimeOffset? due, DateTimeOffset now)
    {
        var isPaused = !_paused.IsEmpty && _paused.Has(user);
        if (due > now)
        {
            _delayed.Add(new(kind, key, entry, due.Value));
            if (isPaused)
                _paused.Note(user, key);
        }
        else if (isPaused)
        {
            _paused.Keep(user, kind, key);
        }
        else
        {
            _line.Insert(kind, key, entry);
        }
    }

    /// <summary>As <see cref="Enter"/>, for a job read back from the store; those of paused users were noted before.</summary>
    public void Restore(JobKind kind, LineKey key, Entry entry, DateTimeOffset? due, DateTimeOffset now)
    {
        if (due > now)
            _delayed.Add(new(kind, key, entry, due.Value));
        else if (_paused.OwnerOf(key) is { } user)
            _paused.Keep(user, kind, key);
        else
            _line.Insert(kind, key, entry);
    }

    /// <summary>False where the job does not wait here.</summary>
    public bool Remove(JobKind kind, LineKey key)
    {
        if (_line.Remove(kind, key))
            return true;
        var wasKept = _paused.Remove(key);
        return _delayed.Remove(key) || wasKept;
    }

    public bool Contains(JobKind kind, LineKey key) =>
        _line.Contains(kind, key) || _delayed.Contains(key) || _paused.Contains(key);

    /// <summary>Whether the job stands in the line, or beside it with its paused user.</summary>
    public bool IsInLine(JobKind kind, LineKey key) => _line.Contains(kind, key) || _paused.Contains(key);

    /// <summary>Takes out the next job that may start; the gates must have been looked at.</summary>
    public (JobKind Kind, LineKey Key)? Take(Slots slots) => _line.Take(slots);

    /// <summary>Lets in what has come due and opens and closes the kinds, as of now.</summary>
    public void Look(DateTimeOffset now)
    {
        if (_watched <= now)
            _watched = null;
        if (_delayed.Next <= now)
            LetIn(now);
        _gates.Look(now);
    }

    /// <summary>The earliest time to look again, unless somebody waits for it (or for an earlier one) already.</summary>
    public DateTimeOffset? NextToWatch()
    {
        var next = _gates.Next is { } change && !(_delayed.Next < change) ? change : _delayed.Next;
        if (next is null || _watched <= next)
            return null;
        return _watched = next;
    }

    public void Pause(JobKind kind, bool isPaused) => _gates.Pause(kind, isPaused);

    public bool IsPaused(JobKind kind) => _gates.IsPaused(kind);

    /// <summary>From now on whatever of the user enters is kept out of the line; what waits already is for <see cref="Park"/>.</summary>
    public void Pause(UserId user) => _paused.Pause(user);

    public bool IsPaused(UserId user) => _paused.Has(user);

    public int PausedUsersCount => _paused.Count;

    public UserId? PausedOwnerOf(LineKey key) => _paused.IsEmpty || !_paused.Contains(key) ? null : _paused.OwnerOf(key);

    /// <summary>Takes a waiting job of a paused user out of the line, where it stands there.</summary>
    public void Park(UserId user, JobKind kind, LineKey key)
    {
        if (_line.Remove(kind, key))
            _paused.Keep(user, kind, key);
        else if (_delayed.Contains(key))
            _paused.Note(user, key);
    }

    /// <summary>A job of a paused user that is about to be restored.</summary>
    public void Note(UserId user, LineKey key) => _paused.Note(user, key);

    public void Resume(UserId user)
    {
        foreach (var (kind, key) in _paused.Resume(user))
            _line.Insert(kind, key, new(EntryCause.Resume));
    }

    /// <summary>The kinds' windows may be others now.</summary>
    public void LookAnew() => _gates.LookAnew();

    void LetIn(DateTimeOffset now)
    {
        foreach (var job in _delayed.TakeDue(now))
            Restore(job.Kind, job.Key, job.Entry, null, now);
    }
}
