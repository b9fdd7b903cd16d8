namespace NextUp.Actors.Jobs;

/// <summary>The part of a job's actor that hears of an end from a worker elsewhere, and not from its own runner.</summary>
public sealed partial class JobActor
{
    public async ValueTask<FinishAnswer> FinishAsync(JobId job, int attempt, AttemptEnd end)
    {
        if (_run is null || _run.Job.Attempt < attempt)
        {
            // Over already, or we were rebuilt and were not told yet: the store knows.
            var stored = await store.FindAsync(job);
            if (stored is not { State: JobState.Processing } || stored.Attempt != attempt)
            {
                ForgetIfIdle();
                return new(stored?.State, stored?.Attempt ?? 0, IsTaken: false);
            }

            if (_run is null || _run.Job.Attempt < attempt)
                _run = new(stored);
        }

        var run = _run;
        if (run.Job.Attempt > attempt)
            return new(JobState.Processing, run.Job.Attempt, IsTaken: false);
        var isTaken = !run.IsEnding;
        await EndOnceAsync(run, end);
        return new(await run.Ended.Task, run.AttemptStored, isTaken && run.AttemptStored == attempt);
    }
}
