using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <summary>What a forecast starts from: the queue at one moment.</summary>
/// <param name="Kinds">Every kind that is spoken of; the other figures name a kind by its place in here.</param>
/// <param name="Running">Each running attempt and the seconds it has run.</param>
/// <param name="Delayed">Jobs that wait out a retry's delay, and the seconds until they stand in the line again.</param>
/// <param name="Front">The first jobs of the line, in its order.</param>
public sealed record QueuePicture(
    int Slots,
    IReadOnlyList<KindPicture> Kinds,
    IReadOnlyList<(int Kind, SizeClass Size, double Elapsed)> Running,
    IReadOnlyList<(int Kind, SizeClass Size, double Due)> Delayed,
    IReadOnlyList<(int Kind, SizeClass Size)> Front);

/// <param name="Slots">Jobs of the kind that may run at once.</param>
public sealed record KindPicture(JobKind Kind, int Slots, TimePicture Times);

/// <summary>
/// When the jobs of the line will start. The near part, up to as many jobs as the picture's front has, is played through
/// again and again with service times drawn from the measured ones, under the very rule by which the queue gives out slots.
/// What lies behind is added as a sum: its mean over the slots that do it, and its spread.
/// </summary>
sealed class Forecast
{
    /// <summary>Drawing more service times than this a forecast would cost the queue's turn too much.</summary>
    const int DrawsMax = 5_000;

    const int TrialsMin = 24;
    const int TrialsMax = 256;

    readonly QueuePicture _picture;
    readonly double _cancelRate;
    readonly int _trials;
    readonly float[][] _starts;
    readonly float[][] _behind;
    readonly int[,] _frontCounts;

    public Forecast(QueuePicture picture, double cancelRate, ulong seed)
    {
        _picture = picture;
        _cancelRate = cancelRate;
        _trials = Math.Clamp(DrawsMax / (picture.Running.Count + picture.Front.Count + 1), TrialsMin, TrialsMax);
        _starts = Rows(picture.Front.Count);
        _behind = Rows(picture.Kinds.Count);
        _frontCounts = new int[picture.Kinds.Count, SizeClass.Count];
        foreach (var (kind, size) in picture.Front)
            _frontCounts[kind, size.Value]++;

        var trial = new ForecastTrial(picture, cancelRate, new(seed));
        for (var i = 0; i < _trials; i++)
            trial.Play(i, _starts, _behind);
        foreach (var starts in _starts)
            Array.Sort(starts);
        foreach (var starts in _behind)
            Array.Sort(starts);
    }

    /// <summary>How many jobs of the front a forecast for so many slots wants to see.</summary>
    public static int FrontOf(int slots) => 16 + Math.Min(2 * slots, 64);

    /// <summary>Seconds until a job of the kind starts that has these ahead of it, by kind and size class; unordered.</summary>
    public (double P50, double P90) StartOf(int kind, int[,] ahead)
    {
        var total = 0;
        foreach (var count in ahead)
            total += count;
        for (var i = total; i < _starts.Length; i++)
        {
            if (_picture.Front[i].Kind == kind)
                return Widened(Quantile(_starts[i], 0.5), Quantile(_starts[i], 0.9), ahead);
        }

        return Behind(kind, ahead);
    }

    (double P50, double P90) Behind(int kind, int[,] ahead)
    {
        var (mean, variance, third) = Moments(_behind[kind]);
        double[] work = new double[_picture.Kinds.Count];
        double wholeWork = 0, workVariance = 0, workThird = 0;
        for (var other = 0; other < work.Length; other++)
        {
            for (byte size = 0; size < SizeClass.Count; size++)
            {
                var count = Math.Max(0, ahead[other, size] - _frontCounts[other, size]);
                if (count == 0)
                    continue;
                ref readonly var one = ref _picture.Kinds[other].Times.Moments(new(size));
                work[other] += count * one.Mean;
                workVariance += count * one.Variance;
                workThird += count * one.Third;
            }

            wholeWork += work[other];
        }

        if (wholeWork > 0)
        {
            var time = SlotShares.TimeFor(kind, work, _picture);
            var scale = time / wholeWork;
            if (_cancelRate > 0 && time > 0)
            {
                var thinned = Math.Log(1 + (_cancelRate * time * Math.Exp(-_cancelRate * mean))) / _cancelRate;
                scale *= thinned / time;
                time = thinned;
            }

            mean += time;
            variance += workVariance * scale * scale;
            third += workThird * scale * scale * scale;
        }

        var skew = variance > 0 ? third / Math.Pow(variance, 1.5) : 0;
        var deviation = Math.Sqrt(variance);
        return Widened(
            Math.Max(0, mean + (deviation * PearsonThree(0, skew))),
            Math.Max(0, mean + (deviation * PearsonThree(Normal90, skew))), ahead);
    }

    const double Normal90 = 1.2815515655446004;

    /// <summary>The mean service times are known as well as their samples are many: a long line multiplies their error.</summary>
    (double P50, double P90) Widened(double p50, double p90, int[,] ahead)
    {
        double work = 0, doubt = 0;
        for (var kind = 0; kind < _picture.Kinds.Count; kind++)
        {
            for (byte size = 0; size < SizeClass.Count; size++)
            {
                double count = ahead[kind, size];
                if (count == 0)
                    continue;
                ref readonly var one = ref _picture.Kinds[kind].Times.Moments(new(size));
                work += count * one.Mean;
                doubt += count * count * one.MeanDoubt;
            }
        }

        if (work <= 0)
            return (p50, p90);
        var deviation = p50 * Math.Sqrt(doubt) / work * Normal90;
        return (p50, p50 + Math.Sqrt(((p90 - p50) * (p90 - p50)) + (deviation * deviation)));
    }

    /// <summary>A standardised quantile of Pearson's type III by Wilson and Hilferty (PNAS 17, 1931).</summary>
    static double PearsonThree(double normal, double skew)
    {
        var bounded = Math.Min(skew, 4);
        if (bounded < 1e-3)
            return normal;
        var root = Math.Max(0, 1 + (bounded * normal / 6) - (bounded * bounded / 36));
        return 2 / bounded * ((root * root * root) - 1);
    }

    static (double Mean, double Variance, double Third) Moments(float[] values)
    {
        double sum = 0, squares = 0, cubes = 0;
        foreach (double value in values)
            sum += value;
        var mean = sum / values.Length;
        foreach (double value in values)
        {
            var off = value - mean;
            squares += off * off;
            cubes += off * off * off;
        }

        return (mean, squares / values.Length, Math.Max(0, cubes / values.Length));
    }

    static double Quantile(float[] sorted, double share)
    {
        var at = Math.Clamp((share * sorted.Length) - 0.5, 0, sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }

    float[][] Rows(int count)
    {
        var rows = new float[count][];
        for (var i = 0; i < count; i++)
            rows[i] = new float[_trials];
        return rows;
    }
}
