using System.Buffers;
using System.Globalization;
using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Postgres;

/// <summary>
/// Events as they go to other servers: a line each of number, time, type, attempt, job and user. A reason is not sent, since
/// it may be long; who needs it reads the user's events.
/// </summary>
static class EventWire
{
    /// <summary>PostgreSQL takes notices below 8,000 bytes; more events go in more notices.</summary>
    public const int NoticeBytesMax = 7_900;

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
                + $"{happened.Job.Value:n} {happened.User.Value}\n");
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
            var parts = line.Split(' ', 6);
            events.Add(new JobEvent(
                new UserId(parts[5]), long.Parse(parts[0], CultureInfo.InvariantCulture),
                new DateTimeOffset(long.Parse(parts[1], CultureInfo.InvariantCulture), TimeSpan.Zero),
                (JobEventType)int.Parse(parts[2], CultureInfo.InvariantCulture), new JobId(Guid.ParseExact(parts[4], "n")),
                int.Parse(parts[3], CultureInfo.InvariantCulture), null));
        }

        return events;
    }
}
