using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;
using NextUp.Actors.Workers;
using NextUp.Hosting.Workers;

namespace NextUp.HostTests.Behaviour;

/// <summary>What every host must do for workers elsewhere. A host passes by giving a <see cref="World"/>.</summary>
public abstract class LeaseBehaviour
{
    const string Crew = "crew";
    static readonly UserId Ann = UserId.Account("ann");
    static readonly UserId Bob = UserId.Account("bob");
    static readonly Lease One = new(WorkerId.Of(Crew, "one"), 1);
    static readonly Lease Two = new(WorkerId.Of(Crew, "two"), 1);
    static readonly TimeSpan Silence = World.LeaseTerm + TimeSpan.FromSeconds(1);

    private protected abstract Task<World> OpenAsync(KindPolicy policy, QueueSettings settings);

    Task<World> OpenAsync(WorkedBy workedBy = WorkedBy.Workers, int slots = 1) => OpenAsync(
        new() { Kind = World.Kind, WorkedBy = workedBy, RetryDelay = TimeSpan.Zero, StopGrace = TimeSpan.Zero },
        new QueueSettings { Slots = slots });

    [Fact]
    public async Task A_job_stays_next_up_until_a_worker_asks_for_it()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);

        Assert.Equal(1, await world.PositionAsync(job));
        var leased = Assert.Single(await GivenAsync(world, One));

        Assert.Equal((job.Id, 1, One), (leased.Id, leased.Attempt, leased.Lease));
        Assert.Equal(One, (await world.Store.FindAsync(job.Id))!.Lease);
        Assert.Empty(await GivenAsync(world, Two));
        Assert.Equal(new(ReportedAs: JobState.Completed), await CompleteAsync(world, leased));
    }

    [Fact]
    public async Task Who_waits_for_work_that_nobody_asks_for_is_told_so()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        Task<QueuePlace?> PlaceAsync() => world.AnswerAsync(async () =>
            (await world.Actors.Queue.PlacesAsync([new(job.Kind, job.LineKey, job.HeadStart)]))[0]);

        Assert.Null((await PlaceAsync())!.Wait);
        Pass(world, TimeSpan.FromMinutes(2));
        Assert.IsType<QueueWait.NoWorker>((await PlaceAsync())!.Wait);

        await world.AnswerAsync(() => world.Desk.AskAsync(new(One, [World.Kind], 0, default, null), CancellationToken.None));
        Assert.IsType<QueueWait.NoWorker>((await PlaceAsync())!.Wait);
        Assert.Equal(job.Id, Assert.Single(await GivenAsync(world, One)).Id);
    }

    [Fact]
    public async Task A_worker_that_waits_gets_a_job_when_one_comes()
    {
        await using var world = await OpenAsync();
        var asking = world.BeginAnswer(() => AskAsync(world, One, wait: TimeSpan.FromMinutes(1)));

        var job = await world.AcceptedAsync(Ann);

        var given = Assert.IsType<WorkerAnswer.Given>(await world.AnswerAsync(() => asking));
        Assert.Equal(job.Id, Assert.Single(given.Jobs).Id);
    }

    [Fact]
    public async Task What_a_silent_worker_had_goes_to_another_and_what_it_still_says_is_refused()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        var lost = Assert.Single(await GivenAsync(world, One));

        Pass(world, Silence);
        await world.ReachesAsync(job, JobState.Pending);
        Pass(world, TimeSpan.FromMilliseconds(1));
        var taken = Assert.Single(await GivenAsync(world, Two));

        Assert.Equal((2, 1), (taken.Attempt, taken.Failures));
        Assert.Equal(new(Refused: StopReason.Superseded), await CompleteAsync(world, lost));
        Assert.Equal(StopReason.Superseded, await BeatAsync(world, lost));
        Assert.Equal(new(ReportedAs: JobState.Completed), await CompleteAsync(world, taken));
        Assert.Equal(2, (await world.ReachesAsync(job, JobState.Completed)).Attempt);
    }

    [Fact]
    public async Task A_worker_that_is_heard_keeps_what_it_has()
    {
        await using var world = await OpenAsync();
        await world.AcceptedAsync(Ann);
        var leased = Assert.Single(await GivenAsync(world, One));

        for (var beats = 0; beats < 5; beats++)
        {
            Pass(world, World.LeaseTerm / 2);
            Assert.Null(await BeatAsync(world, leased));
        }

        Assert.Equal(new(ReportedAs: JobState.Completed), await CompleteAsync(world, leased));
    }

    [Fact]
    public async Task A_worker_that_begins_anew_has_lost_what_it_had_at_once()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        var lost = Assert.Single(await GivenAsync(world, One));

        await GivenAsync(world, One with { Incarnation = 2 });
        await world.ReachesAsync(job, JobState.Pending);
        Pass(world, TimeSpan.FromMilliseconds(1));

        Assert.Equal(new(Refused: StopReason.Superseded), await CompleteAsync(world, lost));
        Assert.IsType<WorkerAnswer.Superseded>(await world.AnswerAsync(() => AskAsync(world, One)));
        Assert.Equal(2, Assert.Single(await GivenAsync(world, Two)).Attempt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lease_outlives_the_server_that_gave_it(bool isCrash)
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        var leased = Assert.Single(await GivenAsync(world, One));
        Pass(world, World.LeaseTerm * 0.9);

        if (isCrash)
            await world.CrashAsync();
        else
            await world.RestartAsync();

        // A whole term from the new server's own start, however much of the old one was gone.
        Pass(world, World.LeaseTerm * 0.9);
        Assert.Equal(JobState.Processing, (await world.Store.FindAsync(job.Id))!.State);
        Assert.Null(await BeatAsync(world, leased));
        Assert.Equal(new(ReportedAs: JobState.Completed), await CompleteAsync(world, leased));
        Assert.Equal((1, 0), ((await world.Store.FindAsync(job.Id))!.Attempt, (await world.Store.FindAsync(job.Id))!.Failures));
    }

    [Fact]
    public async Task A_lease_that_nobody_renews_after_a_restart_runs_out()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        await GivenAsync(world, One);
        await world.CrashAsync();
        await world.AnswerAsync(() => world.Actors.Queue.StatusAsync().AsTask());
        await UntilWatchedAsync(world, job.Id);

        Pass(world, Silence);

        Assert.Equal(1, (await world.ReachesAsync(job, JobState.Pending)).Failures);
    }

    [Fact]
    public async Task A_result_whose_answer_was_lost_is_acknowledged_again_and_stored_once()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        var leased = Assert.Single(await GivenAsync(world, One));

        for (var times = 0; times < 3; times++)
            Assert.Equal(new(ReportedAs: JobState.Completed), await CompleteAsync(world, leased));

        var events = await world.Store.EventsAsync(Ann, 0, 10);
        Assert.Single(events, happened => happened.Type == NextUp.Actors.Store.JobEventType.Completed);
        Assert.Equal(JobState.Completed, (await world.Store.FindAsync(job.Id))!.State);
    }

    [Fact]
    public async Task What_an_answer_gave_that_did_not_arrive_is_given_again_with_the_next()
    {
        await using var world = await OpenAsync();
        await world.AcceptedAsync(Ann);
        var first = Assert.Single(await GivenAsync(world, One));

        Assert.Equal(first.Id, Assert.Single(await GivenAsync(world, One, has: [])).Id);
        Assert.Empty(await GivenAsync(world, One, has: [new(first.Id, 1)]));
    }

    [Fact]
    public async Task What_is_handed_back_goes_on_at_once_elsewhere_without_a_failure()
    {
        await using var world = await OpenAsync();
        await world.AcceptedAsync(Ann);
        var leased = Assert.Single(await GivenAsync(world, One));

        Assert.Equal(new(ReportedAs: JobState.Pending), await ReportAsync(world, leased, new AttemptEnd.HandedBack("drained")));

        var again = Assert.Single(await GivenAsync(world, Two));
        Assert.Equal((2, 0), (again.Attempt, again.Failures));
    }

    [Fact]
    public async Task A_cancel_is_heard_by_a_worker_that_waits_and_nothing_of_the_attempt_is_stored_after_it()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        var leased = Assert.Single(await GivenAsync(world, One));
        HeldAttempt[] has = [new(leased.Id, leased.Attempt)];
        var listening = world.BeginAnswer(() => ListenAsync(world, One, has));

        Assert.IsType<CancelAnswer.Cancelled>(await world.CancelAsync(Ann, job.Id));

        var heard = await world.AnswerInTimeAsync(() => listening);
        Assert.Equal(new StopWord(leased.Id, 1, StopReason.Cancelled), Assert.Single(heard.Stops));
        Assert.Equal(new(Refused: StopReason.Cancelled), await CompleteAsync(world, leased));
    }

    [Fact]
    public async Task Someone_elses_worker_is_told_nothing_of_an_attempt()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        await GivenAsync(world, One);

        Assert.Null(await world.AnswerAsync(() => world.Desk.FindAsync("others", job.Id, 1)));
        Assert.Equal(
            StopReason.Superseded, await world.AnswerAsync(() => world.Desk.BeatAsync("others", new(job.Id, 1, null, []))));
        Assert.Equal(
            new ReportAnswer.Refused(StopReason.Superseded),
            await world.AnswerAsync(() => world.Desk.ReportAsync("others", new(job.Id, 1), new AttemptEnd.HandedBack(""))));
    }

    [Fact]
    public async Task A_kind_worked_on_by_both_starts_here_when_no_worker_waits_and_takes_no_slot_here_when_one_does()
    {
        await using var world = await OpenAsync(WorkedBy.Both);
        var here = await world.AcceptedAsync(Ann);
        Assert.Equal(here.Id, (await world.NextAttemptAsync()).Job.Id);

        var elsewhere = await world.AcceptedAsync(Bob);
        Assert.Equal(elsewhere.Id, Assert.Single(await GivenAsync(world, One)).Id);

        var status = await world.AnswerAsync(() => world.Actors.Queue.StatusAsync().AsTask());
        Assert.Equal((2, 1), (status.Running, status.RunningElsewhere));
    }

    /// <param name="ReportedAs">What the job is after a report that was stored.</param>
    sealed record Said(JobState? ReportedAs = null, StopReason? Refused = null);

    static Task<WorkerAnswer> AskAsync(
        World world, Lease lease, int count = 3, IReadOnlyCollection<HeldAttempt>? has = null, TimeSpan wait = default) =>
        world.Desk.AskAsync(new(lease, [World.Kind], count, wait, has), CancellationToken.None);

    /// <summary>What the worker is given, once it is watched: that comes a turn or two later.</summary>
    static async Task<IReadOnlyList<JobRecord>> GivenAsync(World world, Lease lease, IReadOnlyCollection<HeldAttempt>? has = null)
    {
        var given = Assert.IsType<WorkerAnswer.Given>(await world.AnswerAsync(() => AskAsync(world, lease, has: has)));
        foreach (var job in given.Jobs)
            await UntilWatchedAsync(world, job.Id);
        return given.Jobs;
    }

    /// <summary>Asks again and again, as workers do, until there is word to stop.</summary>
    static async Task<WorkerAnswer.Given> ListenAsync(World world, Lease lease, HeldAttempt[] has)
    {
        while (true)
        {
            var answer = await AskAsync(world, lease, count: 0, has: has, wait: TimeSpan.FromSeconds(3));
            if (Assert.IsType<WorkerAnswer.Given>(answer) is { Stops.Count: > 0 } heard)
                return heard;
        }
    }

    static Task<StopReason?> BeatAsync(World world, JobRecord job) =>
        world.AnswerAsync(() => world.Desk.BeatAsync(Crew, new(job.Id, job.Attempt, null, [])));

    static Task<Said> CompleteAsync(World world, JobRecord job) =>
        ReportAsync(world, job, new AttemptEnd.Finished(new JobOutcome.Done("{}", []), []));

    static async Task<Said> ReportAsync(World world, JobRecord job, AttemptEnd end) =>
        await world.AnswerAsync(() => world.Desk.ReportAsync(Crew, new(job.Id, job.Attempt), end)) switch
        {
            ReportAnswer.Stored stored => new(ReportedAs: stored.State),
            ReportAnswer.Refused refused => new(Refused: refused.Reason),
            _ => throw new InvalidOperationException(),
        };

    /// <summary>The queue asks the job's actor to recover it in a turn of its own.</summary>
    static Task<bool> UntilWatchedAsync(World world, JobId job) => world.AnswerAsync(async () =>
    {
        while ((await world.Store.FindAsync(job))!.Attempt is var attempt && !world.Desk.IsWatching(job, attempt))
            await Task.Yield();
        return true;
    });

    /// <summary>In steps, as time passes for a process that runs.</summary>
    static void Pass(World world, TimeSpan span)
    {
        var step = TimeSpan.FromMilliseconds(500);
        for (; span > step; span -= step)
            world.Clock.Advance(step);
        world.Clock.Advance(span);
    }
}
