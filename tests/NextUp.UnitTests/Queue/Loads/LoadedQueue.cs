using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.UnitTests.Queue.Loads;

/// <summary>What came of the estimates in a load.</summary>
/// <param name="Judged">The jobs that had to wait and asked for their start.</param>
/// <param name="Within">The share of jobs that started within the p90 given at submission.</param>
/// <param name="WithinLater">The same for estimates given at some later moment of the wait.</param>
/// <param name="Error">The median error of p50 as <see cref="HitRate.ErrorOf"/> has it.</param>
/// <param name="Unknown">The share of them that got no estimate.</param>
public sealed record LoadResult(
    int Judged, double Within, double WithinLater, double Error, double ErrorLater, double BeforeP50, double Unknown,
    double MedianAhead, double MedianWait);

/// <summary>A queue with the real line, slots and estimate, in which a load is played through event by event.</summary>
public sealed class LoadedQueue(Load load, int seed)
{
    static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(50);

    readonly Random _random = new(seed);
    readonly Line _line = new();
    readonly Slots _slots = new(load.Slots, kind => load.Kinds.First(known => known.Kind == kind).Slots);
    readonly Estimate _estimate = new(new Random(seed + 1));
    readonly PriorityQueue<Action, double> _events = new();
    readonly Dictionary<LineKey, Waiting> _waiting = [];
    readonly Dictionary<LineKey, (JobKind Kind, SizeClass Size, double At)> _running = [];
    readonly Dictionary<LineKey, (JobKind Kind, SizeClass Size, double Due)> _delayed = [];
    readonly List<(long Number, StartEstimate? Said, double Wait, int Ahead)> _first = [];
    readonly List<(long Number, StartEstimate? Said, double Wait)> _later = [];
    double _now;
    long _sequence;
    int _arrived;
    double _askedShare = 1;

    sealed class Waiting(JobKind kind, long size)
    {
        public JobKind Kind => kind;

        public long Size => size;

        public double Since { get; init; }

        public StartEstimate? First { get; set; }

        public int Ahead { get; set; }

        public bool IsAsking { get; set; }

        public (double At, StartEstimate? Said)? Later { get; set; }
    }

    public IReadOnlyList<EstimateFigures> Figures => _estimate.Figures;

    DateTimeOffset Clock => Start.AddSeconds(_now);

    /// <param name="learning">The first jobs, of which nothing is judged.</param>
    /// <param name="askedShare">Jobs that ask for their start: where bursts are long, few of them say as much as all.</param>
    public LoadResult Play(int jobs, int learning, double askedShare = 1)
    {
        _askedShare = askedShare;
        var mean = load.Kinds.Sum(kind => kind.Share * kind.Mean(_random)) / load.Kinds.Sum(kind => kind.Share);
        mean /= 1 - load.RetryShare;
        var gap = mean / load.Slots / load.Use;
        Arrive(jobs, gap);
        while (_events.TryDequeue(out var step, out var at))
        {
            _estimate.Pass(Clock, _line.Count);
            _now = at;
            _estimate.Pass(Clock, _line.Count);
            step();
        }

        var first = _first.Where(job => job.Number > learning).ToList();
        var later = _later.Where(job => job.Number > learning && job.Said is not null).ToList();
        var said = first.Where(job => job.Said is not null).ToList();
        return new(
            first.Count, Share(said, job => job.Wait <= job.Said!.P90.TotalSeconds),
            Share(later, job => job.Wait <= job.Said!.P90.TotalSeconds),
            Median(said.Select(job => HitRate.ErrorOf(job.Said!, TimeSpan.FromSeconds(job.Wait)))),
            Median(later.Select(job => HitRate.ErrorOf(job.Said!, TimeSpan.FromSeconds(job.Wait)))),
            Share(said, job => job.Wait <= job.Said!.P50.TotalSeconds), 1 - (said.Count / (double)Math.Max(1, first.Count)),
            Median(first.Select(job => (double)job.Ahead)), Median(first.Select(job => job.Wait)));
    }

    void Arrive(int jobs, double gap)
    {
        if (_arrived >= jobs)
            return;
        var swing = load.Day == 0 ? 1 : 1 + (0.5 * Math.Sin(2 * Math.PI * _arrived / load.Day));
        var together = load.Burst <= 1 ? 1 : 1 + (int)KindLoad.Exponential(_random, load.Burst - 1);
        _events.Enqueue(
            () =>
            {
                for (var i = 0; i < together; i++)
                    Submit();
                Arrive(jobs, gap);
            },
            _now + KindLoad.Exponential(_random, gap * Math.Max(1, load.Burst) / swing));
        _arrived += together;
    }

