using NextUp.Client.Wire;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary>Jobs as rows.</summary>
static class JobTable
{
    public static readonly IReadOnlyList<string> Columns = ["job", "file", "size", "accepted", "state", ""];

    public static IReadOnlyList<Cell> Row(JobView job) =>
    [
        job.Id,
        job.FileName,
        JobWords.OfSize(job.FileSize),
        Time(job.AcceptedAt),
        new(job.State, JobWords.ToneOf(job)),
        // "completed: 75 total entries" says the state a second time.
        new(JobWords.Of(job) is var words && words.StartsWith(job.State, StringComparison.Ordinal)
            ? words[job.State.Length..].TrimStart(':', ' ')
            : words, JobWords.ToneOf(job)),
    ];

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'");
}
