using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Actors.Users;

/// <summary>
/// After the rules have changed: whoever has held jobs looks whether there is a place for them now. Users that are in
/// memory and users that are not are found the same way, in the store.
/// </summary>
public sealed class LaneReview(IJobStore store, IActorDirectory actors, TimeProvider clock)
{
    const int BatchMax = 256;

    static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(5);

    /// <summary>Answers when everyone has looked. While the store is away it is tried again, from where it stood.</summary>
    public async ValueTask LetInAsync()
    {
        var (after, delay) = (default(JobSequence), RetryDelay);
        while (true)
        {
            try
            {
                var held = await store.HeldAsync(after, BatchMax);
                if (held.Count == 0)
                    return;
                List<Task> promoting =
                    [.. held.Select(job => job.User).Distinct().Select(user => actors.User(user).PromoteAsync().AsTask())];
                foreach (var promotion in promoting)
                    await promotion;
                (after, delay) = (held[^1].Job, RetryDelay);
            }
            catch (Exception error) when (error is StoreFailedException or ActorForgottenException)
            {
                await Task.Delay(delay, clock);
                delay = delay * 2 < RetryDelayMax ? delay * 2 : RetryDelayMax;
            }
        }
    }
}
