using NextUp.Actors;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Server.Operations;

namespace NextUp.Server.Steering;

/// <summary>Measures the machine and has the queue follow it, while the settings say so. An operator's number goes first.</summary>
sealed class SlotsByLoad(IActorDirectory actors, MachineLoad machine, TimeProvider clock) : IAsyncDisposable
{
    readonly CancellationTokenSource _stopping = new();
    Task _loop = Task.CompletedTask;
    LoadTargets? _targets;
    SlotGovernor? _governor;

    public void Start() => _loop = RunAsync();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    async Task RunAsync()
    {
        using var timer = new PeriodicTimer(SlotGovernor.SamplePause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await FollowAsync();
                }
                catch (Exception error) when (error is StoreFailedException or ActorForgottenException)
                {
                    // The queue is being rebuilt; it is told at the next round.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    async Task FollowAsync()
    {
        var status = await actors.Queue.StatusAsync();
        if (status.Load != _targets)
        {
            _targets = status.Load;
            _governor = _targets is null ? null : new SlotGovernor(_targets, status.Slots);
            if (_governor is null)
                await actors.Queue.GovernAsync(null);
        }

        if (_governor is null)
            return;
        var load = machine.Read();
        var slots = _governor.Observe(load.CpuPercent, load.MemoryPercent, status.Running - status.RunningElsewhere);
        if (slots != status.Slots)
            await actors.Queue.GovernAsync(slots);
    }
}
