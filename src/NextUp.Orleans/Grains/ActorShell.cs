using NextUp.Actors;
using NextUp.Hosting.InProcess;

namespace NextUp.Orleans.Grains;

/// <summary>
/// A plain actor inside a grain. The grain's scheduler gives it its turns: grains are reentrant, so a call runs alone up to an
/// await that has to wait, which is what actors are written for. An actor that forgets itself is left to finish what it has
/// begun, and the next call makes its successor in the same activation.
/// </summary>
sealed class ActorShell<TActor>(
    Func<IActorContext, TActor> make, Func<TActor, ValueTask> activate, ActorEnvironment environment, Action? forgotten = null)
    where TActor : class
{
    // Taken when the first call comes, which is a turn of the grain.
    TaskScheduler? _turns;
    Life? _life;

    /// <summary>The actor, once it has read what it needs.</summary>
    public ValueTask<TActor> ActorAsync()
    {
        _turns ??= TaskScheduler.Current;
        return _life is { Actor: { } actor } ? new(actor) : WaitAsync();
    }

    async ValueTask<TActor> WaitAsync()
    {
        while (true)
        {
            var life = _life ??= new Life(this);
            var actor = await (life.Ready ??= life.BeginAsync());
            if (!life.IsForgotten)
                return actor;
        }
    }

    /// <summary>One actor from its making to its forgetting.</summary>
    sealed class Life(ActorShell<TActor> shell) : IActorContext
    {
        public bool IsForgotten { get; private set; }

        /// <summary>Null until it is ready.</summary>
        public TActor? Actor { get; private set; }

        public Task<TActor>? Ready { get; set; }

        public TimeProvider Clock => shell.Environment.Clock;

        public Random Random => shell.Environment.Random;

        public async Task<TActor> BeginAsync()
        {
            try
            {
                var actor = shell.Make(this);
                await shell.Activate(actor);
                return Actor = actor;
            }
            catch
            {
                // The callers are told; the next call tries anew with a new actor.
                Forget();
                throw;
            }
        }

        public void Forget()
        {
            if (IsForgotten)
                return;
            IsForgotten = true;
            if (shell._life == this)
                shell._life = null;
            shell.Forgotten?.Invoke();
        }

        public void Tell(Func<ValueTask> call) => shell.Tell(call);
    }

    /// <summary>Runs the call as a turn of its own; a failure is logged.</summary>
    public void Tell(Func<ValueTask> call) => _ = Task.Factory.StartNew(
        () => RunAsync(call), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _turns!);

    async Task RunAsync(Func<ValueTask> call)
    {
        try
        {
            await call();
        }
        catch (Exception error)
        {
            environment.TellFailed(typeof(TActor).Name, error);
        }
    }

    ActorEnvironment Environment => environment;

    Func<IActorContext, TActor> Make => make;

    Func<TActor, ValueTask> Activate => activate;

    Action? Forgotten => forgotten;
}
