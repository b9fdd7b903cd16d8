using NextUp.Actors.Jobs;
using NextUp.Actors.Workers;
using NextUp.Hosting.Workers;

namespace NextUp.HostTests.Simulation;

/// <summary>The rules for workers elsewhere: who is given what, and what their reports come to.</summary>
sealed partial class SimChecks
{
    /// <summary>A worker elsewhere is given only what is stored as its own.</summary>
    public static void Given(JobRecord job, WorkerId worker) =>
        Rule(job.Lease?.Worker == worker, $"job {job.Id} is leased to {job.Lease?.Worker}, not given to {worker}");

    /// <summary>What a worker was told of its report is so.</summary>
    public void Reported(HeldAttempt held, AttemptEnd end, ReportAnswer answer)
    {
        if (!_byId.TryGetValue(held.Job, out var job))
        {
            Rule(_deleted.Contains(held.Job), $"a worker has a job that was never stored: {held.Job}");
            return; // It ended, and its retention was over, before the answer was read.
        }

        var isDone = end is AttemptEnd.Finished { Outcome: JobOutcome.Done };
        if (answer is ReportAnswer.Stored)
        {
            Rule(
                job.Attempt > held.Attempt ? !isDone : job.State != JobState.Processing,
                $"a report of attempt {held.Attempt} that is acknowledged is stored; the job is {job.State} in {job.Attempt}");
            Rule(!isDone || job.State == JobState.Completed, $"a result that is acknowledged completed its job, which is {job.State}");
        }
        else
        {
            Rule(
                job.State != JobState.Processing || job.Attempt != held.Attempt,
                $"a report of attempt {held.Attempt} is refused only when that is over");
        }
    }

    bool MayBe(JobKind kind, bool isElsewhere) =>
        _kinds.Of(kind).WorkedBy != (isElsewhere ? WorkedBy.Here : WorkedBy.Workers);
}