    void Submit()
    {
        var pick = _random.NextDouble() * load.Kinds.Sum(kind => kind.Share);
        var kind = load.Kinds[^1];
        foreach (var known in load.Kinds)
        {
            if ((pick -= known.Share) < 0)
            {
                kind = known;
                break;
            }
        }

        var isUrgent = _random.NextDouble() < load.UrgentShare;
        var headStart = isUrgent ? load.HeadStart : TimeSpan.Zero;
        var job = new Waiting(kind.Kind, kind.Size(_random)) { Since = _now };
        var key = LineKey.Of(Clock, headStart, new(++_sequence)) with { Size = SizeClass.Of(job.Size) };
        if (isUrgent && _line.Count > 0)
            _estimate.CameInAhead(job.Kind, key.Size, headStart);
        _line.Insert(job.Kind, key);
        _waiting.Add(key, job);
        StartWhatFits();
        if (!_waiting.ContainsKey(key))
            return;
        if (load.CancelRate > 0)
            _events.Enqueue(() => Cancel(key), _now + KindLoad.Exponential(_random, 1 / load.CancelRate));
        if (_askedShare < 1 && _random.NextDouble() >= _askedShare)
            return;
        Look();
        job.Ahead = _line.CountBefore(job.Kind, key);
        job.First = _estimate.Promise(Clock, _line, job.Kind, key);
        job.IsAsking = true;
    }

    void Cancel(LineKey key)
    {
        if (!_waiting.Remove(key, out var job) || !_line.Remove(job.Kind, key))
            return;
        _estimate.Left(key);
    }

    void Look()
    {
        if (_estimate.IsStale(Clock, Estimate.LookEvery))
        {
            _estimate.Look(
                Clock, _line, _slots,
                _running.Values.Select(job => (job.Kind, job.Size, TimeSpan.FromSeconds(_now - job.At))),
                _delayed.Values.Select(job => (job.Kind, job.Size, TimeSpan.FromSeconds(job.Due - _now))));
        }
    }

    void StartWhatFits()
    {
        while (_line.Take(_slots) is { } next)
        {
            _slots.Take(next.Kind);
            _running.Add(next.Key, (next.Kind, next.Key.Size, _now));
            var size = 0L;
            if (_waiting.Remove(next.Key, out var job))
            {
                size = job.Size;
                if (job.IsAsking && _now > job.Since)
                {
                    _first.Add((next.Key.Sequence.Value, job.First, _now - job.Since, job.Ahead));
                    if (job.Later is { } later)
                        _later.Add((next.Key.Sequence.Value, later.Said, _now - later.At));
                }
            }
            else
            {
                size = 1L << (next.Key.Size.Value + 9);
            }

            if (_estimate.Started(Clock, next.Key) is { } again)
            {
                Look();
                var said = _estimate.Promise(Clock, _line, again.Kind, again.Key);
                if (_waiting.TryGetValue(again.Key, out var asked) && _now > asked.Since)
                    asked.Later ??= (_now, said);
            }

            var seconds = load.Kinds.First(kind => kind.Kind == next.Kind).Draw(_random, size);
            _events.Enqueue(() => End(next.Key), _now + seconds);
        }
    }

    void End(LineKey key)
    {
        _running.Remove(key, out var job);
        _slots.Release(job.Kind);
        var isRetried = _random.NextDouble() < load.RetryShare;
        _estimate.Ran(job.Kind, job.Size, TimeSpan.FromSeconds(_now - job.At), isRetried);
        if (isRetried)
        {
            var due = _now + 5 + (5 * _random.NextDouble());
            _delayed.Add(key, (job.Kind, job.Size, due));
            _events.Enqueue(() => Return(key), due);
        }

        StartWhatFits();
    }

    void Return(LineKey key)
    {
        _delayed.Remove(key, out var job);
        _line.Insert(job.Kind, key);
        StartWhatFits();
    }

    static double Share<T>(List<T> all, Func<T, bool> isSo) => all.Count == 0 ? 1 : all.Count(isSo) / (double)all.Count;

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
