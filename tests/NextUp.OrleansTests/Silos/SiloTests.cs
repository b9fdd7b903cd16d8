using System.Diagnostics;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.HostTests.Behaviour;
using NextUp.HostTests.Simulation;

namespace NextUp.OrleansTests.Silos;

/// <summary>What only several silos show. The first owns the store.</summary>
public sealed class SiloTests
{
    static readonly TimeSpan CancelWithin = TimeSpan.FromSeconds(1);

    static readonly KindPolicy Policy = new()
    {
        Kind = World.Kind, WhenBusy = WhenBusy.Hold, RetryDelay = TimeSpan.Zero, StopGrace = TimeSpan.FromMinutes(1),
    };

    static async Task<SiloWorld> OpenAsync(int slots, bool isBrief = false) =>
        (SiloWorld)await SiloWorld.OpenAsync(Policy, new QueueSettings { Slots = slots }, silos: 3, isBrief);

    static UserId User(int number) => UserId.Account($"user-{number}");

    [Fact]
    public async Task Attempts_begin_where_the_fewest_run()
    {
        await using var world = await OpenAsync(slots: 6);
        for (var i = 0; i < 6; i++)
            await world.AcceptedAsync(User(i));
        for (var i = 0; i < 6; i++)
            await world.NextAttemptAsync();

        Assert.Equal([2, 2, 2], world.Silos.Select(silo => silo.Host.Running.Count));
    }

    [Fact]
    public async Task Brief_work_stays_beside_the_queue_and_is_done_again_elsewhere_when_that_is_gone()
    {
        await using var world = await OpenAsync(slots: 6, isBrief: true);
        for (var i = 0; i < 6; i++)
            await world.AcceptedAsync(User(i));
        for (var i = 0; i < 6; i++)
            await world.NextAttemptAsync();
        Assert.Equal([6, 0, 0], world.Silos.Select(silo => silo.Host.Running.Count));

        await world.LoseAsync(world.Silos[0]);

        for (var i = 0; i < 6; i++)
        {
            var again = await world.AnswerInTimeAsync(() => world.Runner.NextAsync());
            Assert.Equal((2, 1), (again.Job.Attempt, again.Job.Crashes));
            World.Complete(again);
            await world.ReachesAsync(again.Job, JobState.Completed);
        }

        Assert.Equal(12, world.Runner.Started);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancel_reaches_the_work_on_another_silo_within_a_second(bool isBrief)
    {
        await using var world = await OpenAsync(slots: 3, isBrief);
        var attempts = new List<SimAttempt>();
        for (var i = 0; i < 3; i++)
        {
            await world.AcceptedAsync(User(i));
            attempts.Add(await world.NextAttemptAsync());
        }

        foreach (var attempt in attempts)
        {
            attempt.WhenAskedToStop(() => attempt.End.SetResult(new AttemptEnd.Stopped()));
            var since = Stopwatch.GetTimestamp();
            Assert.IsType<CancelAnswer.Cancelled>(await world.CancelAsync(attempt.Job.User, attempt.Job.Id));
            Assert.True(Stopwatch.GetElapsedTime(since) < CancelWithin, $"It took {Stopwatch.GetElapsedTime(since)}.");
        }
    }

    [Fact]
    public async Task The_work_of_a_silo_that_is_gone_is_done_again_elsewhere_and_no_other()
    {
        await using var world = await OpenAsync(slots: 3);
        for (var i = 0; i < 3; i++)
            await world.AcceptedAsync(User(i));
        for (var i = 0; i < 3; i++)
            await world.NextAttemptAsync();
        var gone = world.Silos[1];
        var lost = Assert.Single(gone.Host.Running);

        await world.LoseAsync(gone);

        var again = await world.AnswerInTimeAsync(() => world.Runner.NextAsync());
        Assert.Equal((lost, 2, 1), (again.Job.Id, again.Job.Attempt, again.Job.Crashes));
        Assert.Equal(3, world.Silos.Sum(silo => silo.Host.Running.Count));
        Assert.Equal(4, world.Runner.Started);
    }

    [Fact]
    public async Task Another_silo_takes_the_place_of_the_one_that_owns_the_store_and_what_runs_elsewhere_goes_on()
    {
        await using var world = await OpenAsync(slots: 3);
        for (var i = 0; i < 3; i++)
            await world.AcceptedAsync(User(i));
        var attempts = new List<SimAttempt>();
        for (var i = 0; i < 3; i++)
            attempts.Add(await world.NextAttemptAsync());
        var owner = world.Silos[0];
        var lost = Assert.Single(owner.Host.Running);

        await world.LoseAsync(owner);

        var again = await world.AnswerInTimeAsync(() => world.Runner.NextAsync());
        Assert.Equal((lost, 2), (again.Job.Id, again.Job.Attempt));
        Assert.Single(world.Silos, silo => silo.IsOwner);
        foreach (var attempt in attempts.Where(attempt => attempt.Job.Id != lost).Append(again))
        {
            World.Complete(attempt);
            var done = await world.ReachesAsync(attempt.Job, JobState.Completed);
            Assert.Equal(attempt.Job.Attempt, done.Attempt);
        }

        await world.AcceptedAsync(User(7));
    }

    [Fact]
    public async Task Every_silo_hears_of_every_commit_in_one_order()
    {
        await using var world = await OpenAsync(slots: 2);
        var heard = world.Silos.Select(_ => new List<(UserId User, long Number)>()).ToList();
        for (var i = 0; i < heard.Count; i++)
        {
            var mine = heard[i];
            world.Silos[i].Store.Happened += events =>
            {
                lock (mine)
                    mine.AddRange(events.Where(happened => happened.Number > 0).Select(happened => (happened.User, happened.Number)));
            };
        }

        world.Runner.CompletesAtOnce = true;
        var jobs = await Task.WhenAll(Enumerable.Range(0, 30).Select(number => world.AcceptedAsync(User(number % 10))));
        foreach (var job in jobs)
            await world.ReachesAsync(job, JobState.Completed);
        var stored = 0L;
        for (var i = 0; i < 10; i++)
            stored += await world.Store.LastEventNumberAsync(User(i));
        await world.AnswerAsync(async () =>
        {
            while (heard.Any(mine => Count(mine) < stored))
                await Task.Yield();
            return true;
        });

        Assert.Equal(heard[0], heard[1]);
        Assert.Equal(heard[0], heard[2]);
        foreach (var user in heard[0].GroupBy(happened => happened.User))
            Assert.Equal(Enumerable.Range(1, user.Count()).Select(number => (long)number), user.Select(happened => happened.Number));
    }

    static int Count(List<(UserId User, long Number)> heard)
    {
        lock (heard)
            return heard.Count;
    }
}
