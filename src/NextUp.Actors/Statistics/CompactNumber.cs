namespace NextUp.Actors.Statistics;

/// <summary>
/// Whole numbers from 0 on, seven bits a byte, low bits first, the high bit saying that more follow: how kept statistics
/// are stored.
/// </summary>
public static class CompactNumber
{
    /// <summary>The most bytes that one number takes.</summary>
    public const int BytesMax = 10;

    /// <summary>Writes at the start of the span, which has room for <see cref="BytesMax"/>, and answers the bytes used.</summary>
    public static int Write(Span<byte> target, long value)
    {
        var left = (ulong)value;
        var length = 0;
        for (; left >= 0x80; left >>= 7)
            target[length++] = (byte)(left | 0x80);
        target[length++] = (byte)left;
        return length;
    }

    /// <summary>Reads from the start of the span and moves the span behind it.</summary>
    public static long Read(ref ReadOnlySpan<byte> source)
    {
        if (source[0] is var first and < 0x80)
        {
            source = source[1..]; // Nearly all are this short.
            return first;
        }

        var value = 0UL;
        for (int used = 0, shift = 0; ; shift += 7)
        {
            var part = source[used++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part >= 0x80)
                continue;

            source = source[used..];
            return (long)value;
        }
    }
}
