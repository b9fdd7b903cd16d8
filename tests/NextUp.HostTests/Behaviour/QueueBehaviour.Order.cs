using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Behaviour;

/// <summary>Priorities, times, windows, pauses and slots, as every host must have them.</summary>
public abstract partial class QueueBehaviour
{
    /// <summary>Hours pass in these tests.</summary>
    static readonly KindPolicy Patient = Policy with { AttemptDuration = TimeSpan.FromDays(300) };

    static readonly KindPolicy Urgent = Patient with
    {
        HeadStarts = new() { Levels = [TimeSpan.FromMinutes(5)], PriorityMax = 1, SmallFileBytesMax = 0 },
    };

    static readonly StartWindows Night = // The clock of a world begins at midnight.
        new([new(Enum.GetValues<DayOfWeek>(), new(2, 0), new(6, 0))], TimeZoneInfo.Utc);

    static Submission AtPriority1(Submission plain) => plain with { Priority = 1 };

    static SteerOrder.Hold Pause(PauseTarget target, string? reason = null) => new(target, reason) { By = "op" };

    static SteerOrder.Resume Resume(PauseTarget target) => new(target) { By = "op" };

    static readonly PauseTarget Everything = new PauseTarget.Everything();

    [Fact]
    public async Task An_urgent_job_goes_before_those_who_came_up_to_its_head_start_earlier_and_they_see_why()
    {
        await using var world = await OpenAsync(Urgent, new() { Slots = 1 });
        await world.AcceptedAsync(Cat);
        await world.NextAttemptAsync();
        var early = await world.AcceptedAsync(UserId.Account("early"));
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        var plain = await world.AcceptedAsync(Ann);
        var urgent = await world.AcceptedAsync(Bob, AtPriority1);

        Assert.Equal((1, 2, 3), (
            await world.PositionAsync(early), await world.PositionAsync(urgent), await world.PositionAsync(plain)));
        Assert.Equal(new Overtaken(1, 0, 0, 0), (await world.PlaceAsync(plain))!.Overtaken);
        Assert.Equal(default, (await world.PlaceAsync(early))!.Overtaken);
        Assert.Equal(default, (await world.PlaceAsync(urgent))!.Overtaken);
        var accepted = (await world.Store.EventsAsync(Bob, 0, 10))[0];
        Assert.Equal((JobEventType.Queued, "Priority 1: 5 minutes head start."), (accepted.Type, accepted.Reason));
    }

    [Fact]
    public async Task A_priority_is_refused_to_users_above_the_kinds_limit_and_open_to_operators()
    {
        await using var world = await OpenAsync(Urgent, new() { Slots = 1 });

        var refused = await world.SubmitAsync(Ann, plain => plain with { Priority = 2 });
        var operators = await world.AcceptedAsync(Ann, plain => plain with { Priority = 2, IsByOperator = true });

        Assert.Equal(1, Assert.IsType<SubmitAnswer.PriorityNotAllowed>(refused).PriorityMax);
        Assert.Equal((2, TimeSpan.FromMinutes(5)), (operators.Priority, operators.HeadStart));
    }

    [Fact]
    public async Task A_held_urgent_jobs_head_start_counts_from_when_it_joins()
    {
        await using var world = await OpenAsync(Urgent with { WhenBusy = WhenBusy.Hold }, new() { Slots = 1 });
        await world.AcceptedAsync(Ann);
        var running = await world.NextAttemptAsync();
        var held = await world.AcceptedAsync(Ann, AtPriority1);
        var before = await world.AcceptedAsync(Bob);
        world.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        var after = await world.AcceptedAsync(Cat);
        Assert.True(held is { IsHeld: true, HeadStart.Ticks: 0 });

        World.Complete(running);

        Assert.Equal(before.Id, (await world.NextAttemptAsync()).Job.Id);
        var joined = (await world.Store.FindAsync(held.Id))!;
        Assert.Equal((false, TimeSpan.FromMinutes(5)), (joined.IsHeld, joined.HeadStart));
        Assert.Equal((1, 2), (await world.PositionAsync(joined), await world.PositionAsync(after)));
    }

    [Fact]
    public async Task A_replacement_that_is_more_urgent_takes_the_place_and_overtakes_nobody()
    {
        await using var world = await OpenAsync(Urgent, new() { Slots = 1 });
        await world.AcceptedAsync(Cat);
        await world.NextAttemptAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        var early = await world.AcceptedAsync(UserId.Account("early"));
        await world.AcceptedAsync(Ann);
        world.Clock.Advance(TimeSpan.FromMinutes(6));
        var late = await world.AcceptedAsync(Bob);

        var replacement = await world.AcceptedAsync(Ann, plain => plain with { Priority = 1, WhenBusy = WhenBusy.Replace });

        Assert.Equal((1, 2, 3), (
            await world.PositionAsync(early), await world.PositionAsync(replacement), await world.PositionAsync(late)));
    }

