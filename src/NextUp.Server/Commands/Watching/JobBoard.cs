using NextUp.Client.Live;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands.Watching;

/// <summary>Something to say about a watched job.</summary>
/// <param name="Job">The job as it is now; null for what concerns the connection.</param>
sealed record BoardNote(BoardNoteKind Kind, JobView? Job, string Text);

enum BoardNoteKind
{
    /// <summary>Its place in the line changed, or it waits elsewhere.</summary>
    Moved,
    Started,
    Progressed,
    Logged,
    Retrying,
    Ended,
    Connection,
}

/// <summary>
/// The watched jobs as last heard of, and what is worth saying when one changes. A finished job stays as it is: a view
/// that was under way while it ended changes nothing.
/// </summary>
sealed class JobBoard
{
    /// <summary>
    /// Progress is said again when it has come so much further, in percent, or when the step changed.
    /// </summary>
    public const int PercentBetweenNotes = 10;

    readonly List<string> _order = [];
    readonly Dictionary<string, Row> _rows = [];

    public JobBoard(IEnumerable<JobView> jobs)
    {
        foreach (var job in jobs)
        {
            if (_rows.TryAdd(job.Id, new(job)))
                _order.Add(job.Id);
        }
    }

    /// <summary>In the order they were given.</summary>
    public IEnumerable<JobView> Jobs => _order.Select(id => _rows[id].Job);

    public IReadOnlyList<JobView> Unfinished =>
        [.. Jobs.Where(job => !JobStateNames.IsFinished(job.State))];

    public JobView this[string id] => _rows[id].Job;

    /// <summary>The number of the last log line heard of.</summary>
    public long LastLogLine(string id) => _rows[id].LogNumber;

    public IReadOnlyList<BoardNote> Apply(LiveEvent told) => told switch
    {
        LiveEvent.JobChanged { Change.Job: var job } => Update(job),
        LiveEvent.JobProgressed { Progress: var progress } =>
            [.. AddLog(progress.Job.Id, progress.Lines), .. Update(progress.Job)],
        LiveEvent.PositionsChanged { Positions.Jobs: var moves } => [.. moves.SelectMany(Move)],
        LiveEvent.ConnectionLost lost =>
            [new(BoardNoteKind.Connection, null, $"Connection lost: {lost.Reason}. Trying again; the jobs go on.")],
        _ => [],
    };

    /// <summary>A job as the server has it now.</summary>
    public IReadOnlyList<BoardNote> Update(JobView job)
    {
        if (!_rows.TryGetValue(job.Id, out var row) || JobStateNames.IsFinished(row.Job.State))
            return [];

        var before = row.Job;
        row.Job = job;
        if (JobStateNames.IsFinished(job.State))
            return [new(BoardNoteKind.Ended, job, JobWords.Of(job))];

        if (job.State == JobStateNames.Pending)
        {
            if (before.State == JobStateNames.Processing)
                return [new(BoardNoteKind.Retrying, job, Retrying(job))];
            return SayPlace(row);
        }

        if (before.State == JobStateNames.Pending)
        {
            row.PercentSaid = job.Progress.Percent;
            row.StepSaid = job.Progress.Step;
            return [new(BoardNoteKind.Started, job, job.Attempt > 1 ? $"started, attempt {job.Attempt}" : "started")];
        }

        return SayProgress(row);
    }

    public IReadOnlyList<BoardNote> AddLog(string id, IReadOnlyList<LogLineView> lines)
    {
        if (!_rows.TryGetValue(id, out var row))
            return [];

        var notes = new List<BoardNote>();
        foreach (var line in lines)
        {
            if (line.Number <= row.LogNumber)
                continue;
            row.LogNumber = line.Number;
            notes.Add(new(BoardNoteKind.Logged, row.Job, line.Text));
        }

        return notes;
    }

    IReadOnlyList<BoardNote> Move(JobPosition move)
    {
        if (!_rows.TryGetValue(move.Id, out var row) || row.Job.State != JobStateNames.Pending)
            return [];

        row.Job = row.Job with { Position = move.Position, JobsAhead = move.JobsAhead, Estimate = move.Estimate };
        return move.Position is null ? [] : SayPlace(row);
    }

    /// <summary>A better estimate of the same place is shown but not said.</summary>
    static IReadOnlyList<BoardNote> SayPlace(Row row)
    {
        var place = JobWords.Of(row.Job with { Estimate = null });
        if (place == row.PlaceSaid)
            return [];

        row.PlaceSaid = place;
        return [new(BoardNoteKind.Moved, row.Job, JobWords.Of(row.Job))];
    }

    static IReadOnlyList<BoardNote> SayProgress(Row row)
    {
        var progress = row.Job.Progress;
        if (progress.Percent < row.PercentSaid + PercentBetweenNotes && progress.Step == row.StepSaid)
            return [];

        row.PercentSaid = progress.Percent;
        row.StepSaid = progress.Step;
        return [new(BoardNoteKind.Progressed, row.Job, JobWords.OfProgress(progress))];
    }

    static string Retrying(JobView job)
    {
        var waits = JobWords.Of(job);
        return job.Error is { Length: > 0 } error ? $"{error}; {waits}" : waits;
    }

    sealed class Row(JobView job)
    {
        public JobView Job { get; set; } = job;

        public long LogNumber { get; set; }

        public string? PlaceSaid { get; set; }

        public int PercentSaid { get; set; } = job.Progress.Percent;

        public string StepSaid { get; set; } = job.Progress.Step;
    }
}
