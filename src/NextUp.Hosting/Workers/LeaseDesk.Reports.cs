using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Workers;

namespace NextUp.Hosting.Workers;

/// <summary>What workers say of the attempts they have.</summary>
public sealed partial class LeaseDesk
{
    /// <summary>Lines a single attempt may log; what is beyond is dropped.</summary>
    public const int LinesMax = 20_000;

    /// <summary>A longer line is cut.</summary>
    public const int LineLengthMax = 1_000;

    const int RoundsMax = 20;

    /// <summary>The job of an attempt that is this account's at this moment; null is not told apart from anything else.</summary>
    public async Task<JobRecord?> FindAsync(string account, JobId job, int attempt)
    {
        lock (_gate)
        {
            if (_watched.TryGetValue(job, out var watched) && watched.Job.Attempt == attempt)
                return !watched.IsAskedToStop && watched.Job.Lease!.Worker.IsOf(account) ? watched.Job : null;
        }

        var stored = await store.FindAsync(job);
        return stored is { State: JobState.Processing, Lease: { } lease } && stored.Attempt == attempt && lease.Worker.IsOf(account)
            ? stored : null;
    }

    /// <summary>Renews the attempt and stores what is new of it. Answers why the worker has to stop, or null: go on.</summary>
    public async Task<StopReason?> BeatAsync(string account, Beat beat)
    {
        if (await FindAsync(account, beat.Job, beat.Attempt) is not { } job)
            return await WhyOverAsync(account, beat.Job, beat.Attempt);

        JobProgress progress;
        IReadOnlyList<string> lines;
        lock (_gate)
        {
            _book.Renew(beat.Job, beat.Attempt, clock.GetUtcNow());
            (progress, lines) = Newest(job, beat);
        }

        if (beat.Progress is null && lines.Count == 0)
            return null;
        var report = new Change.Report(job.Sequence, job.Attempt, clock.GetUtcNow(), progress, lines);
        return await store.CommitAsync(new([report])) is CommitAnswer.Committed
            ? null : await WhyOverAsync(account, beat.Job, beat.Attempt);
    }

    /// <summary>Work so far. Answers why the worker has to stop, or null where it is stored.</summary>
    public async Task<StopReason?> SaveCheckpointAsync(string account, HeldAttempt held, string name, ReadOnlyMemory<byte> content)
    {
        if (await FindAsync(account, held.Job, held.Attempt) is { } job)
        {
            lock (_gate)
                _book.Renew(held.Job, held.Attempt, clock.GetUtcNow());
            if (await store.CommitAsync(new([new Change.Checkpoint(job.Sequence, job.Attempt, name, content)])) is CommitAnswer.Committed)
                return null;
        }

        return await WhyOverAsync(account, held.Job, held.Attempt);
    }

    /// <summary>
    /// The attempt is over, as its worker says; answers when what follows is stored. The files are the job's then, or gone.
    /// </summary>
    public async Task<ReportAnswer> ReportAsync(string account, HeldAttempt held, AttemptEnd end)
    {
        var isKept = true;
        try
        {
            // A report whose answer was lost comes again after its attempt is over: the job's actor tells the two apart.
            var job = await store.FindAsync(held.Job);
            if (job?.Lease is not { } lease || !lease.Worker.IsOf(account))
            {
                isKept = false;
                return new ReportAnswer.Refused(StopReason.Superseded);
            }

            if (intakes is not null && job.State == JobState.Processing && job.Attempt == held.Attempt)
                end = await intakes.TakeAsync(job, end, CancellationToken.None);
            var answer = await FinishAsync(held, end);
            isKept = answer is { IsTaken: true, State: JobState.Completed };
            lock (_gate)
            {
                if (_watched.TryGetValue(held.Job, out var watched) && watched.Job.Attempt == held.Attempt)
                    Let(watched, new AttemptEnd.Stopped());
            }

            return IsSaid(held, end, answer)
                ? new ReportAnswer.Stored(answer.State!.Value)
                : new ReportAnswer.Refused(await WhyOverAsync(account, held.Job, held.Attempt));
        }
        finally
        {
            // Where nobody knows what became of the report the files stay: a stored job may name them.
            if (!isKept && end is AttemptEnd.Finished finished)
            {
                foreach (var file in finished.Files)
                    files.Discard(file);
            }
        }
    }

