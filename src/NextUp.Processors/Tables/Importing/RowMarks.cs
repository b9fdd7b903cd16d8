using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NextUp.Actors.Tables;

namespace NextUp.Processors.Tables.Importing;

/// <summary>Makes the marks of values that must be unique. Used by one thread at a time.</summary>
/// <remarks>
/// <para>A store keeps marks in their order, and a mark that is all hash lies anywhere: each of a million rows touches a page of
/// its own, and every batch writes them all. So in a mark of the newer layout stand first 16 bits of its column's hash, then 32
/// bits that are near each other for values that mostly come together (the number in them, else their first letters), then 80
/// bits of the value's hash. Two different values of ten million have the same mark once in 10^10 tables.</para>
/// <para>Marks of a table are all of one layout, or a value that is there would not be found; which one it is stands in the
/// plans of its imports.</para>
/// </remarks>
sealed class RowMarks(int layout)
{
    /// <summary>Of tables from before plans had one: the beginning of a SHA-256.</summary>
    public const int HashLayout = 0;

    /// <summary>Of new tables.</summary>
    public const int NearLayout = 1;

    const int NearBytes = 4;

    readonly Dictionary<string, ushort> _homes = new(StringComparer.Ordinal);

    /// <param name="home">Whose value it is: a column, or the key; the hash is that of both as one text.</param>
    public ValueMark Of(string home, string value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(home + value, hash);
        if (layout == HashLayout)
            return new(BinaryPrimitives.ReadUInt128BigEndian(hash));
        Span<byte> mark = stackalloc byte[16];
        BinaryPrimitives.WriteUInt16BigEndian(mark, HomeOf(home));
        BinaryPrimitives.WriteUInt32BigEndian(mark[sizeof(ushort)..], Near(value));
        hash[..(mark.Length - sizeof(ushort) - NearBytes)].CopyTo(mark[(sizeof(ushort) + NearBytes)..]);
        return new(BinaryPrimitives.ReadUInt128BigEndian(mark));
    }

    ushort HomeOf(string home)
    {
        if (_homes.TryGetValue(home, out var known))
            return known;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(home, hash);
        return _homes[home] = BinaryPrimitives.ReadUInt16BigEndian(hash);
    }

    /// <summary>The number of the longest row of digits, the last of these, in 32 bits; else the first letters.</summary>
    static uint Near(string value)
    {
        var (number, length, best, bestLength) = (0u, 0, 0u, 0);
        foreach (var letter in value)
        {
            (number, length) = char.IsAsciiDigit(letter) ? (unchecked((number * 10) + (uint)(letter - '0')), length + 1) : (0, 0);
            if (length > 0 && length >= bestLength)
                (best, bestLength) = (number, length);
        }

        if (bestLength > 0)
            return best;
        for (var i = 0; i < NearBytes; i++)
            best = (best << 8) | (i < value.Length ? (byte)value[i] : 0u);
        return best;
    }

    static void Hash(string text, Span<byte> hash)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, bytes);
        SHA256.HashData(bytes.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
