using System.Globalization;
using NextUp.Actors.Jobs;
using NextUp.Orleans.Cluster;
using Orleans.Concurrency;
using Orleans.Placement;

namespace NextUp.Orleans.Grains;

/// <summary>
/// A job's actor, on the silo where the work is done. It stays in memory while its attempt runs.
///
/// Should its silo be lost, the owner of the store finds that when the membership says so. A reminder stands behind that, for
/// attempts that take longer than <see cref="RemindAfter"/>: it rings on whichever silo there is, and has the attempt ended
/// when its time is over, or recovered when nobody runs it. Shorter ones pay nothing for it.
/// </summary>
[Reentrant]
[KeepAlive]
[PreferLocalPlacement]
sealed class JobGrain : Grain, IJobGrain, IRemindable
{
    const string Reminder = "attempt";

    /// <summary>Orleans reminds no more often than once a minute.</summary>
    static readonly TimeSpan RemindAfter = TimeSpan.FromMinutes(1);

    readonly SiloParts _parts;
    readonly ActorShell<JobActor> _shell;
    readonly JobId _job;
    IGrainTimer? _remindLater;
    bool _isReminded;

    public JobGrain(SiloParts parts)
    {
        _parts = parts;
        _job = JobId.Parse(this.GetPrimaryKeyString(), CultureInfo.InvariantCulture);
        _shell = new(
            context => new JobActor(parts.Store, parts.Actors, context, parts.Kinds, parts.Runner), _ => default, parts.Environment,
            () => _shell!.Tell(LeaveAsync));
    }

    public async ValueTask StartAsync(JobRecord job)
    {
        var actor = await _shell.ActorAsync();
        _parts.Running.TryAdd(_job, this.AsReference<IJobGrain>());
        _remindLater ??= this.RegisterGrainTimer(RemindAsync, new() { DueTime = RemindAfter, Period = Timeout.InfiniteTimeSpan });
        await actor.StartAsync(job);
    }

    public async ValueTask RecoverAsync(JobId job) => await (await ActorAsync()).RecoverAsync(job);

    public async ValueTask<bool> CancelAsync(JobId job, string reason) => await (await ActorAsync()).CancelAsync(job, reason);

    public async ValueTask ShutDownAsync() => await (await ActorAsync()).ShutDownAsync();

    public async ValueTask<FinishAnswer> FinishAsync(JobId job, int attempt, AttemptEnd end) =>
        await (await ActorAsync()).FinishAsync(job, attempt, end);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (await _parts.Store.FindAsync(_job) is { State: JobState.Processing })
            await RecoverAsync(_job);
        else if (await this.GetReminder(Reminder) is { } reminder)
            await this.UnregisterReminder(reminder);
    }

    async Task RemindAsync(CancellationToken cancellationToken)
    {
        _isReminded = true;
        await this.RegisterOrUpdateReminder(Reminder, RemindAfter, RemindAfter, cancellationToken);
    }

    /// <summary>Whoever asks from another silo does not know whether the job lives here without a grain.</summary>
    async ValueTask<IJobActor> ActorAsync()
    {
        if (_parts.Brief.Find(_job) is not { } brief || !_shell.IsIdle)
            return await _shell.ActorAsync();
        DeactivateOnIdle();
        return brief;
    }

    /// <summary>The attempt is over, and the grain leaves memory, unless the next one has begun here meanwhile.</summary>
    async ValueTask LeaveAsync()
    {
        try
        {
            if (_shell.IsIdle && _isReminded && await this.GetReminder(Reminder) is { } reminder)
                await this.UnregisterReminder(reminder);
        }
        finally
        {
            if (_shell.IsIdle)
            {
                _parts.Running.TryRemove(_job, out _);
                _remindLater?.Dispose();
                _remindLater = null;
                DeactivateOnIdle();
            }
        }
    }
}