    /// <summary>Whether the job is now what the report makes it, by this report or by the same one before.</summary>
    static bool IsSaid(HeldAttempt held, AttemptEnd end, FinishAnswer answer) => answer.Attempt == held.Attempt && end switch
    {
        AttemptEnd.Finished { Outcome: JobOutcome.Done } => answer.State == JobState.Completed,
        AttemptEnd.Finished { Outcome: JobOutcome.GiveUp } => answer.State == JobState.Failed,
        _ => answer.State is JobState.Failed or JobState.Pending,
    };

    async Task<FinishAnswer> FinishAsync(HeldAttempt held, AttemptEnd end)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                return await Actors.Job(held.Job).FinishAsync(held.Job, held.Attempt, end);
            }
            catch (ActorForgottenException) when (round < RoundsMax)
            {
                // Nothing is known of it: its successor knows, or makes it so.
            }
        }
    }

    (JobProgress Progress, IReadOnlyList<string> Lines) Newest(JobRecord job, Beat beat)
    {
        var watched = _watched.GetValueOrDefault(job.Id);
        var progress = watched?.Progress ?? job.Progress;
        if (beat.Progress is { } told)
            progress = told with { Percent = Math.Max(told.Percent, progress.Percent) };
        List<string> lines = [.. beat.Lines.Take(LinesMax - (watched?.Lines ?? 0))
            .Select(line => line.Length <= LineLengthMax ? line : line[..LineLengthMax])];
        if (watched is not null)
            (watched.Progress, watched.Lines) = (progress, watched.Lines + lines.Count);
        return (progress, lines);
    }

    /// <summary>Renews an attempt that the worker says it has; answers why it has to let go of it, or null.</summary>
    async Task<StopReason?> StopOfAsync(WorkerId worker, JobId job, int attempt)
    {
        lock (_gate)
        {
            if (_watched.TryGetValue(job, out var watched) && watched.Job.Attempt == attempt && watched.Job.Lease!.Worker == worker)
            {
                _book.Renew(job, attempt, clock.GetUtcNow());
                if (!watched.IsAskedToStop)
                    return null;
                watched.IsToldToStop = true;
                return watched.Job.Deadline <= clock.GetUtcNow() ? StopReason.TimedOut : StopReason.Cancelled;
            }
        }

        var stored = await store.FindAsync(job);
        return stored is { State: JobState.Processing } && stored.Attempt == attempt && stored.Lease?.Worker == worker
            ? null : Why(stored is { Lease: { } lease } && lease.Worker == worker ? stored : null, attempt);
    }

    /// <summary>Why the account's worker has to let go of an attempt that <see cref="FindAsync"/> does not find.</summary>
    public Task<StopReason> WhyOverAsync(string account, HeldAttempt held) => WhyOverAsync(account, held.Job, held.Attempt);

    async Task<StopReason> WhyOverAsync(string account, JobId job, int attempt)
    {
        var stored = await store.FindAsync(job);
        return Why(stored is { Lease: { } lease } && lease.Worker.IsOf(account) ? stored : null, attempt);
    }

    StopReason Why(JobRecord? job, int attempt) => job is null || job.Attempt != attempt
        ? StopReason.Superseded
        : job.State switch
        {
            JobState.Cancelled => StopReason.Cancelled,
            JobState.Failed => StopReason.TimedOut,
            JobState.Processing => job.Deadline <= clock.GetUtcNow() ? StopReason.TimedOut : StopReason.Cancelled,
            _ => StopReason.Superseded,
        };
}
