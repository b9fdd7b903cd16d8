using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Policies.Load;

/// <summary>Pauses and resumes the queue, kinds and users, and moves the slots, all the time.</summary>
sealed class ScriptedOperator(Machine machine, Ledger ledger, TimeProvider clock, IReadOnlyList<UserId> users, Random random)
    : IDisposable
{
    const int SlotsLeast = 12;
    const int SlotsMost = 48;
    const int UsersAtOnce = 5;
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(8);
    static readonly TimeSpan UserPause = TimeSpan.FromSeconds(40);

    readonly SemaphoreSlim _turn = new(1, 1);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Rest * random.NextDouble(), clock, CancellationToken.None);
            await WhileStillAsync(SteerAsync);
        }

        await SteerAsync(new SteerOrder.SetSlots(null) { By = "operator" });
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Does something while this operator does nothing.</summary>
    public async Task WhileStillAsync(Func<Task> act)
    {
        await _turn.WaitAsync();
        await act();
        _turn.Release();
    }

    public Task PauseAsync(PauseTarget target) => SteerAsync(new SteerOrder.Hold(target, "For a look.") { By = "operator" });

    public Task ResumeAsync(PauseTarget target) => SteerAsync(new SteerOrder.Resume(target) { By = "operator" });

    Task SteerAsync() => random.Next(6) switch
    {
        0 => ForAsync(new PauseTarget.Everything(), Rest / 4),
        1 or 2 => ForAsync(new PauseTarget.OfKind(Rules.Kinds[random.Next(Rules.Kinds.Count)]), Rest),
        3 or 4 => ForAllAsync([.. Enumerable.Range(0, UsersAtOnce).Select(_ => users[random.Next(users.Count)]).Distinct()]),
        _ => SteerAsync(new SteerOrder.SetSlots(random.Next(SlotsLeast, SlotsMost)) { By = "operator" }),
    };

    async Task ForAsync(PauseTarget target, TimeSpan span)
    {
        await PauseAsync(target);
        await Task.Delay(span, clock, CancellationToken.None);
        await ResumeAsync(target);
    }

    async Task ForAllAsync(IReadOnlyList<UserId> paused)
    {
        foreach (var user in paused)
        {
            await PauseAsync(new PauseTarget.OfUser(user));
            ledger.IsHeldFast(user);
        }

        await Task.Delay(UserPause * random.NextDouble(), clock, CancellationToken.None);
        foreach (var user in paused)
            await ResumeAsync(new PauseTarget.OfUser(user));
    }

    /// <summary>An order without an answer is given again: nobody knows whether it was heard.</summary>
    async Task SteerAsync(SteerOrder order)
    {
        while (!(await machine.AskAsync(process => process.Host.Queue.SteerAsync(order).AsTask())).IsAnswered)
            ledger.Count("operators' orders given again");
    }
}
