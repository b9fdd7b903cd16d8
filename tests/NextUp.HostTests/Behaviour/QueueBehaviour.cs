using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.HostTests.Simulation;

namespace NextUp.HostTests.Behaviour;

/// <summary>What every host must do. A host passes by giving a <see cref="World"/>.</summary>
public abstract partial class QueueBehaviour
{
    static readonly UserId Ann = UserId.Account("ann");
    static readonly UserId Bob = UserId.Account("bob");
    static readonly UserId Cat = UserId.Account("cat");

    private protected abstract Task<World> OpenAsync(KindPolicy policy, QueueSettings settings);

    static readonly KindPolicy Policy = new() { Kind = World.Kind, HeldPerUserMax = 10 };

    Task<World> OpenAsync(int slots = 1, WhenBusy whenBusy = WhenBusy.Refuse, int? max = 1) =>
        OpenAsync(Policy with { WhenBusy = whenBusy, ActivePerUserMax = max }, new QueueSettings { Slots = slots });

    [Fact]
    public async Task A_job_is_accepted_started_and_completed()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        World.Complete(await world.NextAttemptAsync());

        var stored = await world.ReachesAsync(job, JobState.Completed);

        Assert.Equal((1, "{}"), (stored.Attempt, stored.Summary));
        Assert.Equal(
            [JobEventType.Queued, JobEventType.Started, JobEventType.Completed],
            (await world.Store.EventsAsync(Ann, 0, 10)).Select(happened => happened.Type));
    }

    [Fact]
    public async Task What_is_answered_to_a_submission_is_what_is_read_back_afterwards()
    {
        await using var world = await OpenAsync(whenBusy: WhenBusy.Hold);
        world.Clock.Advance(TimeSpan.FromTicks(1_234_567));
        JobRecord[] answered =
            [await world.AcceptedAsync(Ann), await world.AcceptedAsync(Ann), await world.AcceptedAsync(Bob)];

        Assert.Equal(JobState.Processing, answered[0].State);
        Assert.True(answered[1].IsHeld);
        foreach (var job in answered)
            Assert.Equal(job, await world.AnswerAsync(() => world.Store.FindAsync(job.Id)));
    }

    [Fact]
    public async Task Of_a_thousand_racing_submissions_of_one_user_exactly_one_is_accepted_and_the_others_name_it()
    {
        await using var world = await OpenAsync();
        var racing = Enumerable.Range(0, 1_000).Select(_ => world.SubmitAsync(Ann)).ToList();
        var answers = await world.AnswerAsync(() => Task.WhenAll(racing));

        var accepted = Assert.Single(answers.OfType<SubmitAnswer.Accepted>());
        Assert.All(answers.OfType<SubmitAnswer.AtLimit>(), refused => Assert.Equal(accepted.Job.Id, refused.Existing.Id));
        Assert.Equal(999, answers.OfType<SubmitAnswer.AtLimit>().Count());
    }

    [Fact]
    public async Task Racing_submissions_with_one_key_are_one_job()
    {
        await using var world = await OpenAsync(max: null);
        var racing = Enumerable.Range(0, 50).Select(_ => world.AcceptedAsync(Ann, key: "k")).ToList();
        var jobs = await world.AnswerAsync(() => Task.WhenAll(racing));

        Assert.Single(jobs.Select(job => job.Id).Distinct());
        Assert.True(Assert.IsType<SubmitAnswer.Accepted>(await world.SubmitAsync(Ann, key: "k")).IsRepeat);
        Assert.NotEqual(jobs[0].Id, (await world.AcceptedAsync(Bob, key: "k")).Id);
    }

    [Fact]
    public async Task Users_leave_in_the_order_they_came_and_see_their_exact_positions()
    {
        await using var world = await OpenAsync();
        var first = await world.AcceptedAsync(Ann);
        var second = await world.AcceptedAsync(Bob);
        var third = await world.AcceptedAsync(Cat);

        Assert.Equal((null, 1, 2), (await world.PositionAsync(first), await world.PositionAsync(second), await world.PositionAsync(third)));
        World.Complete(await world.NextAttemptAsync());
        var next = await world.NextAttemptAsync();
        Assert.Equal(second.Id, next.Job.Id);
        Assert.Equal((null, 1), (await world.PositionAsync(second), await world.PositionAsync(third)));
    }

    [Fact]
    public async Task A_held_job_joins_at_the_end_of_the_line_when_the_users_place_frees()
    {
        await using var world = await OpenAsync(whenBusy: WhenBusy.Hold);
        var running = await world.AcceptedAsync(Ann);
        var held = await world.AcceptedAsync(Ann);
        var other = await world.AcceptedAsync(Bob);
        Assert.True(held.IsHeld);
        Assert.Null(await world.PositionAsync(held));

        World.Complete(await world.NextAttemptAsync());

        Assert.Equal(other.Id, (await world.NextAttemptAsync()).Job.Id);
        await world.ReachesAsync(running, JobState.Completed);
        var joined = (await world.Store.FindAsync(held.Id))!;
        Assert.False(joined.IsHeld);
        Assert.Equal(1, await world.PositionAsync(joined));
    }

    [Fact]
    public async Task Cancelling_a_held_job_leaves_the_others_of_its_lane()
    {
        await using var world = await OpenAsync(whenBusy: WhenBusy.Hold);
        await world.AcceptedAsync(Ann);
        var second = await world.AcceptedAsync(Ann);
        var third = await world.AcceptedAsync(Ann);

        Assert.IsType<CancelAnswer.Cancelled>(await world.CancelAsync(Ann, second.Id));
        World.Complete(await world.NextAttemptAsync());

        Assert.Equal(third.Id, (await world.NextAttemptAsync()).Job.Id);
    }

    [Fact]
    public async Task A_lane_takes_as_many_held_jobs_as_its_limit_and_no_more()
    {
        await using var world = await OpenAsync(Policy with { WhenBusy = WhenBusy.Hold, HeldPerUserMax = 2 }, new() { Slots = 1 });
        await world.AcceptedAsync(Ann);
        await world.AcceptedAsync(Ann);
        await world.AcceptedAsync(Ann);

        Assert.Equal(2, Assert.IsType<SubmitAnswer.LaneFull>(await world.SubmitAsync(Ann)).HeldPerUserMax);
    }

    [Fact]
    public async Task A_replacement_takes_the_place_of_the_waiting_job()
    {
        await using var world = await OpenAsync();
        await world.AcceptedAsync(Cat);
        var old = await world.AcceptedAsync(Ann);
        var later = await world.AcceptedAsync(Bob);

        var replacement = await world.AcceptedAsync(Ann, WhenBusy.Replace);

        Assert.Equal((1, 2), (await world.PositionAsync(replacement), await world.PositionAsync(later)));
        Assert.Equal(JobState.Cancelled, (await world.Store.FindAsync(old.Id))!.State);
    }

    [Fact]
    public async Task A_running_job_is_not_replaced()
    {
        await using var world = await OpenAsync();
        var running = await world.AcceptedAsync(Ann);
        await world.NextAttemptAsync();

        var refused = Assert.IsType<SubmitAnswer.AtLimit>(await world.SubmitAsync(Ann, WhenBusy.Replace));

        Assert.Equal((running.Id, JobState.Processing), (refused.Existing.Id, refused.Existing.State));
    }

    [Fact]
    public async Task A_wish_is_refused_where_the_kind_does_not_allow_it()
    {
        await using var world = await OpenAsync(Policy with { CallerMayChoose = false }, new() { Slots = 1 });

        Assert.IsType<SubmitAnswer.ChoiceNotAllowed>(await world.SubmitAsync(Ann, WhenBusy.Hold));
        Assert.IsType<SubmitAnswer.Accepted>(await world.SubmitAsync(Ann, WhenBusy.Refuse));
    }

    [Fact]
    public async Task Cancelling_asks_running_work_to_stop_and_frees_the_slot_when_it_has()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        var waiting = await world.AcceptedAsync(Bob);
        var attempt = await world.NextAttemptAsync();
        attempt.WhenAskedToStop(() => attempt.End.SetResult(new AttemptEnd.Stopped()));

        var answer = await world.CancelAsync(Ann, job.Id);

        Assert.Equal("Cancelled by user", Assert.IsType<CancelAnswer.Cancelled>(answer).Job.Error);
        Assert.Equal(waiting.Id, (await world.NextAttemptAsync()).Job.Id);
    }

    [Fact]
    public async Task Work_that_does_not_stop_is_cut_off_after_the_grace_time_and_its_result_is_refused()
    {
        await using var world = await OpenAsync(Policy with { AttemptDuration = TimeSpan.FromDays(300) }, new() { Slots = 1 });
        var job = await world.AcceptedAsync(Ann);
        var attempt = await world.NextAttemptAsync();
        var before = world.Clock.GetUtcNow();

        var answer = await world.AnswerInTimeAsync(() => world.Actors.User(Ann).CancelAsync(job.Id).AsTask());

        Assert.IsType<CancelAnswer.Cancelled>(answer);
        Assert.True(world.Clock.GetUtcNow() - before >= TimeSpan.FromMilliseconds(500));
        World.Complete(attempt);
        var late = await world.Store.CommitAsync(new([new Change.Report(job.Sequence, 1, world.Clock.GetUtcNow(), JobProgress.None, [])]));

        Assert.IsType<CommitAnswer.Conflict>(late);
        Assert.Equal(JobState.Cancelled, (await world.Store.FindAsync(job.Id))!.State);
    }

    [Fact]
    public async Task A_finished_job_and_someone_elses_are_not_cancelled()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        Assert.IsType<CancelAnswer.NotFound>(await world.CancelAsync(Bob, job.Id));
        World.Complete(await world.NextAttemptAsync());
        await world.ReachesAsync(job, JobState.Completed);

        Assert.IsType<CancelAnswer.AlreadyFinished>(await world.CancelAsync(Ann, job.Id));
        Assert.IsType<CancelAnswer.NotFound>(await world.CancelAsync(Ann, JobId.New(world.Clock.GetUtcNow())));
    }

    [Fact]
    public async Task An_attempt_that_runs_past_its_time_fails_the_job_and_frees_the_slot()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        var waiting = await world.AcceptedAsync(Bob);
        var attempt = await world.NextAttemptAsync();
        attempt.WhenAskedToStop(() => attempt.End.SetResult(new AttemptEnd.Stopped()));

        world.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.StartsWith("Timed out", (await world.ReachesAsync(job, JobState.Failed)).Error);
        Assert.Equal(waiting.Id, (await world.NextAttemptAsync()).Job.Id);
    }

    [Fact]
    public async Task A_fault_is_retried_after_a_delay_and_fails_for_good_at_the_third()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            (await world.NextAttemptAsync()).End.SetResult(new AttemptEnd.Faulted("broke"));
            if (attempt == 3)
                break;
            var waiting = await world.ReachesAsync(job, JobState.Pending);
            Assert.True(waiting.NotBefore > world.Clock.GetUtcNow());
            world.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal("broke (attempt 3 of 3)", (await world.ReachesAsync(job, JobState.Failed)).Error);
    }

    [Fact]
    public async Task A_paused_queue_accepts_but_starts_nothing_until_it_goes_on()
    {
        await using var world = await OpenAsync();
        await world.AnswerAsync(async () =>
        {
            await world.Actors.Queue.ConfigureAsync(new() { Slots = 1, Paused = true });
            return true;
        });
        var job = await world.AcceptedAsync(Ann);
        Assert.Equal((0, 1), (world.Runner.Started, await world.PositionAsync(job)));

        await world.AnswerAsync(async () =>
        {
            await world.Actors.Queue.ConfigureAsync(new() { Slots = 1 });
            return true;
        });

        Assert.Equal(job.Id, (await world.NextAttemptAsync()).Job.Id);
    }

    [Fact]
    public async Task After_a_crash_running_jobs_run_again_as_a_counted_attempt_and_waiting_ones_keep_their_order()
    {
        await using var world = await OpenAsync(whenBusy: WhenBusy.Hold);
        var running = await world.AcceptedAsync(Ann);
        await world.NextAttemptAsync();
        var held = await world.AcceptedAsync(Ann);
        var second = await world.AcceptedAsync(Bob);
        var third = await world.AcceptedAsync(Cat);

        await world.CrashAsync();

        // The lost job waits out a retry's delay; meanwhile the next in line runs.
        Assert.Equal(second.Id, (await world.NextAttemptAsync()).Job.Id);
        Assert.Equal((1, 1), await FailuresAsync(world, running));
        Assert.Equal(1, await world.PositionAsync(third));
        Assert.True((await world.Store.FindAsync(held.Id))!.IsHeld);
    }

    [Fact]
    public async Task After_an_orderly_stop_running_jobs_go_on_without_a_counted_failure()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        var attempt = await world.NextAttemptAsync();
        attempt.WhenAskedToStop(() => attempt.End.SetResult(new AttemptEnd.Stopped()));

        await world.RestartAsync();

        var again = await world.NextAttemptAsync();
        Assert.Equal((job.Id, 2, 0), (again.Job.Id, again.Job.Attempt, again.Job.Failures));
    }

    [Fact]
    public async Task Jobs_that_are_over_at_once_end_one_after_another_without_any_time_passing()
    {
        const int Jobs = 200;
        await using var world = await OpenAsync(Policy with { WhenBusy = WhenBusy.Hold, HeldPerUserMax = Jobs }, new() { Slots = 2 });
        world.Runner.CompletesAtOnce = true;
        var jobs = await world.AnswerAsync(() => Task.WhenAll(Enumerable.Range(0, Jobs).Select(_ => world.AcceptedAsync(Ann))));

        foreach (var job in jobs)
            Assert.Equal(1, (await world.ReachesAsync(job, JobState.Completed)).Attempt);
    }

    [Fact]
    public async Task A_user_with_a_limit_of_two_runs_two_and_holds_the_third()
    {
        await using var world = await OpenAsync(slots: 5, whenBusy: WhenBusy.Hold, max: 2);
        var jobs = new[] { await world.AcceptedAsync(Ann), await world.AcceptedAsync(Ann), await world.AcceptedAsync(Ann) };
        var first = await world.NextAttemptAsync();
        await world.NextAttemptAsync();
        Assert.Equal([false, false, true], jobs.Select(job => job.IsHeld));

        World.Complete(first);

        Assert.Equal(jobs[2].Id, (await world.NextAttemptAsync()).Job.Id);
    }

    static async Task<(int Failures, int Attempts)> FailuresAsync(World world, JobRecord job)
    {
        var stored = await world.ReachesAsync(job, JobState.Pending);
        return (stored.Failures, stored.Attempt);
    }
}
