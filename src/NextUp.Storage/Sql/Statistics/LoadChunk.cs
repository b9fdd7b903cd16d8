using NextUp.Actors.Statistics;

namespace NextUp.Storage.Sql.Statistics;

/// <summary>What a user asked for on one day.</summary>
record struct LoadCounts(long Accepted, long Completed, long Failed, long Cancelled, long ProcessingMicroseconds)
{
    public void Add(in LoadCounts other)
    {
        Accepted += other.Accepted;
        Completed += other.Completed;
        Failed += other.Failed;
        Cancelled += other.Cancelled;
        ProcessingMicroseconds += other.ProcessingMicroseconds;
    }
}

/// <summary>
/// The loads of up to <see cref="Users"/> users with neighbouring keys on one day, in one row: for each that has any,
/// how far it is from the one before, then its counts.
/// </summary>
sealed class LoadChunk
{
    public const int Users = 256;

    /// <summary>Room for the chunks of a day in the key of a row; part of the layout.</summary>
    const long ChunksMax = 1L << 32;

    readonly LoadCounts[] loads = new LoadCounts[Users];

    public ref LoadCounts this[long user] => ref loads[user % Users];

    public static long Key(long day, long chunk) => (day * ChunksMax) + chunk;

    public static long FirstKeyOf(long day) => Key(day, 0);

    public static long ChunkOf(long key) => key % ChunksMax;

    /// <summary>Adds what a row holds.</summary>
    public void Add(ReadOnlySpan<byte> row)
    {
        var user = -1L;
        while (!row.IsEmpty)
        {
            user += CompactNumber.Read(ref row);
            loads[user].Add(new LoadCounts(
                CompactNumber.Read(ref row), CompactNumber.Read(ref row), CompactNumber.Read(ref row),
                CompactNumber.Read(ref row), CompactNumber.Read(ref row)));
        }
    }

    /// <summary>Writes the row into the buffer, which holds <see cref="BytesMax"/>, and answers its length.</summary>
    public int WriteTo(Span<byte> row)
    {
        var (length, last) = (0, -1);
        for (var user = 0; user < Users; user++)
        {
            var load = loads[user];
            if (load == default)
                continue;
            length += CompactNumber.Write(row[length..], user - last);
            length += CompactNumber.Write(row[length..], load.Accepted);
            length += CompactNumber.Write(row[length..], load.Completed);
            length += CompactNumber.Write(row[length..], load.Failed);
            length += CompactNumber.Write(row[length..], load.Cancelled);
            length += CompactNumber.Write(row[length..], load.ProcessingMicroseconds);
            last = user;
        }

        return length;
    }

    public const int BytesMax = Users * 6 * CompactNumber.BytesMax;
}
