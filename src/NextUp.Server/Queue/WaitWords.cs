using System.Globalization;
using NextUp.Actors.Queue;
using NextUp.Client.Wire;

namespace NextUp.Server.Queue;

/// <summary>Why a job waits, and why it waits longer than it did, in words. Nothing in them tells whose the others are.</summary>
static class WaitWords
{
    public const string PausedBySettings =
        "An operator has paused the queue. Jobs are accepted and wait; what runs goes on.";

    const string Paused = "paused";
    const string Window = "window";
    const string Worker = "worker";

    public static WaitView? Of(QueueWait? wait, DateTimeOffset now) => wait switch
    {
        QueueWait.Paused { Pause: { } pause } => new(Paused, OfPause(pause), null),
        QueueWait.Paused => new(Paused, PausedBySettings, null),
        QueueWait.NoWorker => new(Worker, "No worker for this kind of job is at work now. Your job keeps its place.", null),
        QueueWait.Closed closed => new(Window, OfWindow(closed, now), closed.Opens),
        _ => null,
    };

    /// <summary>What those who wait are told of a pause.</summary>
    public static string OfPause(Pause pause)
    {
        var what = pause.Target switch
        {
            PauseTarget.OfKind => "Jobs of this kind are paused",
            PauseTarget.OfUser => "Your jobs are paused",
            _ => "The queue is paused",
        };
        return pause.Reason is { } reason ? $"{what}: {reason}" : $"{what} by an operator.";
    }

    public static OvertakenView? Of(Overtaken? overtaken)
    {
        if (overtaken is not { Count: > 0 } by)
            return null;

        List<string> parts = [];
        Add(parts, by.HeadStarts, "urgent or small job came in before you", "urgent or small jobs came in before you");
        Add(parts, by.Retries, "job before you is tried again", "jobs before you are tried again");
        Add(parts, by.Delays, "job before you had asked for this time", "jobs before you had asked for this time");
        Add(parts, by.Resumes, "job before you was paused and may start again", "jobs before you were paused and may start again");
        return new(by.HeadStarts, by.Retries, by.Delays, by.Resumes, string.Join("; ", parts));
    }

    static string OfWindow(QueueWait.Closed closed, DateTimeOffset now)
    {
        if (closed.Opens is not { } opens)
            return "no window in which it may start is ahead";

        var there = TimeZoneInfo.ConvertTime(opens, closed.Zone);
        var format = opens - now < TimeSpan.FromDays(1) ? "HH:mm" : "ddd HH:mm";
        return $"starts from {there.ToString(format, CultureInfo.InvariantCulture)} {closed.Zone.Id}";
    }

    static void Add(List<string> parts, int count, string one, string several)
    {
        if (count > 0)
            parts.Add($"{count} {(count == 1 ? one : several)}");
    }
}
