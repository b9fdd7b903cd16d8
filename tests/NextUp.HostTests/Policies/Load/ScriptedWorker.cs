using NextUp.Actors.Jobs;
using NextUp.Actors.Workers;
using NextUp.Hosting.Workers;

namespace NextUp.HostTests.Policies.Load;

/// <summary>
/// A worker elsewhere: it leases, works, reports; at times it hands back, is killed and begins anew, or falls silent for
/// longer than its lease and comes back with a result that nobody wants any more.
/// </summary>
sealed class ScriptedWorker(Machine machine, Ledger ledger, TimeProvider clock, int number)
{
    const string Account = "worker";
    const int Room = 6;
    static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);
    static readonly TimeSpan Silence = ServerProcess.LeaseTerm * 1.5;

    readonly WorkerId _name = WorkerId.Of(Account, $"worker-{number}");
    readonly Random _random = new(number);
    readonly List<Task> _silent = [];
    long _incarnation = 1;

    /// <summary>Jobs whose completion was acknowledged to a worker.</summary>
    public HashSet<JobId> Completed { get; } = [];

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var kinds = _random.Next(3) == 0 ? [Rules.Leased, Rules.Either] : (JobKind[])[number % 2 == 0 ? Rules.Leased : Rules.Either];

            // With a silent attempt it does not say what it has: saying so would end the silence.
            IReadOnlyCollection<HeldAttempt>? has = _silent.TrueForAll(task => task.IsCompleted) ? [] : null;
            var ask = new WorkerAsk(new(_name, _incarnation), kinds, Room, Wait, has);
            var (isAnswered, answer) = await machine.AskAsync(process => process.Desk.AskAsync(ask, stop));
            if (!isAnswered || answer is not WorkerAnswer.Given { Jobs: var jobs })
                continue;
            ledger.Count("jobs given to workers", jobs.Count);
            foreach (var job in jobs)
                ledger.Rule(job.Lease == ask.Lease, "a worker is given what is leased to it", $"{job.Lease} {ask.Lease}");
            if (jobs.Count > 0 && _random.Next(200) == 0)
            {
                _incarnation++;
                ledger.Count("workers killed with jobs");
                continue;
            }

            await Task.WhenAll(jobs.Select(WorkAsync));
        }

        await Task.WhenAll(_silent);
    }

    async Task WorkAsync(JobRecord job)
    {
        var dice = ScriptedWork.DiceOf(job.Id, job.Attempt);
        var fate = ScriptedWork.FateOf(dice);
        await Task.Delay(ScriptedWork.DurationOf(dice), clock);
        if (fate is Fate.Silence or Fate.Stuck)
        {
            // The others of the answer are reported, and more is asked for meanwhile.
            _silent.Add(ComeBackAsync(job));
            return;
        }

        if (dice.Next(20) == 0)
            await machine.AskAsync(process => process.Desk.BeatAsync(Account, new(job.Id, job.Attempt, null, ["half of it"])));
        await ReportAsync(job, fate switch
        {
            Fate.Retry or Fate.Fault => new AttemptEnd.Faulted("A scripted fault elsewhere."),
            Fate.GiveUp => new AttemptEnd.Finished(new JobOutcome.GiveUp("The scripted input is of no use."), []),
            Fate.HandBack => new AttemptEnd.HandedBack("The worker drains."),
            _ => new AttemptEnd.Finished(new JobOutcome.Done("{}", []), []),
        });
    }

    async Task ComeBackAsync(JobRecord job)
    {
        ledger.Count("workers that fell silent");
        await Task.Delay(Silence, clock);
        var answer = await ReportAsync(job, new AttemptEnd.Finished(new JobOutcome.Done("{}", []), []));
        if (answer is ReportAnswer.Refused)
            ledger.Count("late results of silent workers refused");
    }

    /// <summary>A report without an answer is made again, as the protocol has it.</summary>
    async Task<ReportAnswer?> ReportAsync(JobRecord job, AttemptEnd end)
    {
        var held = new HeldAttempt(job.Id, job.Attempt);
        while (true)
        {
            var (isAnswered, answer) = await machine.AskAsync(process => process.Desk.ReportAsync(Account, held, end));
            if (!isAnswered)
                continue;
            if (answer is ReportAnswer.Stored { State: JobState.Completed })
            {
                lock (Completed)
                    Completed.Add(job.Id);
            }

            ledger.Count(answer is ReportAnswer.Stored ? "reports of workers stored" : "reports of workers refused");
            return answer;
        }
    }
}
