using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;

namespace NextUp.Actors;

/// <summary>
/// Finds actors by identity; each lives when it is first called. A call to an actor that forgot itself meanwhile may throw
/// <see cref="ActorForgottenException"/>: nothing is known of it then, and asking again reaches its successor.
/// </summary>
public interface IActorDirectory
{
    IUserActor User(UserId user);

    IJobActor Job(JobId job);

    IQueueActor Queue { get; }

    ICleanupActor Cleanup { get; }
}

/// <summary>The actor gave up its state because a commit failed or it was superseded; its answer is unknown.</summary>
public sealed class ActorForgottenException(string message, Exception? inner = null) : Exception(message, inner);