    [Fact]
    public async Task A_job_for_later_holds_its_users_place_and_enters_the_line_at_its_time_also_after_a_restart()
    {
        await using var world = await OpenAsync(Patient, new() { Slots = 1 });
        await world.AcceptedAsync(Cat);
        var running = await world.NextAttemptAsync();
        var due = world.Clock.GetUtcNow() + TimeSpan.FromHours(1);
        var later = await world.AcceptedAsync(Ann, plain => plain with { NotBefore = due });
        Assert.IsType<SubmitAnswer.AtLimit>(await world.SubmitAsync(Ann));
        Assert.Equal((due, (int?)null), (later.NotBefore, await world.PositionAsync(later)));
        var before = await world.AcceptedAsync(Bob);
        World.Complete(running);
        var second = await world.NextAttemptAsync();
        Assert.Equal(before.Id, second.Job.Id);

        second.WhenAskedToStop(() => second.End.SetResult(new AttemptEnd.Stopped()));
        await world.RestartAsync();
        var again = await world.NextAttemptAsync();
        Assert.Equal(before.Id, again.Job.Id);
        Assert.Null(await world.PositionAsync(later));
        world.Clock.Advance(TimeSpan.FromMinutes(59));
        World.Complete(again);
        await world.ReachesAsync(before, JobState.Completed);
        world.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(later.Id, (await world.NextAttemptAsync()).Job.Id);
    }

    [Fact]
    public async Task A_time_may_be_as_far_ahead_as_the_limit_and_no_further()
    {
        await using var world = await OpenAsync();
        var limit = world.Clock.GetUtcNow() + Submission.NotBeforeMax;

        Assert.IsType<SubmitAnswer.TooFarAhead>(
            await world.SubmitAsync(Ann, plain => plain with { NotBefore = limit + TimeSpan.FromMicroseconds(1) }));
        Assert.Equal(limit, (await world.AcceptedAsync(Ann, plain => plain with { NotBefore = limit })).NotBefore);
    }

    [Fact]
    public async Task Outside_its_window_a_kind_keeps_its_places_and_starts_when_it_opens()
    {
        await using var world = await OpenAsync(Policy with { Windows = Night }, new() { Slots = 1 });
        var first = await world.AcceptedAsync(Ann);
        var second = await world.AcceptedAsync(Bob);

        Assert.Equal((0, 1, 2), (world.Runner.Started, await world.PositionAsync(first), await world.PositionAsync(second)));
        var wait = Assert.IsType<QueueWait.Closed>((await world.PlaceAsync(first))!.Wait);
        Assert.Equal(world.Clock.GetUtcNow() + TimeSpan.FromHours(2), wait.Opens);
        world.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(first.Id, (await world.NextAttemptAsync()).Job.Id);
        Assert.Null((await world.PlaceAsync(second))!.Wait);
    }

    [Fact]
    public async Task A_pause_holds_over_a_restart_says_why_and_ends_when_it_is_resumed()
    {
        await using var world = await OpenAsync();
        foreach (var target in new PauseTarget[] { Everything, new PauseTarget.OfKind(World.Kind), new PauseTarget.OfUser(Ann) })
        {
            await world.SteerAsync(Pause(target, "maintenance"));
            var job = await world.AcceptedAsync(Ann);
            await world.RestartAsync();
            Assert.Equal((0, 1), (world.Runner.Started, await world.PositionAsync(job)));
            var pause = Assert.IsType<QueueWait.Paused>((await world.PlaceAsync(job))!.Wait).Pause;
            Assert.Equal((target, "maintenance", "op"), (pause!.Target, pause.Reason, pause.By));

            Assert.Empty((await world.SteerAsync(Resume(target))).Pauses);

            World.Complete(await world.NextAttemptAsync());
            await world.ReachesAsync(job, JobState.Completed);
        }
    }

    [Fact]
    public async Task A_paused_users_jobs_hold_up_nobody_and_stand_where_they_stood_when_the_user_goes_on()
    {
        await using var world = await OpenAsync();
        await world.AcceptedAsync(Cat);
        var running = await world.NextAttemptAsync();
        var paused = await world.AcceptedAsync(Ann);
        var next = await world.AcceptedAsync(Bob);
        var last = await world.AcceptedAsync(UserId.Account("dan"));

        await world.SteerAsync(Pause(new PauseTarget.OfUser(Ann)));
        Assert.Equal((1, 2), (await world.PositionAsync(next), await world.PositionAsync(last)));
        World.Complete(running);
        Assert.Equal(next.Id, (await world.NextAttemptAsync()).Job.Id);
        await world.SteerAsync(Resume(new PauseTarget.OfUser(Ann)));

        Assert.Equal((1, 2), (await world.PositionAsync(paused), await world.PositionAsync(last)));
        Assert.Equal(new Overtaken(0, 0, 0, 1), (await world.PlaceAsync(last))!.Overtaken);
    }

