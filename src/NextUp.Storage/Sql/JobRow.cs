using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;
using NextUp.Actors.Workers;

namespace NextUp.Storage.Sql;

/// <summary>A job as its row holds it: the record, and what only the store needs.</summary>
sealed class JobRow
{
    /// <summary>The columns that <see cref="Read"/> takes, in its order, of <see cref="From"/>.</summary>
    public const string Columns =
        "j.seq, j.id, u.id, k.name, j.state, j.is_held, j.place, j.accepted_at, j.line_at, j.attempt, j.started_at, "
        + "j.ended_at, j.deadline, j.not_before, j.file_name, j.file_size, j.options, j.progress_done, "
        + "j.progress_total, j.progress_failed, j.progress_percent, j.progress_step, j.error, j.summary, "
        + "j.born, j.lane_born, j.submission_key, j.log_lines, j.has_checkpoints, j.events, j.failures, "
        + "j.priority, j.head_start, j.lease_worker, j.lease_incarnation, j.trace, j.origin, j.crashes, j.first_started_at, "
        + "j.set_aside_at";

    public const string From = "job j JOIN \"user\" u ON u.user_key = j.user_key JOIN kind k ON k.kind_key = j.kind_key";

    public required JobRecord Record { get; set; }

    public required long Born { get; init; }

    public required long LaneBorn { get; init; }

    public required string? SubmissionKey { get; init; }

    public required long LogLines { get; set; }

    public required bool HasCheckpoints { get; set; }

    public required byte[] Events { get; set; }

    public static JobRow Read(SqlStatement row) => new()
    {
        Record = ReadRecord(row),
        Born = row.Long(24),
        LaneBorn = row.Long(25),
        SubmissionKey = row.TextOrNull(26),
        LogLines = row.Long(27),
        HasCheckpoints = row.Long(28) != 0,
        Events = row.Bytes(29).ToArray(),
    };

    public static JobRecord ReadRecord(SqlStatement row)
    {
        var sequence = new JobSequence(row.Long(0));
        return new JobRecord
        {
            Sequence = sequence,
            Id = new JobId(row.Id(1)),
            User = new UserId(row.Text(2)),
            Kind = new JobKind(row.Text(3)),
            State = (JobState)row.Int(4),
            IsHeld = row.Long(5) != 0,
            Place = row.IsNull(6) ? null : row.Int(6),
            AcceptedAt = row.Time(7),
            LineKey = new LineKey(row.Long(8), sequence) { Size = SizeClass.Of(row.Long(15)) },
            Attempt = row.Int(9),
            StartedAt = row.TimeOrNull(10),
            EndedAt = row.TimeOrNull(11),
            Deadline = row.TimeOrNull(12),
            NotBefore = row.TimeOrNull(13),
            FileName = row.Text(14),
            FileSize = row.Long(15),
            Options = row.TextOrNull(16),
            Progress = new JobProgress(
                row.Int(17), row.IsNull(18) ? null : row.Int(18), row.Int(19), row.Int(20), row.Text(21)),
            Error = row.TextOrNull(22),
            Summary = row.TextOrNull(23),
            Failures = row.Int(30),
            Priority = row.Int(31),
            HeadStart = row.Span(32),
            Lease = row.IsNull(33) ? null : new Lease(new WorkerId(row.Text(33)), row.Long(34)),
            Trace = row.TextOrNull(35),
            Origin = row.IsNull(36) ? null : row.Long(36),
            Crashes = row.Int(37),
            FirstStartedAt = row.TimeOrNull(38),
            SetAsideAt = row.TimeOrNull(39),
        };
    }
}
