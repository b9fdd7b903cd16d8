using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql;

/// <summary>
/// A job's events as they lie in its row, one after the other, oldest first: number, time, type, attempt, and the
/// reason's length plus one (0 for none) before the reason itself. Numbers are unsigned and written seven bits a byte,
/// low bits first, the high bit saying that more follow; the time is in unix microseconds, zigzagged. About 12 bytes
/// an event without a reason. The types' numbers are those of <see cref="JobEventType"/>.
/// </summary>
static class EventTrail
{
    const int NumberBytesMax = 10;

    public static byte[] Append(byte[] trail, in TrailEvent added)
    {
        var reasonBytes = added.Reason is null ? 0 : Encoding.UTF8.GetByteCount(added.Reason);
        Span<byte> head = stackalloc byte[(4 * NumberBytesMax) + 1];
        var length = Write(head, (ulong)added.Number);
        length += Write(head[length..], Zigzag(added.At));
        head[length++] = (byte)added.Type;
        length += Write(head[length..], (ulong)added.Attempt);
        length += Write(head[length..], added.Reason is null ? 0 : (ulong)reasonBytes + 1);

        var grown = GC.AllocateUninitializedArray<byte>(trail.Length + length + reasonBytes);
        trail.CopyTo(grown, 0);
        head[..length].CopyTo(grown.AsSpan(trail.Length));
        if (added.Reason is not null)
            Encoding.UTF8.GetBytes(added.Reason, grown.AsSpan(trail.Length + length));
        return grown;
    }

    /// <summary>Adds the trail's events numbered above <paramref name="after"/>.</summary>
    public static void Read(ReadOnlySpan<byte> trail, UserId user, JobId job, long after, List<JobEvent> into)
    {
        while (!trail.IsEmpty)
        {
            var next = Take(ref trail, out var reason);
            if (next.Number > after)
            {
                var text = reason is { } bytes ? Encoding.UTF8.GetString(trail[..bytes]) : null;
                var at = DateTimeOffset.UnixEpoch.AddTicks(next.At * 10);
                into.Add(new JobEvent(user, next.Number, at, next.Type, job, next.Attempt, text));
            }

            trail = trail[(reason ?? 0)..];
        }
    }

    /// <summary>The trail's events, oldest first.</summary>
    public static List<TrailEvent> All(ReadOnlySpan<byte> trail)
    {
        var all = new List<TrailEvent>();
        while (!trail.IsEmpty)
        {
            var next = Take(ref trail, out var reason);
            all.Add(reason is { } bytes ? next with { Reason = Encoding.UTF8.GetString(trail[..bytes]) } : next);
            trail = trail[(reason ?? 0)..];
        }

        return all;
    }

    /// <summary>The number of the trail's last event; 0 of an empty one.</summary>
    public static long LastNumber(ReadOnlySpan<byte> trail)
    {
        var last = 0L;
        while (!trail.IsEmpty)
        {
            last = Take(ref trail, out var reason).Number;
            trail = trail[(reason ?? 0)..];
        }

        return last;
    }

    /// <summary>When the last event of the type happened, in unix microseconds; null without one.</summary>
    public static long? TimeOfLast(ReadOnlySpan<byte> trail, JobEventType type)
    {
        long? last = null;
        while (!trail.IsEmpty)
        {
            var next = Take(ref trail, out var reason);
            last = next.Type == type ? next.At : last;
            trail = trail[(reason ?? 0)..];
        }

        return last;
    }

    static TrailEvent Take(ref ReadOnlySpan<byte> trail, out int? reasonBytes)
    {
        var number = (long)Number(ref trail);
        var at = Number(ref trail);
        var type = (JobEventType)trail[0];
        trail = trail[1..];
        var attempt = (int)Number(ref trail);
        var reason = (int)Number(ref trail);
        reasonBytes = reason == 0 ? null : reason - 1;
        return new(number, (long)(at >> 1) ^ -(long)(at & 1), type, attempt, null);
    }

    static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    static int Write(Span<byte> target, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            target[length++] = (byte)(value | 0x80);
        target[length++] = (byte)value;
        return length;
    }

    static ulong Number(ref ReadOnlySpan<byte> trail)
    {
        var value = 0UL;
        for (int used = 0, shift = 0; ; shift += 7)
        {
            var part = trail[used++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part >= 0x80)
                continue;

            trail = trail[used..];
            return value;
        }
    }
}

/// <param name="At">Unix microseconds.</param>
readonly record struct TrailEvent(long Number, long At, JobEventType Type, int Attempt, string? Reason);