    [Fact]
    public async Task A_paused_users_waiting_job_can_be_cancelled_and_replaced()
    {
        await using var world = await OpenAsync();
        await world.SteerAsync(Pause(new PauseTarget.OfUser(Ann)));
        var first = await world.AcceptedAsync(Ann);
        var second = await world.AcceptedAsync(Ann, WhenBusy.Replace);
        Assert.Equal(JobState.Cancelled, (await world.Store.FindAsync(first.Id))!.State);

        Assert.IsType<CancelAnswer.Cancelled>(await world.CancelAsync(Ann, second.Id));

        Assert.Equal(0, (await world.AnswerAsync(() => world.Actors.Queue.StatusAsync().AsTask())).Waiting);
    }

    [Fact]
    public async Task Resuming_ends_the_pause_of_the_settings_too()
    {
        await using var world = await OpenAsync(Policy, new() { Slots = 1, Paused = true });
        var job = await world.AcceptedAsync(Ann);
        Assert.Null(Assert.IsType<QueueWait.Paused>((await world.PlaceAsync(job))!.Wait).Pause);

        await world.SteerAsync(Resume(Everything));

        Assert.Equal(job.Id, (await world.NextAttemptAsync()).Job.Id);
    }

    [Fact]
    public async Task An_operators_slots_hold_over_a_restart_until_they_are_taken_back()
    {
        await using var world = await OpenAsync(slots: 1);
        await world.SteerAsync(new SteerOrder.SetSlots(3) { By = "op" });
        await world.RestartAsync();
        foreach (var user in new[] { Ann, Bob, Cat })
        {
            await world.AcceptedAsync(user);
            await world.NextAttemptAsync();
        }

        Assert.Equal(3, (await world.AnswerAsync(() => world.Actors.Queue.StatusAsync().AsTask())).Slots);
        var steering = await world.SteerAsync(new SteerOrder.SetSlots(null) { By = "op" });

        Assert.Null(steering.Capacity);
        Assert.Equal(1, (await world.AnswerAsync(() => world.Actors.Queue.StatusAsync().AsTask())).Slots);
    }

    [Fact]
    public async Task Slots_that_follow_the_load_give_way_to_an_operators_number()
    {
        await using var world = await OpenAsync(slots: 1);
        async Task<int> SlotsAfterAsync(int? governed)
        {
            await world.AnswerAsync(async () =>
            {
                await world.Actors.Queue.GovernAsync(governed);
                return true;
            });
            return (await world.AnswerAsync(() => world.Actors.Queue.StatusAsync().AsTask())).Slots;
        }

        Assert.Equal(7, await SlotsAfterAsync(7));
        await world.SteerAsync(new SteerOrder.SetSlots(3) { By = "op" });
        Assert.Equal(3, await SlotsAfterAsync(9));
        await world.SteerAsync(new SteerOrder.SetSlots(null) { By = "op" });
        Assert.Equal(1, await SlotsAfterAsync(null));
    }

    [Fact]
    public async Task As_many_users_may_be_paused_as_the_limit_and_no_more()
    {
        await using var world = await OpenAsync();
        for (var i = 0; i < NextUp.Actors.Queue.Pause.UsersMax; i++)
            await world.SteerAsync(Pause(new PauseTarget.OfUser(UserId.Account($"user-{i}"))));

        var more = await world.AnswerAsync(() => world.Actors.Queue.SteerAsync(Pause(new PauseTarget.OfUser(Ann))).AsTask());
        var again = await world.SteerAsync(Pause(new PauseTarget.OfUser(UserId.Account("user-0")), "another reason"));

        Assert.IsType<SteerAnswer.TooManyPauses>(more);
        Assert.Equal(NextUp.Actors.Queue.Pause.UsersMax, again.Pauses.Count);
    }

    [Fact]
    public async Task A_retry_stands_at_its_old_key_and_those_behind_see_why()
    {
        await using var world = await OpenAsync();
        var retried = await world.AcceptedAsync(Ann);
        (await world.NextAttemptAsync()).End.SetResult(new AttemptEnd.Faulted("broke"));
        await world.ReachesAsync(retried, JobState.Pending);
        await world.AcceptedAsync(Cat);
        await world.NextAttemptAsync();
        var later = await world.AcceptedAsync(Bob);
        Assert.Equal(1, await world.PositionAsync(later));

        world.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal((1, 2), (await world.PositionAsync(retried), await world.PositionAsync(later)));
        Assert.Equal(new Overtaken(0, 1, 0, 0), (await world.PlaceAsync(later))!.Overtaken);
    }
}
