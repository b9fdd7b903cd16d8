using System.Numerics;

namespace NextUp.Actors.Queue;

/// <summary>
/// What the estimate's own hits and misses say about it: factors on p50 and p90, for all jobs of a kind and besides for each
/// depth of the line (powers of two of the jobs ahead). Each start moves the factors a small step, so that in the long run
/// half of the starts come before p50 and nine of ten before p90, whatever the load does (online quantile regression, the
/// scheme of adaptive conformal inference; Gibbs and Candes, NeurIPS 2021). Jobs that stood in one line had the same luck:
/// the deeper the line, the less each of them says, and the smaller its step.
/// </summary>
public sealed class Correction
{
    /// <summary>Depths that are told apart; the last one takes all that are deeper.</summary>
    public const int DepthsMax = 16;

    public const int FactorsCount = 2 * (DepthsMax + 1);

    /// <summary>No factor leaves 1/e^2 to e^2.</summary>
    const double LogFactorMax = 2;

    const double StepOfP50 = 0.03;
    const double StepOfP90 = 0.10;

    /// <summary>A little more than nine of ten is aimed at: what is learned is always a line late.</summary>
    const double MissShare = 0.09;

    // The factors' logarithms: of p50 by depth and for all, then of p90.
    readonly double[] _p50 = new double[DepthsMax + 1];
    readonly double[] _p90 = new double[DepthsMax + 1];

    public IEnumerable<double> LogFactors => _p50.Concat(_p90);

    public void Restore(IReadOnlyList<double> logFactors)
    {
        for (var i = 0; i < _p50.Length; i++)
        {
            _p50[i] = Math.Clamp(logFactors[i], -LogFactorMax, LogFactorMax);
            _p90[i] = Math.Clamp(logFactors[_p50.Length + i], -LogFactorMax, LogFactorMax);
        }
    }

    public (double P50, double P90) Apply(double p50, double p90, int ahead)
    {
        var median = p50 * FactorAt(_p50, ahead);
        return (median, Math.Max(median, p90 * FactorAt(_p90, ahead)));
    }

    /// <param name="p50">As forecast, before this correction; so is <paramref name="p90"/>. In seconds.</param>
    public void Learn(double p50, double p90, int ahead, double waited)
    {
        if (p50 <= 0)
            return;
        var weight = Math.Clamp(Math.Log(p90 / p50), 0.05, 1) / (1 + ahead);
        var isAfterP50 = waited > p50 * FactorAt(_p50, ahead);
        Move(_p50, ahead, weight * StepOfP50 * (isAfterP50 ? 0.5 : -0.5));
        var isAfterP90 = waited > p90 * FactorAt(_p90, ahead);
        Move(_p90, ahead, weight * StepOfP90 * (isAfterP90 ? 1 - MissShare : -MissShare));
    }

    static double FactorAt(double[] logs, int ahead) => Math.Exp(logs[DepthOf(ahead)] + logs[DepthsMax]);

    static void Move(double[] logs, int ahead, double step)
    {
        foreach (var at in (ReadOnlySpan<int>)[DepthOf(ahead), DepthsMax])
            logs[at] = Math.Clamp(logs[at] + (step / 2), -LogFactorMax, LogFactorMax);
    }

    static int DepthOf(int ahead) => Math.Min(BitOperations.Log2((uint)ahead + 1), DepthsMax - 1);
}
