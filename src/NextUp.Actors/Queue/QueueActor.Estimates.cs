using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Actors.Queue;

/// <summary>
/// What the estimate is told and asked. Nothing here decides who starts, so nothing here can break the order; what the
/// estimate learned is stored with one of the queue's own writes, once a minute and kind.
/// </summary>
public sealed partial class QueueActor
{
    /// <summary>Retries that an estimate looks at; where more wait out their delay, the later ones are far away.</summary>
    const int RetriesMax = 256;

    // Always the same dice: an estimate moves because the queue moved.
    readonly Estimate _estimate = new(new Random(1));
    readonly PromiseBudget _promises = new();
    readonly List<(JobKind Kind, LineKey Key)> _entered = [];

    public ValueTask<IReadOnlyList<EstimateFigures>> EstimatesAsync() => new(_estimate.Figures);

    /// <summary>A job came in, perhaps ahead of others.</summary>
    void NoteEntry(JobRecord job)
    {
        _entered.Add((job.Kind, job.LineKey));
        if (job.HeadStart > TimeSpan.Zero && _waiting.Line.Count > 1)
            _estimate.CameInAhead(job.Kind, job.LineKey.Size, job.HeadStart);
    }

    /// <summary>An attempt left its slot. One that was going on over a restart took an unknown time.</summary>
    void NoteRun(Running ran, DateTimeOffset now, bool isRetried)
    {
        if (!ran.IsRecovered)
            _estimate.Ran(ran.Kind, ran.Size, now - ran.StartedAt, isRetried);
    }

    /// <summary>A promise to one of those who wait is looked at when its job starts.</summary>
    void NoteStart(LineKey key, DateTimeOffset now)
    {
        if (_estimate.Started(now, key) is { } again && MayStart(again.Kind, again.Key) && _promises.Take(now))
            Promise(again.Kind, again.Key, now);
    }

    /// <summary>Those who came with this change and have to wait are promised a time, as if they asked.</summary>
    void PromiseEntered(DateTimeOffset now)
    {
        foreach (var (kind, key) in _entered)
        {
            if (MayStart(kind, key) && _promises.Take(now))
                Promise(kind, key, now);
        }

        _entered.Clear();
    }

    bool MayStart(JobKind kind, LineKey key) =>
        _waiting.Line.Contains(kind, key) && WaitOf(kind, null) is null;

    void KeepLearned(List<Change> changes, DateTimeOffset now)
    {
        if (changes.Count > 0 && _estimate.TakeToKeep(now) is { } learned)
            changes.Add(new Change.Learn(learned));
    }

    void Promise(JobKind kind, LineKey key, DateTimeOffset now)
    {
        Look(now, Estimate.LookUnaskedEvery);
        _estimate.Promise(now, _waiting.Line, kind, key);
    }

    StartEstimate? StartOf(JobKind kind, LineKey key, DateTimeOffset now)
    {
        Look(now, Estimate.LookEvery);
        return _estimate.StartOf(now, _waiting.Line, kind, key);
    }

    void Look(DateTimeOffset now, TimeSpan every)
    {
        if (_estimate.IsStale(now, every))
        {
            _estimate.Look(
                now, _waiting.Line, _slots, _running.Values.Select(job => (job.Kind, job.Size, now - job.StartedAt)),
                _waiting.Retries.Take(RetriesMax).Select(job => (job.Kind, job.Key.Size, job.Due - now)));
        }
    }
}
