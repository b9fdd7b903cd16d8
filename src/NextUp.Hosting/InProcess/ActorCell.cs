using NextUp.Actors;

namespace NextUp.Hosting.InProcess;

/// <summary>
/// An actor behind its mailbox. Calls wait until the actor has been activated; calls that find it forgotten and have not
/// begun are passed on to its successor.
/// </summary>
sealed class ActorCell<TActor>(
    ITurnScheduler scheduler, Func<ActorCell<TActor>, TActor> make, Func<TActor, ValueTask> activate,
    Func<ActorCell<TActor>> successor, Action<ActorCell<TActor>> forgotten, ActorEnvironment environment)
    : Mailbox(scheduler), IActorContext
    where TActor : class
{
    TActor? _actor;
    Queue<Turn>? _waiting;
    bool _isForgotten;

    public TimeProvider Clock => environment.Clock;

    public Random Random => environment.Random;

    /// <summary>Calls that have begun and not ended.</summary>
    public int UnderWay { get; private set; }

    /// <summary>The environment's tick at the last call; written without care for races, read to find the idle.</summary>
    public long LastUsed { get; private set; }

    public void Forget()
    {
        if (_isForgotten)
            return;
        _isForgotten = true;
        forgotten(this);
    }

    public void Tell(Func<ValueTask> call) => Add(new TellTurn(this, call));

    public Task<TAnswer> AskAsync<TArgument, TAnswer>(Func<TActor, TArgument, ValueTask<TAnswer>> call, TArgument argument)
    {
        var ask = new Ask<TArgument, TAnswer>(call, argument);
        Add(ask.For(this));
        return ask.Task;
    }

    void Begin(Turn turn, Action<TActor> call)
    {
        LastUsed = environment.Tick;
        if (_actor is not null)
        {
            call(_actor);
            return;
        }

        if (_waiting is not null)
        {
            _waiting.Enqueue(turn);
            return;
        }

        _waiting = new([turn]);
        _ = ActivateAsync();
    }

    async Task ActivateAsync()
    {
        Exception? failure = null;
        TActor? actor = null;
        try
        {
            actor = make(this);
            await activate(actor);
        }
        catch (Exception error)
        {
            // The callers are told; the next call tries anew with a new actor.
            failure = error;
            Forget();
        }

        var waiting = _waiting!;
        _waiting = null;
        if (failure is null)
            _actor = actor;
        while (waiting.TryDequeue(out var turn))
        {
            if (failure is null)
                turn.Run();
            else
                ((IFailable)turn).Fail(failure);
        }
    }

    /// <summary>Forgets an actor that nobody has called for a while and that has nothing under way.</summary>
    public void RetireIfIdle(long usedBefore) => Add(new RetireTurn(this, usedBefore));

    interface IFailable
    {
        void Fail(Exception error);
    }

    sealed class RetireTurn(ActorCell<TActor> cell, long usedBefore) : Turn
    {
        public override void Run()
        {
            if (cell is { _actor: not null, UnderWay: 0 } && cell.LastUsed < usedBefore)
                cell.Forget();
        }
    }

    sealed class TellTurn(ActorCell<TActor> cell, Func<ValueTask> call) : Turn
    {
        public override void Run() => _ = RunAsync();

        async Task RunAsync()
        {
            cell.UnderWay++;
            try
            {
                await call();
            }
            catch (Exception error)
            {
                cell.Environment.TellFailed(typeof(TActor).Name, error);
            }
            finally
            {
                cell.UnderWay--;
            }
        }
    }

    ActorEnvironment Environment => environment;

    sealed class Ask<TArgument, TAnswer>(Func<TActor, TArgument, ValueTask<TAnswer>> call, TArgument argument)
    {
        readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<TAnswer> Task => _answer.Task;

        public Turn For(ActorCell<TActor> cell) => new AskTurn(this, cell);

        sealed class AskTurn(Ask<TArgument, TAnswer> ask, ActorCell<TActor> cell) : Turn, IFailable
        {
            public override void Run()
            {
                if (cell._isForgotten)
                {
                    var next = cell.Successor();
                    next.Add(ask.For(next));
                    return;
                }

                cell.Begin(this, actor => _ = RunAsync(actor));
            }

            public void Fail(Exception error) => ask._answer.TrySetException(error);

            async Task RunAsync(TActor actor)
            {
                cell.UnderWay++;
                try
                {
                    ask._answer.TrySetResult(await ask.Call(actor));
                }
                catch (Exception error)
                {
                    ask._answer.TrySetException(error);
                }
                finally
                {
                    cell.UnderWay--;
                }
            }
        }

        ValueTask<TAnswer> Call(TActor actor) => call(actor, argument);
    }

    ActorCell<TActor> Successor() => successor();
}
