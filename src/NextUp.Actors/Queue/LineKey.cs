using NextUp.Actors.Jobs;

namespace NextUp.Actors.Queue;

/// <summary>
/// The one order of the line: arrival less head start, then sequence. Smaller leaves first. Nothing else ever orders jobs.
/// </summary>
/// <param name="At">
/// Unix time in microseconds: arrival in the line minus the head start. Negative where that is very long.
/// </param>
public readonly record struct LineKey(long At, JobSequence Sequence) : IComparable<LineKey>
{
    /// <summary>
    /// How large the job's file is, which the estimate wants to know of those ahead; no part of the order or of equality.
    /// </summary>
    public SizeClass Size { get; init; }

    public bool Equals(LineKey other) => At == other.At && Sequence == other.Sequence;

    public override int GetHashCode() => HashCode.Combine(At, Sequence);

    public static LineKey Of(DateTimeOffset arrival, TimeSpan headStart, JobSequence sequence) =>
        new(Microseconds(arrival) - Microseconds(headStart), sequence);

    public static long Microseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10;

    public static long Microseconds(TimeSpan span) => span.Ticks / 10;

    /// <summary>The time as it can be kept: a store that counts microseconds gives back exactly this.</summary>
    public static DateTimeOffset WholeMicroseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public int CompareTo(LineKey other)
    {
        var byTime = At.CompareTo(other.At);
        return byTime != 0 ? byTime : Sequence.CompareTo(other.Sequence);
    }

    public static bool operator <(LineKey left, LineKey right) => left.CompareTo(right) < 0;

    public static bool operator >(LineKey left, LineKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(LineKey left, LineKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LineKey left, LineKey right) => left.CompareTo(right) >= 0;
}
