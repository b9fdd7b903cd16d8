using NextUp.Actors.Jobs;
using NextUp.Actors.Workers;
using NextUp.Hosting.Workers;

namespace NextUp.HostTests.Simulation;

/// <summary>
/// Workers on other machines, as bad as they come: they stall past their lease and come back, die and are started anew
/// while their old process still talks, miss answers, report twice, and hand back what they do not have.
/// </summary>
sealed class SimWorkers(Random random, IReadOnlyList<JobKind> kinds, SimChecks checks, Action<Func<LeaseDesk, Task>, Action<Task>> call)
{
    public const string Account = "crew";
    public static readonly TimeSpan Term = TimeSpan.FromSeconds(10);

    const int WorkersMax = 3;
    const int AskMax = 3;

    readonly Life[] _workers = [.. Enumerable.Range(0, 1 + random.Next(WorkersMax)).Select(number => new Life(number))];

    // Attempts whose process was killed, or so everybody believes; it may go on talking.
    readonly List<HeldAttempt> _ghosts = [];
    bool _isGood;

    sealed class Life(int number)
    {
        public long Incarnation { get; set; } = 1;

        public List<HeldAttempt> Has { get; } = [];

        public Lease Lease => new(WorkerId.Of(Account, $"worker-{number}"), Incarnation);

        public bool IsAsking { get; set; }
    }

    /// <summary>One of them does something.</summary>
    public void Move()
    {
        var worker = _workers[random.Next(_workers.Length)];
        switch (random.Next(12))
        {
            case < 5:
                Ask(worker, random.Next(AskMax + 1));
                break;
            case < 9 when worker.Has.Count > 0:
                Report(worker.Has, worker.Has[random.Next(worker.Has.Count)]);
                break;
            case 9 when worker.Has.Count > 0:
                Beat(worker, worker.Has[random.Next(worker.Has.Count)]);
                break;
            case 10 when _ghosts.Count > 0:
                Report(_ghosts, _ghosts[random.Next(_ghosts.Count)]);
                break;
            case 11 when random.Next(4) == 0:
                Restart(worker);
                break;
            default:
                break;
        }
    }

    /// <summary>From now on they do what they should: everything has to come to an end.</summary>
    public void MoveInGoodOrder()
    {
        // What was asked of a process that died is answered by nobody.
        if (!_isGood)
            Array.ForEach(_workers, worker => worker.IsAsking = false);
        _isGood = true;
        foreach (var worker in _workers)
        {
            foreach (var held in worker.Has.ToList())
                Report(worker.Has, held);
            if (!worker.IsAsking)
                Ask(worker, AskMax);
        }
    }

    void Ask(Life worker, int count)
    {
        var lease = worker.Lease;
        HashSet<HeldAttempt>? has = _isGood || random.Next(4) > 0 ? [.. worker.Has] : null;
        if (!_isGood && has?.Count > 0 && random.Next(8) == 0)
            has.Remove(has.First());
        worker.IsAsking = true;
        call(desk => desk.AskAsync(new(lease, kinds, count, TimeSpan.Zero, has), CancellationToken.None), task =>
        {
            worker.IsAsking = false;
            if (task is not Task<WorkerAnswer> { IsCompletedSuccessfully: true, Result: var answer } || worker.Lease != lease)
                return;
            if (!_isGood && random.Next(6) == 0)
                return;
            Hear(worker, answer);
        });
    }

    void Hear(Life worker, WorkerAnswer answer)
    {
        if (answer is not WorkerAnswer.Given given)
        {
            Restart(worker);
            return;
        }

        foreach (var stop in given.Stops)
            worker.Has.Remove(new(stop.Job, stop.Attempt));
        foreach (var job in given.Jobs)
        {
            SimChecks.Given(job, worker.Lease.Worker);
            if (!worker.Has.Contains(new(job.Id, job.Attempt)))
                worker.Has.Add(new(job.Id, job.Attempt));
        }
    }

    void Beat(Life worker, HeldAttempt held)
    {
        var progress = random.Next(2) == 0 ? new JobProgress(1, 2, 0, random.Next(101), "working") : null;
        call(desk => desk.BeatAsync(Account, new(held.Job, held.Attempt, progress, [])), task =>
        {
            if (task is Task<StopReason?> { IsCompletedSuccessfully: true, Result: not null })
                worker.Has.Remove(held);
        });
    }

    void Report(List<HeldAttempt> own, HeldAttempt held)
    {
        AttemptEnd end = _isGood ? Done() : random.Next(10) switch
        {
            0 => new AttemptEnd.Finished(new JobOutcome.Retry("busy", TimeSpan.FromSeconds(random.Next(30))), []),
            1 => new AttemptEnd.Finished(new JobOutcome.GiveUp("unreadable"), []),
            2 => new AttemptEnd.HandedBack("drained"),
            _ => Done(),
        };

        // Who does not hear the answer reports again.
        var isHeard = _isGood || random.Next(4) > 0;
        call(desk => desk.ReportAsync(Account, held, end), task =>
        {
            if (task is not Task<ReportAnswer> { IsCompletedSuccessfully: true, Result: var answer })
                return;
            checks.Reported(held, end, answer);
            if (isHeard)
                own.Remove(held);
        });
    }

    static AttemptEnd.Finished Done() => new(new JobOutcome.Done("{}", []), []);

    void Restart(Life worker)
    {
        _ghosts.AddRange(worker.Has);
        worker.Has.Clear();
        worker.Incarnation++;
    }
}
