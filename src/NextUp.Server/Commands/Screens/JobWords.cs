using System.Globalization;
using System.Text;
using System.Text.Json;
using NextUp.Client.Wire;

namespace NextUp.Server.Commands.Screens;

/// <summary>How a job is spoken of; the same words as on the pages.</summary>
static class JobWords
{
    const int SecondsShownMax = 90;
    const int MinutesShownMax = 90;

    public static string Of(JobView job) => job.State switch
    {
        JobStateNames.Pending => OfWaiting(job),
        JobStateNames.Processing => OfProgress(job.Progress),
        JobStateNames.Completed =>
            OfSummary(job.Summary) is { Length: > 0 } counts ? $"completed: {counts}" : "completed",
        _ => job.Error is { Length: > 0 } error ? $"{job.State}: {error}" : job.State,
    };

    /// <summary>1 "Next up", 2 "2nd in line", 3 "Position #3", 4 "Position #4 (3 jobs ahead)".</summary>
    public static string OfPosition(int position) => position switch
    {
        <= 1 => "Next up",
        2 => "2nd in line",
        3 => "Position #3",
        _ => $"Position #{position} ({position - 1} jobs ahead)",
    };

    /// <summary>The colour that goes with the words.</summary>
    public static Tone ToneOf(JobView job) => job.State switch
    {
        JobStateNames.Completed => Tone.Good,
        JobStateNames.Failed => Tone.Bad,
        JobStateNames.Cancelled => Tone.Faint,
        JobStateNames.Processing => Tone.Plain,
        _ => job.Position switch
        {
            null => Tone.Faint,
            1 => Tone.Good,
            2 => Tone.Next,
            _ => Tone.Waiting,
        },
    };

    public static string OfProgress(JobProgressView progress)
    {
        var words = new StringBuilder().Append(progress.Percent).Append(" %");
        if (progress.Step is { Length: > 0 } step)
            words.Append(' ').Append(step);
        if (progress.Done > 0 || progress.Total is not null)
        {
            words.Append(" (").Append(progress.Done);
            if (progress.Total is { } total)
                words.Append(" of ").Append(total);
            if (progress.Failed > 0)
                words.Append(", ").Append(progress.Failed).Append(" failed");
            words.Append(')');
        }

        return words.ToString();
    }

    /// <summary>"starts in 12 s to 40 s", or nothing when nothing is known.</summary>
    public static string OfEstimate(StartEstimateView? estimate)
    {
        if (estimate is null)
            return "";
        var early = OfSeconds(estimate.P50Seconds);
        var late = OfSeconds(estimate.P90Seconds);
        return early == late ? $"starts in {early}" : $"starts in {early} to {late}";
    }

    public static string OfSeconds(int seconds)
    {
        if (seconds < SecondsShownMax)
            return $"{Math.Max(0, seconds)} s";
        var minutes = (seconds + 30) / 60;
        return minutes < MinutesShownMax ? $"{minutes} min" : $"{minutes / 60} h {minutes % 60} min";
    }

    public static string OfSize(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => (bytes / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + " kB",
        < 1_000_000_000 => (bytes / 1e6).ToString("0.#", CultureInfo.InvariantCulture) + " MB",
        _ => (bytes / 1e9).ToString("0.#", CultureInfo.InvariantCulture) + " GB",
    };

    /// <summary>
    /// The counts of a result of any kind: <c>fieldsAdded: 12</c> becomes "12 fields added"; noughts go without saying.
    /// </summary>
    public static string OfSummary(JsonElement? summary)
    {
        if (summary is not { ValueKind: JsonValueKind.Object } counts)
            return "";
        return string.Join(", ", counts.EnumerateObject()
            .Where(count => count.Value.ValueKind == JsonValueKind.Number && count.Value.GetDouble() != 0)
            .Select(count => $"{count.Value} {Spaced(count.Name)}"));
    }

    static string OfWaiting(JobView job)
    {
        if (job.IsHeld)
            return job.WaitsFor is { Length: > 0 } other ? $"held, waits for {other}" : "held";
        if (job.NextAttemptAt is { } next)
            return $"waits to be tried again at {next.UtcDateTime:HH:mm:ss} UTC (attempt {job.Attempt + 1} of "
                + $"{job.AttemptsMax})";
        if (job.NotBefore is { } asked && job.Position is null)
            return $"enters the line at {asked.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, as asked";
        if (job.Position is not { } position)
            return "waiting";

        var words = new StringBuilder(OfPosition(position));
        if (job.Wait is { } wait)
            words.Append(", ").Append(wait.Text.TrimEnd('.'));
        if (OfEstimate(job.Estimate) is { Length: > 0 } estimate)
            words.Append(", ").Append(estimate);
        if (job.Overtaken is { } overtaken)
            words.Append(" (").Append(overtaken.Text).Append(')');
        return words.ToString();
    }

    static string Spaced(string camelCase)
    {
        var words = new StringBuilder();
        foreach (var letter in camelCase)
        {
            if (char.IsUpper(letter) && words.Length > 0)
                words.Append(' ');
            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
