using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Behaviour;

/// <summary>Limits that change while jobs wait and run.</summary>
public abstract partial class QueueBehaviour
{
    static readonly KindPolicy Holding = Policy with { WhenBusy = WhenBusy.Hold };

    [Fact]
    public async Task A_raised_limit_lets_held_jobs_in_at_once_also_of_users_who_are_not_in_memory()
    {
        await using var world = await OpenAsync(Holding, new() { Slots = 10 });
        var anns = new[] { await world.AcceptedAsync(Ann), await world.AcceptedAsync(Ann), await world.AcceptedAsync(Ann) };
        var bobs = new[] { await world.AcceptedAsync(Bob), await world.AcceptedAsync(Bob) };
        foreach (var running in new[] { await world.NextAttemptAsync(), await world.NextAttemptAsync() })
            running.WhenAskedToStop(() => running.End.SetResult(new AttemptEnd.Stopped()));
        await world.RestartAsync();

        await world.ConfigureAsync(Holding with { ActivePerUserMax = 2 }, new() { Slots = 10 });

        foreach (var job in new[] { anns[0], anns[1], bobs[0], bobs[1] })
            await world.ReachesAsync(job, JobState.Processing);
        Assert.True((await world.Store.FindAsync(anns[2].Id))!.IsHeld);
        Assert.Equal([0, 1], await PlacesAsync(world, anns[0], anns[1]));
    }

    [Fact]
    public async Task A_lowered_limit_leaves_active_jobs_alone_and_lets_nobody_follow_until_it_is_met()
    {
        await using var world = await OpenAsync(Holding with { ActivePerUserMax = 3 }, new() { Slots = 10 });
        var jobs = new[] { await world.AcceptedAsync(Ann), await world.AcceptedAsync(Ann), await world.AcceptedAsync(Ann) };
        var attempts = new[] { await world.NextAttemptAsync(), await world.NextAttemptAsync(), await world.NextAttemptAsync() };
        var held = await world.AcceptedAsync(Ann);

        await world.ConfigureAsync(Holding with { ActivePerUserMax = 1 }, new() { Slots = 10 });
        World.Complete(attempts[0]);
        await world.ReachesAsync(jobs[0], JobState.Completed);
        World.Complete(attempts[1]);
        await world.ReachesAsync(jobs[1], JobState.Completed);

        Assert.True((await world.Store.FindAsync(held.Id))!.IsHeld);
        Assert.Equal(JobState.Processing, (await world.Store.FindAsync(jobs[2].Id))!.State);
        World.Complete(attempts[2]);
        Assert.Equal(held.Id, (await world.NextAttemptAsync()).Job.Id);
        Assert.Equal([0], await PlacesAsync(world, held));
    }

    [Fact]
    public async Task Where_a_limit_is_switched_on_whoever_follows_gets_a_place_again()
    {
        await using var world = await OpenAsync(Holding with { ActivePerUserMax = null }, new() { Slots = 10 });
        var jobs = new[] { await world.AcceptedAsync(Ann), await world.AcceptedAsync(Ann) };
        var attempts = new[] { await world.NextAttemptAsync(), await world.NextAttemptAsync() };
        Assert.Equal([null, null], await PlacesAsync(world, jobs));

        await world.ConfigureAsync(Holding with { ActivePerUserMax = 2 }, new() { Slots = 10 });
        var held = new[] { await world.AcceptedAsync(Ann), await world.AcceptedAsync(Ann) };
        Assert.Equal([true, true], held.Select(job => job.IsHeld));
        World.Complete(attempts[0]);
        await world.ReachesAsync(held[0], JobState.Processing);
        World.Complete(attempts[1]);
        await world.ReachesAsync(held[1], JobState.Processing);

        Assert.Equal([0, 1], await PlacesAsync(world, held));
    }

    [Fact]
    public async Task A_replacement_under_a_limit_that_was_switched_on_has_a_place_too()
    {
        await using var world = await OpenAsync(Policy with { ActivePerUserMax = null }, new() { Slots = 1 });
        await world.AcceptedAsync(Bob);
        await world.AcceptedAsync(Ann);
        await world.ConfigureAsync(Policy, new() { Slots = 1 });

        var replacement = await world.AcceptedAsync(Ann, WhenBusy.Replace);

        Assert.Equal([0], await PlacesAsync(world, replacement));
        Assert.IsType<SubmitAnswer.AtLimit>(await world.SubmitAsync(Ann));
    }

    [Fact]
    public async Task Where_a_limit_is_switched_off_all_held_jobs_enter()
    {
        await using var world = await OpenAsync(Holding, new() { Slots = 10 });
        for (var i = 0; i < 6; i++)
            await world.AcceptedAsync(Ann);

        await world.ConfigureAsync(Holding with { ActivePerUserMax = null }, new() { Slots = 10 });

        for (var i = 0; i < 6; i++)
            await world.NextAttemptAsync();
        Assert.False((await world.AcceptedAsync(Ann)).IsHeld);
    }

    [Fact]
    public async Task Slots_of_a_kind_and_of_the_queue_follow_their_settings_and_running_jobs_go_on()
    {
        await using var world = await OpenAsync(Policy with { ActivePerUserMax = null }, new() { Slots = 1 });
        for (var i = 0; i < 5; i++)
            await world.AcceptedAsync(Ann);
        await world.NextAttemptAsync();

        await world.ConfigureAsync(Policy with { ActivePerUserMax = null, Slots = 2 }, new() { Slots = 10 });
        var second = await world.NextAttemptAsync();
        Assert.Equal(2, world.Runner.Started);

        await world.ConfigureAsync(Policy with { ActivePerUserMax = null }, new() { Slots = 1 });
        World.Complete(second);
        await world.ReachesAsync(second.Job, JobState.Completed);
        Assert.Equal(2, world.Runner.Started);

        await world.ConfigureAsync(Policy with { ActivePerUserMax = null }, new() { Slots = 10 });
        for (var i = 0; i < 3; i++)
            await world.NextAttemptAsync();
    }

    [Fact]
    public async Task A_running_attempt_keeps_the_time_limit_it_started_with_and_the_next_one_has_the_new()
    {
        await using var world = await OpenAsync(Policy, new() { Slots = 2 });
        var old = await world.AcceptedAsync(Ann);
        await world.NextAttemptAsync();
        await world.ConfigureAsync(Policy with { AttemptDuration = TimeSpan.FromHours(1) }, new() { Slots = 2 });
        var young = await world.AcceptedAsync(Bob);
        await world.NextAttemptAsync();

        var deadlines = new[] { (await world.Store.FindAsync(old.Id))!.Deadline, (await world.Store.FindAsync(young.Id))!.Deadline };

        Assert.Equal(
            [TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)], deadlines.Select(deadline => deadline!.Value - world.Clock.GetUtcNow()));
    }

    static async Task<IEnumerable<int?>> PlacesAsync(World world, params JobRecord[] jobs)
    {
        var places = new List<int?>();
        foreach (var job in jobs)
            places.Add((await world.Store.FindAsync(job.Id))!.Place);
        return places;
    }
}
