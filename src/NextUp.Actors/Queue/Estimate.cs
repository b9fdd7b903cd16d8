using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <summary>
/// When a waiting job will start, as a range, from measured service times by kind and size. A <see cref="Forecast"/> plays the
/// near future through from what runs now and what stands in the line; <see cref="LineFlow"/> adds what comes in ahead
/// meanwhile; <see cref="Correction"/> takes back the errors that earlier estimates showed. Some estimates are kept as
/// promises until their job starts, and that is where the correction and the <see cref="HitRate"/> come from.
/// </summary>
public sealed class Estimate(Random random)
{
    /// <summary>The share of jobs that is meant to start within p90.</summary>
    public const double P90Share = 0.9;

    /// <summary>However many ask, what runs is looked at anew no more often than this.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Where nobody asks and an estimate is made only to be looked at later, this often is enough.</summary>
    public static readonly TimeSpan LookUnaskedEvery = TimeSpan.FromSeconds(1);

    /// <summary>A crash forgets no more than what a kind learned in this time. A minute.</summary>
    public static readonly TimeSpan KeepEvery = TimeSpan.FromMinutes(1);

    readonly ulong _seed = (ulong)random.NextInt64();
    readonly Dictionary<JobKind, Knowledge> _kinds = [];
    readonly LineFlow _flow = new();
    readonly Promises _promises = new(random);
    readonly List<Knowledge> _looked = [];
    Forecast? _forecast;
    DateTimeOffset _lookedAt;
    int[,] _ahead = new int[0, 0];
    int _slots;
    DateTimeOffset _keptAt;

    /// <summary>An attempt has left its slot, whatever came of it.</summary>
    public void Ran(JobKind kind, SizeClass size, TimeSpan duration, bool isRetried) =>
        Of(kind).Ran(size, duration, isRetried);

    /// <summary>A job enters the line with its key before its arrival.</summary>
    public void CameInAhead(JobKind kind, SizeClass size, TimeSpan headStart) =>
        _flow.CameInAhead(headStart.TotalSeconds, Of(kind).Times.Picture()?.Moments(size).Mean ?? 0);

    /// <summary>Time passed while so many jobs waited.</summary>
    public void Pass(DateTimeOffset now, int waiting) => _flow.Pass(now, waiting);

    /// <summary>A waiting job leaves the line without a start.</summary>
    public void Left(LineKey key)
    {
        _flow.Cancelled();
        _promises.Drop(key);
    }

    /// <summary>Whether it is time for <see cref="Look"/>: the last one was so long ago.</summary>
    public bool IsStale(DateTimeOffset now, TimeSpan age) => now - _lookedAt >= age || now < _lookedAt;

    /// <summary>Looks at the queue as it is.</summary>
    public void Look(
        DateTimeOffset now, Line line, Slots slots,
        IEnumerable<(JobKind Kind, SizeClass Size, TimeSpan Elapsed)> running,
        IEnumerable<(JobKind Kind, SizeClass Size, TimeSpan Due)> delayed)
    {
        (_lookedAt, _slots, _forecast) = (now, slots.Everywhere, null);
        _looked.Clear();
        if (_slots <= 0)
            return;
        List<KindPicture> kinds = [];
        int PlaceOf(JobKind kind)
        {
            var at = _looked.FindIndex(known => known.Kind == kind);
            if (at >= 0)
                return at;
            var learned = Of(kind);
            if (learned.Times.Picture() is not { } times)
                return -1;
            _looked.Add(learned);
            kinds.Add(new(kind, slots.MaxOf(kind), times));
            return kinds.Count - 1;
        }

        var isKnown = line.Kinds.All(kind => PlaceOf(kind) >= 0);
        var runs = running.Select(job => (PlaceOf(job.Kind), job.Size, job.Elapsed.TotalSeconds)).ToList();
        var waits = delayed.Select(job => (PlaceOf(job.Kind), job.Size, job.Due.TotalSeconds)).ToList();
        isKnown = isKnown && runs.TrueForAll(job => job.Item1 >= 0) && waits.TrueForAll(job => job.Item1 >= 0);
        if (!isKnown)
            return;
        var front = line.Front(Forecast.FrontOf(_slots)).Select(job => (PlaceOf(job.Kind), job.Key.Size)).ToList();
        _forecast = new(new(_slots, kinds, runs, waits, front), _flow.CancelRate, _seed);
        _ahead = new int[kinds.Count, SizeClass.Count];
    }

