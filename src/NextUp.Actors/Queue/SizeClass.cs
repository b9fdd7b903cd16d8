using System.Numerics;

namespace NextUp.Actors.Queue;

/// <summary>
/// How large a job's file is, in powers of two: class 0 holds everything below 1 KiB, each further class twice as much, the
/// last one everything from 4 GiB on. Jobs of one kind and class are taken to need about the same time.
/// </summary>
public readonly record struct SizeClass(byte Value)
{
    /// <summary>How many classes there are.</summary>
    public const int Count = 24;

    const int SmallestLog2 = 10;

    public static SizeClass Of(long bytes) =>
        new((byte)Math.Clamp(BitOperations.Log2((ulong)Math.Max(1, bytes)) - SmallestLog2 + 1, 0, Count - 1));
}
