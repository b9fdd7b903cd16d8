using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Queue;

/// <summary>The whole system in counts, which everyone may see.</summary>
sealed class QueueViews(LinePlaces places, IJobStore store, MachineLoad machine, TimeProvider clock)
{
    public async ValueTask<QueueView> ReadAsync()
    {
        var status = await places.StatusAsync();
        var counts = await store.CountsAsync(clock.GetUtcNow());
        return new QueueView(
            status.Slots,
            status.Running - status.RunningElsewhere,
            status.Waiting,
            counts.Held,
            status.Delayed,
            counts.CompletedLastHour,
            status.IsPaused,
            !status.IsPaused ? null
                : status.Pause is { } pause ? WaitWords.OfPause(pause) : WaitWords.PausedBySettings,
            machine.Read())
        {
            RunningElsewhere = status.RunningElsewhere,
        };
    }

    /// <summary><c>GET /api/v1/queue</c></summary>
    public async Task GetAsync(HttpContext context, Caller caller) =>
        await Answers.JsonAsync(context, 200, await ReadAsync(), WireJson.Wire.QueueView);
}