    /// <summary>When the waiting job starts, as last looked; null while too little is known.</summary>
    public StartEstimate? StartOf(DateTimeOffset now, Line line, JobKind kind, LineKey key) =>
        Foresee(now, line, kind, key) is { } promise ? promise.Given : null;

    /// <summary>The same, and remembers the answer until the job starts.</summary>
    public StartEstimate? Promise(DateTimeOffset now, Line line, JobKind kind, LineKey key)
    {
        if (Foresee(now, line, kind, key) is not { } promise)
            return null;
        _promises.Add(key, promise);
        return promise.Given;
    }

    /// <summary>A waiting job starts. Tells whose estimate is to be looked at again while it waits, if anybody's.</summary>
    public (JobKind Kind, LineKey Key)? Started(DateTimeOffset now, LineKey key)
    {
        if (!_promises.IsAny)
            return null;
        var (first, later) = _promises.Take(key);
        if (first is not null)
            Score(first, now, isFirst: true);
        if (later is not null)
            Score(later, now, isFirst: false);
        return first is null ? null : _promises.AnyToLookAtAgain();
    }

    /// <summary>What was promised does not hold any more: the slots changed, or something was paused.</summary>
    public void ForgetPromises() => _promises.Clear();

    public IReadOnlyList<EstimateFigures> Figures => [.. _kinds.Values.Select(known => known.Figures).OrderBy(known => known.Kind.Value)];

    /// <summary>What is to be stored now of one kind, or null: a kind that learned, at most once in <see cref="KeepEvery"/>.</summary>
    public LearnedKind? TakeToKeep(DateTimeOffset now)
    {
        if (now < _keptAt + KeepEvery && now >= _keptAt)
            return null;
        foreach (var known in _kinds.Values)
        {
            if (known.TakeToKeep(now, KeepEvery) is { } learned)
                return learned;
        }

        _keptAt = now;
        return null;
    }

    /// <summary>Takes back what was stored before a restart.</summary>
    public void Restore(LearnedKind learned) => Of(learned.Kind).Restore(learned.Content);

    void Score(Promise promise, DateTimeOffset now, bool isFirst)
    {
        var waited = now - promise.At;
        var learned = Of(promise.Kind);
        (isFirst ? learned.AtFirst : learned.Later).Add(promise.Given, waited);
        learned.Correction.Learn(now, promise.P50, promise.P90, promise.Ahead, waited.TotalSeconds);
    }

    Promise? Foresee(DateTimeOffset now, Line line, JobKind kind, LineKey key)
    {
        if (_forecast is null)
            return null;
        var place = _looked.FindIndex(known => known.Kind == kind);
        if (place < 0)
            return null;
        Array.Clear(_ahead);
        var ahead = 0;
        for (var i = 0; i < _looked.Count; i++)
        {
            var counts = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref _ahead[i, 0], SizeClass.Count);
            line.SizesBefore(kind, _looked[i].Kind, key, counts);
            foreach (var count in counts)
                ahead += count;
        }

        var keyAge = Math.Max(0, (LineKey.Microseconds(now) - key.At) / 1e6);
        var (p50, p90) = _forecast.StartOf(place, _ahead);
        p50 = _flow.WithOvertakers(p50, keyAge, _slots);
        p90 = _flow.WithOvertakers(p90, keyAge, _slots);
        var (median, late) = _looked[place].Correction.Apply(p50, p90, ahead);
        return new(kind, now, ahead, p50, p90, new(Seconds(median), Seconds(late)));
    }

    static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(365).TotalSeconds));

    Knowledge Of(JobKind kind)
    {
        if (!_kinds.TryGetValue(kind, out var learned))
            _kinds.Add(kind, learned = new(kind));
        return learned;
    }
}
