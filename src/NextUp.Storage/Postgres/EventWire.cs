using System.Buffers;
using System.Globalization;
using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Postgres;

/// <summary>
/// Events as they go to other servers: a line each of number, time, type, attempt, job, reason and user. A reason is escaped,
/// begins with <c>=</c>, and is cut after <see cref="ReasonLengthMax"/> characters; who needs all of it reads the user's events.
/// </summary>
static class EventWire
{
    /// <summary>PostgreSQL takes notices below 8,000 bytes; more events go in more notices.</summary>
    public const int NoticeBytesMax = 7_900;

    /// <summary>Even if each character takes nine bytes, some events fit into a notice.</summary>
    public const int ReasonLengthMax = 300;

    /// <summary>The notices that the events fill, in order.</summary>
    public static IEnumerable<string> Write(IReadOnlyList<JobEvent> events)
    {
        var text = new StringBuilder();
        var bytes = 0;
        foreach (var happened in events)
        {
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{happened.Number} {happened.At.UtcTicks} {(int)happened.Type} {happened.Attempt} "
                + $"{happened.Job.Value:n} {Escaped(happened.Reason)} {happened.User.Value}\n");
            var length = Encoding.UTF8.GetByteCount(line);
            if (bytes + length > NoticeBytesMax)
            {
                yield return text.ToString();
                (bytes, text) = (0, text.Clear());
            }

            text.Append(line);
            bytes += length;
        }

        if (bytes > 0)
            yield return text.ToString();
    }

    public static List<JobEvent> Read(string notice)
    {
        var events = new List<JobEvent>();
        foreach (var line in notice.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ', 7);
            events.Add(new JobEvent(
                new UserId(parts[6]), long.Parse(parts[0], CultureInfo.InvariantCulture),
                new DateTimeOffset(long.Parse(parts[1], CultureInfo.InvariantCulture), TimeSpan.Zero),
                (JobEventType)int.Parse(parts[2], CultureInfo.InvariantCulture), new JobId(Guid.ParseExact(parts[4], "n")),
                int.Parse(parts[3], CultureInfo.InvariantCulture),
                parts[5].Length == 0 ? null : Uri.UnescapeDataString(parts[5][1..])));
        }

        return events;
    }

    static string Escaped(string? reason) => reason is null ? ""
        : "=" + Uri.EscapeDataString(reason.Length <= ReasonLengthMax ? reason : Cut(reason));

    // Half a surrogate pair cannot be escaped.
    static string Cut(string reason) =>
        reason[..(char.IsHighSurrogate(reason[ReasonLengthMax - 1]) ? ReasonLengthMax - 1 : ReasonLengthMax)];
}
