using NextUp.Actors.Jobs;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;
using NextUp.Client.Cleanup;
using NextUp.Server.Live;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Cleanup;

/// <summary>
/// Makes of a job what operators may see. What its user called it or put into it is not among that; the error as written
/// and the log, which may speak of it, are for administrators.
/// </summary>
sealed class CaredJobs(IJobStore store, UserMarks marks)
{
    /// <summary>Lines of the log's end that are shown.</summary>
    public const int LastLinesMax = 50;

    /// <summary>Lines read at a time on the way to the log's end.</summary>
    const int LinesPageMax = 1_000;

    public CaredJobView Of(JobRecord job) => new(
        job.Id.ToString(), job.Kind.Value, marks.Of(job.User), job.User.AccountName, Problems.Name(job.State), job.IsHeld,
        job.FileSize, job.Priority, job.Attempt, job.Failures, job.Crashes, job.AcceptedAt, job.StartedAt, job.EndedAt,
        job.Deadline, job.NotBefore, job.SetAsideAt, job.Progress.Percent, job.Progress.Step, CauseOf(job.Error, job));

    public async ValueTask<CaredJobDetail> DetailAsync(JobRecord job, bool isForAdministrator)
    {
        var history = await store.HistoryAsync(job);
        return new(
            Of(job),
            [.. history.Select(told => new CaredJobEvent(
                told.At, EventConnection.Name(told.Type), told.Attempt, CauseOf(told.Reason, job)))],
            isForAdministrator ? job.Error : null,
            isForAdministrator ? await LastLinesAsync(job) : null);
    }

    static string? CauseOf(string? error, JobRecord job) => error is null ? null : FailureCause.Of(error, job.FileName);

    async ValueTask<IReadOnlyList<string>> LastLinesAsync(JobRecord job)
    {
        var last = new Queue<string>();
        var after = 0L;
        IReadOnlyList<LogLine> page;
        do
        {
            page = await store.LogAsync(job.Sequence, after, LinesPageMax);
            foreach (var line in page)
            {
                after = line.Number;
                last.Enqueue(line.Text);
                if (last.Count > LastLinesMax)
                    last.Dequeue();
            }
        }
        while (page.Count == LinesPageMax);
        return [.. last];
    }
}
