using System.Text.Json;
using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Queue;

namespace NextUp.Server.Jobs;

/// <summary>Makes of a stored job what its user sees: the one place where the two shapes meet.</summary>
sealed class JobViews(LinePlaces places, IJobStore store, JobKinds kinds, TimeProvider clock)
{
    public async ValueTask<JobView> OfAsync(JobRecord job)
    {
        if (job.State == JobState.Pending)
            return (await OfAsync([job]))[0];

        return View(job, null, null);
    }

    /// <summary>Views of jobs of one user, in the same order, with all positions asked for at once.</summary>
    public async ValueTask<IReadOnlyList<JobView>> OfAsync(IReadOnlyList<JobRecord> jobs)
    {
        var found = await places.OfAsync(jobs);
        IReadOnlyList<JobRecord>? lane = null;
        var views = new JobView[jobs.Count];
        for (var i = 0; i < jobs.Count; i++)
        {
            var job = jobs[i];
            JobRecord? waitsFor = null;
            if (job is { State: JobState.Pending, IsHeld: true })
            {
                lane ??= await store.LaneAsync(job.User);
                waitsFor = WaitsFor(job, lane);
            }

            views[i] = View(job, found[i], waitsFor);
        }

        return views;
    }

    public JobPosition Position(JobRecord job, QueuePlace? place) =>
        new(job.Id.ToString(), place?.Position, place?.Position - 1, Estimate(place, clock.GetUtcNow()))
        {
            EstimateUnknown = EstimateUnknown(place),
            Wait = WaitWords.Of(place?.Wait, clock.GetUtcNow()),
            Overtaken = WaitWords.Of(place?.Overtaken),
        };

    JobView View(JobRecord job, QueuePlace? place, JobRecord? waitsFor)
    {
        var isPending = job.State == JobState.Pending;
        var id = job.Id.ToString();
        var isCompleted = job.State == JobState.Completed;
        return new JobView(
            id,
            job.Kind.Value,
            Problems.Name(job.State),
            isPending && job.IsHeld,
            waitsFor is null ? null : $"your job \"{waitsFor.FileName}\" to end",
            job.FileName,
            job.FileSize,
            place?.Position,
            place?.Position - 1,
            Estimate(place, clock.GetUtcNow()),
            new JobProgressView(
                job.Progress.Percent, job.Progress.Done, job.Progress.Total, job.Progress.Failed, job.Progress.Step),
            job.Attempt,
            kinds.AttemptsMax(job),
            job.AcceptedAt,
            job.StartedAt,
            job.EndedAt,
            isPending && job.Attempt > 0 ? job.NotBefore : null,
            job.Error,
            job.Summary is { } summary ? JsonElement.Parse(summary) : null,
            !job.State.IsFinished(),
            Links(id, isCompleted))
        {
            EstimateUnknown = EstimateUnknown(place),
            WaitsForJob = waitsFor?.Id.ToString(),
            CanRetry = job is { State: JobState.Failed or JobState.Cancelled, SetAsideAt: null },
            Priority = job.Priority,
            HeadStartSeconds = job.IsHeld ? 0 : (long)job.HeadStart.TotalSeconds,
            NotBefore = isPending && job.Attempt == 0 ? job.NotBefore : null,
            Wait = WaitWords.Of(place?.Wait, clock.GetUtcNow()),
            Overtaken = WaitWords.Of(place?.Overtaken),
        };
    }

    static JobLinks Links(string id, bool isCompleted)
    {
        var self = "/api/v1/jobs/" + id;
        return new JobLinks(
            self,
            self + "/cancel",
            self + "/original",
            isCompleted ? self + "/result" : null,
            isCompleted ? self + "/report" : null,
            isCompleted ? self + "/diff" : null,
            self + "/log");
    }

    static StartEstimateView? Estimate(QueuePlace? place, DateTimeOffset now) =>
        place?.Start is { } start
            ? new(now + start.P50, now + start.P90, Seconds(start.P50), Seconds(start.P90))
            : null;

    static string? EstimateUnknown(QueuePlace? place) => place?.Unknown switch
    {
        null => null,
        StartUnknown.Learning => EstimateUnknownNames.Learning,
        StartUnknown.Paused => EstimateUnknownNames.Paused,
        var other => throw new System.Diagnostics.UnreachableException($"{other}"),
    };

    static JobRecord? WaitsFor(JobRecord held, IReadOnlyList<JobRecord> lane)
    {
        foreach (var job in lane)
        {
            if (job.Kind == held.Kind && !job.IsHeld)
                return job;
        }

        return null; // It ended just now; this one is about to join the line.
    }

    static int Seconds(TimeSpan time) => (int)Math.Min(int.MaxValue, Math.Ceiling(time.TotalSeconds));
}
