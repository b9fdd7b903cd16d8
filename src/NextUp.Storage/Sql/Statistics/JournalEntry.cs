using System.Buffers;
using System.Text;
using NextUp.Actors.Statistics;

namespace NextUp.Storage.Sql.Statistics;

/// <summary>What is counted. The numbers are stored; they are never reused.</summary>
enum Counted
{
    Accepted = 0,
    Started = 1,
    Completed = 2,
    Failed = 3,
    Cancelled = 4,
    Retried = 5,

    /// <summary>An attempt was over without an end or a failure: the server was stopped.</summary>
    Interrupted = 6,
}

/// <summary>One thing that happened to one job, as the journal holds it.</summary>
/// <param name="At">Unix seconds.</param>
/// <param name="Duration">The wait of a first start, or how long an attempt ran, in microseconds; null without.</param>
/// <param name="Cause">Of a failed or retried job.</param>
/// <param name="Job">The same.</param>
readonly record struct JournalEntry(
    Counted What, long At, long Kind, long User, long? Duration, string? Cause = null, Guid Job = default)
{
    const int HeadBytesMax = 1 + (4 * CompactNumber.BytesMax);
    const int IdBytes = 16;

    bool HasCause => What is Counted.Failed or Counted.Retried;

    /// <summary>Writes entries of about one time, some ten bytes each where nothing failed.</summary>
    public static void Write(ArrayBufferWriter<byte> target, IReadOnlyList<JournalEntry> entries)
    {
        var first = entries[0].At;
        target.Advance(CompactNumber.Write(target.GetSpan(CompactNumber.BytesMax), first));
        for (var i = 0; i < entries.Count; i++)
            entries[i].Write(target, first);
    }

    public static void Read(ReadOnlySpan<byte> content, Action<JournalEntry> into)
    {
        var first = CompactNumber.Read(ref content);
        while (!content.IsEmpty)
            into(Read(ref content, first));
    }

    void Write(ArrayBufferWriter<byte> target, long first)
    {
        var head = target.GetSpan(HeadBytesMax);
        head[0] = (byte)What;
        var length = 1;
        length += CompactNumber.Write(head[length..], Zigzag(At - first));
        length += CompactNumber.Write(head[length..], Kind);
        length += CompactNumber.Write(head[length..], User);
        length += CompactNumber.Write(head[length..], Duration is { } known ? Math.Max(0, known) + 1 : 0);
        target.Advance(length);
        if (!HasCause)
            return;

        var bytes = Encoding.UTF8.GetByteCount(Cause!);
        var tail = target.GetSpan(CompactNumber.BytesMax + bytes + IdBytes);
        length = CompactNumber.Write(tail, bytes);
        length += Encoding.UTF8.GetBytes(Cause!, tail[length..]);
        Job.TryWriteBytes(tail[length..], bigEndian: true, out _);
        target.Advance(length + IdBytes);
    }

    static JournalEntry Read(ref ReadOnlySpan<byte> content, long first)
    {
        var what = (Counted)content[0];
        content = content[1..];
        var at = CompactNumber.Read(ref content);
        var kind = CompactNumber.Read(ref content);
        var user = CompactNumber.Read(ref content);
        var duration = CompactNumber.Read(ref content);
        var entry = new JournalEntry(
            what, first + ((at >> 1) ^ -(at & 1)), kind, user, duration == 0 ? null : duration - 1);
        if (!entry.HasCause)
            return entry;

        var bytes = (int)CompactNumber.Read(ref content);
        entry = entry with
        {
            Cause = Encoding.UTF8.GetString(content[..bytes]),
            Job = new Guid(content.Slice(bytes, IdBytes), bigEndian: true),
        };
        content = content[(bytes + IdBytes)..];
        return entry;
    }

    static long Zigzag(long value) => (value << 1) ^ (value >> 63);
}
