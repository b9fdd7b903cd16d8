using NextUp.Actors.Jobs;
using NextUp.Client;
using NextUp.Client.Wire;
using NextUp.Client.Work;

namespace NextUp.Server.Workers.Working;

/// <summary>Does the work of one attempt and tells the server how it went.</summary>
sealed class WorkerAttempt(WorkClient client, WorkerRun run)
{
    /// <summary>The worker ends; the job goes on elsewhere.</summary>
    public static readonly FailRequest Back = new(
        FailWays.HandBack, "The worker was stopped while the job ran; it goes on where it was.", null);

    public async Task WorkAsync(IJobProcessor processor)
    {
        using var work = JobTraces.StartWork(run.Trace, run.Job, run.Kind, run.Attempt);
        try
        {
            var outcome = await OutcomeAsync(processor);
            JobTraces.End(work, outcome);
            await ReportAsync(outcome);
        }
        catch (NextUpProblemException over) when (over.Code == ProblemCodes.AttemptOver)
        {
            // The job was cancelled, is out of time, or is with another worker: nobody waits for this any more.
        }
    }

    async Task ReportAsync(JobOutcome? outcome)
    {
        if (run.IsOver)
            return;
        if (run.TakeBeat() is { } last)
            await client.BeatAsync(new([last]));
        switch (outcome)
        {
            case JobOutcome.Done done:
                await client.CompleteAsync(run.Held, done.Summary, [.. done.Files.Select(UploadOf)]);
                break;
            case JobOutcome.GiveUp giveUp:
                await client.FailAsync(run.Held, new(FailWays.GiveUp, giveUp.Reason, null));
                break;
            case JobOutcome.Retry retry:
                var seconds = retry.After is { } after
                    ? (int?)Math.Min(Math.Ceiling(after.TotalSeconds), WorkLimits.RetryAfterSecondsMax) : null;
                await client.FailAsync(run.Held, new(FailWays.Retry, retry.Reason, seconds));
                break;
            default:
                await client.FailAsync(run.Held, Back);
                break;
        }
    }

    /// <summary>Null where the work stopped because it was asked to.</summary>
    async Task<JobOutcome?> OutcomeAsync(IJobProcessor processor)
    {
        try
        {
            return await processor.RunAsync(run, run.Stopping);
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // The one boundary that turns any fault of the work into a retry of the job.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new JobOutcome.Retry($"{error.GetType().Name}: {error.Message}");
        }
    }

    static WorkUpload UploadOf(ResultFile file)
    {
        Stream Open() => file.Path is { } path ? File.OpenRead(path) : new MemoryStream(file.Content ?? [], writable: false);
        return new(file.Role.ToString().ToLowerInvariant(), file.Name, file.ContentType, Open);
    }
}
