using System.Threading.Channels;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;
using NextUp.Server.Users;

namespace NextUp.Server.Telemetry;

/// <summary>
/// One line for each state change of a job, after it is committed. The store tells of them on its writer's thread, so
/// they are only handed on there; a log that cannot keep up loses lines and says how many, and never holds up a commit.
/// </summary>
sealed partial class JobLog : IAsyncDisposable
{
    const string Job = "Job {JobId} of kind {Kind} ";
    const string Whose = " (user {UserId}, attempt {Attempt})";

    /// <summary>Commits whose changes may wait to be written.</summary>
    const int WaitingMax = 4_096;

    readonly IStatisticsStore _statistics;
    readonly UserMarks _marks;
    readonly ILogger<JobLog> _logger;
    readonly Channel<IReadOnlyList<JobTransition>> _waiting;
    readonly Task _writing;
    long _lost;

    JobLog(IStatisticsStore statistics, UserMarks marks, ILogger<JobLog> logger)
    {
        (_statistics, _marks, _logger) = (statistics, marks, logger);
        _waiting = Channel.CreateBounded<IReadOnlyList<JobTransition>>(
            new BoundedChannelOptions(WaitingMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _writing = WriteAsync();
        statistics.Changed += OnChanged;
    }

    /// <summary>Null, and nothing is listened to, where nobody wants such lines.</summary>
    public static JobLog? Start(IStatisticsStore statistics, UserMarks marks, ILogger<JobLog> logger) =>
        logger.IsEnabled(LogLevel.Information) ? new JobLog(statistics, marks, logger) : null;

    public async ValueTask DisposeAsync()
    {
        _statistics.Changed -= OnChanged;
        _waiting.Writer.Complete();
        await _writing;
    }

    void OnChanged(IReadOnlyList<JobTransition> changes)
    {
        if (!_waiting.Writer.TryWrite(changes))
            Interlocked.Add(ref _lost, changes.Count);
    }

    async Task WriteAsync()
    {
        await foreach (var changes in _waiting.Reader.ReadAllAsync())
        {
            foreach (var change in changes)
                Write(change);
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
                LinesLost(lost);
        }
    }

    void Write(JobTransition change)
    {
        var job = change.Job;
        var (id, kind, user, attempt) = (job.Id.ToString(), job.Kind.Value, _marks.Of(job.User), job.Attempt);
        var seconds = change.Duration?.TotalSeconds;
        var cause = change.Reason is null ? "" : FailureCause.Of(change.Reason, job.FileName);
        switch (change.Type)
        {
            case JobEventType.Queued when change.IsNew: Accepted(id, kind, user, attempt); break;
            case JobEventType.Queued: Joined(id, kind, user, attempt); break;
            case JobEventType.Held: Held(id, kind, user, attempt); break;
            case JobEventType.Started: Started(id, kind, user, attempt, seconds); break;
            case JobEventType.Retrying: Retrying(id, kind, user, attempt, seconds, cause); break;
            case JobEventType.Completed: Completed(id, kind, user, attempt, seconds); break;
            case JobEventType.Failed: Failed(id, kind, user, attempt, seconds, cause); break;
            case JobEventType.Cancelled: Cancelled(id, kind, user, attempt, seconds); break;
            default: Changed(id, kind, user, attempt, change.Type); break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = Job + "accepted" + Whose)]
    partial void Accepted(string jobId, string kind, string userId, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = Job + "entered the line" + Whose)]
    partial void Joined(string jobId, string kind, string userId, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = Job + "held" + Whose)]
    partial void Held(string jobId, string kind, string userId, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = Job + "started" + Whose + " after {WaitSeconds} s in the line")]
    partial void Started(string jobId, string kind, string userId, int attempt, double? waitSeconds);

    [LoggerMessage(Level = LogLevel.Information, Message = Job + "went back" + Whose + " after {RunSeconds} s: {Cause}")]
    partial void Retrying(string jobId, string kind, string userId, int attempt, double? runSeconds, string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = Job + "completed" + Whose + " after {RunSeconds} s")]
    partial void Completed(string jobId, string kind, string userId, int attempt, double? runSeconds);

    [LoggerMessage(Level = LogLevel.Information, Message = Job + "failed" + Whose + " after {RunSeconds} s: {Cause}")]
    partial void Failed(string jobId, string kind, string userId, int attempt, double? runSeconds, string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = Job + "cancelled" + Whose + " after {RunSeconds} s")]
    partial void Cancelled(string jobId, string kind, string userId, int attempt, double? runSeconds);

    [LoggerMessage(Level = LogLevel.Information, Message = Job + "changed" + Whose + ": {Change}")]
    partial void Changed(string jobId, string kind, string userId, int attempt, JobEventType change);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Lines} lines about jobs were lost: the log is too slow")]
    partial void LinesLost(long lines);
}
