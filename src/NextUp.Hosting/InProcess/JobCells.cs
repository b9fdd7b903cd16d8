using System.Collections.Concurrent;
using NextUp.Actors.Jobs;

namespace NextUp.Hosting.InProcess;

/// <summary>Jobs' actors in this process, each behind its mailbox, from its first call until it forgets itself.</summary>
sealed class JobCells(ITurnScheduler scheduler, ActorEnvironment environment, Func<ActorCell<JobActor>, JobActor> make)
{
    readonly ConcurrentDictionary<JobId, ActorCell<JobActor>> _cells = new();

    /// <summary>Jobs whose actors live.</summary>
    public IReadOnlyCollection<JobId> Ids => [.. _cells.Keys];

    /// <summary>The job's actor, made anew where none lives.</summary>
    public IJobActor Job(JobId job) => new JobCalls(this, job);

    /// <summary>The job's actor; null where none lives.</summary>
    public IJobActor? Find(JobId job) => _cells.ContainsKey(job) ? Job(job) : null;

    public ActorCell<JobActor> Cell(JobId job) =>
        _cells.TryGetValue(job, out var cell) ? cell : _cells.GetOrAdd(job, static (id, cells) => cells.New(id), this);

    /// <summary>Has all that runs stopped; answers when it has, or the token says that it is late.</summary>
    public Task ShutDownAsync(CancellationToken late) =>
        Task.WhenAll(_cells.Keys.Select(job => Job(job).ShutDownAsync().AsTask().WaitAsync(late)));

    ActorCell<JobActor> New(JobId job) => new(
        scheduler, make, static _ => default, () => Cell(job), cell => _cells.TryRemove(new(job, cell)), environment);
}
