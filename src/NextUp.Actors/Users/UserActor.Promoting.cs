using NextUp.Actors.Jobs;

namespace NextUp.Actors.Users;

/// <summary>Held jobs that have a free place although nobody let them in.</summary>
public sealed partial class UserActor
{
    public async ValueTask PromoteAsync()
    {
        while (_pause is not null || _underWay > 0)
            await (_pause?.Task ?? _settled.Task);
        if (_lanes.Values.Any(lane => lane.HasStranded))
        {
            await EnterHeldAsync(TryChangeAsync);
        }
        else if (IsStranded(await store.LaneAsync(user)))
        {
            // The store shows what this lane does not: the lane is old. Its successor has read the store.
            context.Forget();
            await actors.User(user).PromoteAsync();
        }
    }

    /// <summary>Whether a lane that was read from the store would let somebody in.</summary>
    bool IsStranded(IReadOnlyList<JobRecord> stored) => stored.GroupBy(job => job.Kind).Any(kind =>
    {
        var lane = NewLane(kind.Key);
        foreach (var job in kind)
            lane.Load(job);
        return lane.HasStranded;
    });
}
