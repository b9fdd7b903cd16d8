using System.Numerics;

namespace NextUp.Actors.Queue;

/// <summary>
/// What the estimate's own hits and misses say about it: shifts of p50 and p90, for all jobs of a kind and besides for each
/// depth of the line (powers of two of the jobs ahead). Each start moves the shifts a small step, so that in the long run
/// half of the starts come before p50 and nine of ten before p90, whatever the load does (online quantile regression, the
/// scheme of adaptive conformal inference; Gibbs and Candes, NeurIPS 2021).
/// <para>
/// A shift counts in widths of the forecast, log(p90 / p50), for what is a small error behind one job is a large one behind
/// a thousand. And jobs that stood in one line had the same luck: a start says as much as the part of its wait that went by
/// since the last start that was learned from, however many wait and however few of them were promised a time.
/// </para>
/// </summary>
public sealed class Correction
{
    /// <summary>Depths that are told apart; the last one takes all that are deeper.</summary>
    public const int DepthsMax = 16;

    public const int ShiftsCount = 2 * (DepthsMax + 1);

    /// <summary>No shift is larger, in widths.</summary>
    public const double ShiftMax = 20;

    /// <summary>No shift changes an estimate by more than e^2.</summary>
    const double LogFactorMax = 2;

    const double WidthMin = 0.01;
    const double WidthMax = 1;

    /// <summary>How far a start moves a shift that waited wholly by itself, in widths.</summary>
    const double Step = 0.1;

    // Of p50 by depth and for all, then of p90.
    readonly double[] _p50 = new double[DepthsMax + 1];
    readonly double[] _p90 = new double[DepthsMax + 1];
    readonly DateTimeOffset?[] _learnedAt = new DateTimeOffset?[DepthsMax + 1];

    public IEnumerable<double> Shifts => _p50.Concat(_p90);

    public void Restore(IReadOnlyList<double> shifts)
    {
        for (var i = 0; i < _p50.Length; i++)
        {
            _p50[i] = Math.Clamp(shifts[i], -ShiftMax, ShiftMax);
            _p90[i] = Math.Clamp(shifts[_p50.Length + i], -ShiftMax, ShiftMax);
        }
    }

    public (double P50, double P90) Apply(double p50, double p90, int ahead)
    {
        var width = WidthOf(p50, p90);
        var median = p50 * FactorAt(_p50, ahead, width);
        return (median, Math.Max(median, p90 * FactorAt(_p90, ahead, width)));
    }

    /// <param name="now">When the job started.</param>
    /// <param name="p50">As forecast, before this correction; so is <paramref name="p90"/>. In seconds.</param>
    public void Learn(DateTimeOffset now, double p50, double p90, int ahead, double waited)
    {
        if (p50 <= 0 || waited <= 0)
            return;
        var width = WidthOf(p50, p90);
        var stepOfP50 = Step * ((waited > p50 * FactorAt(_p50, ahead, width) ? 1 : 0) - 0.5);
        var stepOfP90 = Step * ((waited > p90 * FactorAt(_p90, ahead, width) ? 1 : 0) - (1 - Estimate.P90Share));
        foreach (var at in (ReadOnlySpan<int>)[DepthOf(ahead), DepthsMax])
        {
            var news = _learnedAt[at] is { } before ? Math.Clamp((now - before).TotalSeconds / waited, 0, 1) : 1;
            _p50[at] = Math.Clamp(_p50[at] + (news * stepOfP50 / 2), -ShiftMax, ShiftMax);
            _p90[at] = Math.Clamp(_p90[at] + (news * stepOfP90 / 2), -ShiftMax, ShiftMax);
            _learnedAt[at] = now;
        }
    }

    static double WidthOf(double p50, double p90) =>
        p50 > 0 ? Math.Clamp(Math.Log(p90 / p50), WidthMin, WidthMax) : WidthMax;

    static double FactorAt(double[] shifts, int ahead, double width) =>
        Math.Exp(Math.Clamp((shifts[DepthOf(ahead)] + shifts[DepthsMax]) * width, -LogFactorMax, LogFactorMax));

    static int DepthOf(int ahead) => Math.Min(BitOperations.Log2((uint)ahead + 1), DepthsMax - 1);
}
