namespace NextUp.Actors;

/// <summary>
/// What a host gives each actor. The host runs an actor one turn at a time: a method runs alone up to an await that has to
/// wait, other calls may run then, and it goes on in a later turn. So state is never touched by two threads, but may have
/// changed across an await.
/// </summary>
public interface IActorContext
{
    TimeProvider Clock { get; }

    /// <summary>Seeded by the host, used for jitter only.</summary>
    Random Random { get; }

    /// <summary>
    /// Drops this actor: later calls reach a new one that reads the store. Called when a commit failed, because memory may
    /// then be ahead of the store or behind it and nobody can know which.
    /// </summary>
    void Forget();

    /// <summary>Calls without waiting for the answer; a failure is logged by the host.</summary>
    void Tell(Func<ValueTask> call);
}
