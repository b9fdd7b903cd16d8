using System.Buffers.Binary;

namespace NextUp.Actors.Jobs;

/// <summary>Names a job for its whole life: URL, actor key, storage row and log field.</summary>
public readonly record struct JobId(Guid Value) : IParsable<JobId>
{
    /// <summary>A new id whose first bits are <paramref name="now"/>, so that ids sort by birth.</summary>
    public static JobId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>
    /// The time that the id was made with, to the millisecond; means nothing for one that <see cref="New"/> did not make.
    /// </summary>
    public DateTimeOffset BornAt
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Value.TryWriteBytes(bytes, bigEndian: true, out _);
            return DateTimeOffset.UnixEpoch.AddMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16);
        }
    }

    public static JobId Parse(string s, IFormatProvider? provider) => new(Guid.Parse(s));

    public static bool TryParse(string? s, IFormatProvider? provider, out JobId result)
    {
        var ok = Guid.TryParse(s, out var value);
        result = new(value);
        return ok;
    }

    public override string ToString() => Value.ToString("D");
}
