using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Workers;

namespace NextUp.Hosting.Workers;

/// <summary>How workers get jobs, and word to stop.</summary>
public sealed partial class LeaseDesk
{
    /// <summary>
    /// Jobs for the worker as soon as there are some, word to stop as soon as there is some, or neither when its wait is
    /// over. Being heard renews what it says it has; what it was given and does not have is given again.
    /// </summary>
    public async Task<WorkerAnswer> AskAsync(WorkerAsk ask, CancellationToken gone)
    {
        if (!Hear(ask))
            return new WorkerAnswer.Superseded();

        var stops = await StopsAsync(ask);
        var missed = Missed(ask);
        if (stops.Count > 0 || missed.Count > 0)
            return new WorkerAnswer.Given(missed, stops);

        var jobs = await WaitAsync(ask, gone);
        return new WorkerAnswer.Given(jobs, jobs.Count > 0 ? [] : await StopsAsync(ask));
    }

    bool Hear(WorkerAsk ask)
    {
        lock (_gate)
        {
            if (_book.Hear(ask.Lease, clock.GetUtcNow(), ask.Kinds) is not { } lost)
                return false;
            foreach (var job in lost)
                Let(_watched[job.Id], BeganAnew(job));
            return true;
        }
    }

    IReadOnlyList<JobRecord> Missed(WorkerAsk ask)
    {
        if (ask.Has is not { } has)
            return [];
        lock (_gate)
        {
            var missed = _book.Missed(ask.Lease, (job, attempt) => has.Contains(new(job, attempt)));
            return [.. missed.Where(job => !_watched[job.Id].IsAskedToStop)];
        }
    }

    async Task<IReadOnlyList<StopWord>> StopsAsync(WorkerAsk ask)
    {
        if (ask.Has is null or { Count: 0 })
            return [];
        List<StopWord> stops = [];
        foreach (var (job, attempt) in ask.Has)
        {
            if (await StopOfAsync(ask.Lease.Worker, job, attempt) is { } reason)
                stops.Add(new(job, attempt, reason));
        }

        return stops;
    }

    async Task<IReadOnlyList<JobRecord>> WaitAsync(WorkerAsk ask, CancellationToken gone)
    {
        var listening = new Listening(ask.Count);
        lock (_gate)
        {
            if (_isStopping)
                return [];
            if (_listening.TryGetValue(ask.Lease.Worker, out var older))
                older.Word.TrySetResult();
            _listening[ask.Lease.Worker] = listening;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(gone);
        try
        {
            var late = Task.Delay(ask.Wait, clock, over.Token);
            return await WaitAsync(ask, FirstOf(late, listening.Word.Task));
        }
        finally
        {
            over.Cancel();
            lock (_gate)
            {
                if (_listening.GetValueOrDefault(ask.Lease.Worker) == listening)
                    _listening.Remove(ask.Lease.Worker);
            }
        }
    }

    async Task<IReadOnlyList<JobRecord>> WaitAsync(WorkerAsk ask, Task end)
    {
        if (ask.Count == 0)
        {
            await end;
            return [];
        }

        // Asked once at least: who does not wait takes what is there.
        do
        {
            var asked = new LeaseAsk(Interlocked.Increment(ref _asks), ask.Lease, ask.Kinds, Math.Min(ask.Count, LeaseAsk.CountMax));
            try
            {
                var answer = Actors.Queue.LeaseAsync(asked).AsTask();
                await FirstOf(answer, end);
                if (!answer.IsCompleted)
                    await Actors.Queue.WithdrawAsync(ask.Lease.Worker, asked.Number);
                return await answer;
            }
            catch (ActorForgottenException)
            {
                // The queue was rebuilt. What it may have started for this worker is given with the next answer.
            }
        }
        while (!end.IsCompleted);
        return [];
    }

    /// <summary>
    /// Ends when one of them does, however. Unlike <see cref="Task.WhenAny(Task[])"/> it stays in the turns of whoever waits,
    /// which a simulated run needs to be the same each time.
    /// </summary>
    static Task FirstOf(Task one, Task other)
    {
        var first = new TaskCompletionSource();
        _ = FollowAsync(one);
        _ = FollowAsync(other);
        return first.Task;

        async Task FollowAsync(Task task)
        {
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            first.TrySetResult();
        }
    }
}
