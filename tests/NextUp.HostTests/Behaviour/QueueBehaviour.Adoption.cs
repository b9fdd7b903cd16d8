using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.HostTests.Simulation;

namespace NextUp.HostTests.Behaviour;

/// <summary>A visitor signs in, and their jobs become the account's.</summary>
public abstract partial class QueueBehaviour
{
    static readonly UserId Visitor = UserId.Visitor("v");

    [Fact]
    public async Task At_sign_in_all_of_a_visitors_jobs_move_and_go_on_where_they_were()
    {
        await using var world = await OpenAsync(whenBusy: WhenBusy.Hold);
        var finished = await world.AcceptedAsync(Visitor);
        World.Complete(await world.NextAttemptAsync());
        await world.ReachesAsync(finished, JobState.Completed);
        var running = await world.AcceptedAsync(Visitor, key: "k");
        var attempt = await world.NextAttemptAsync();
        var held = await world.AcceptedAsync(Visitor);
        var other = await world.AcceptedAsync(Bob);

        Assert.IsType<AdoptAnswer.Adopted>(await SignInAsync(world, Ann));

        Assert.Equal(
            [held.Id, running.Id, finished.Id], (await world.Store.ListAsync(Ann, null, null, 10)).Jobs.Select(job => job.Id));
        Assert.Empty((await world.Store.ListAsync(Visitor, null, null, 10)).Jobs);
        Assert.Empty(await world.Store.EventsAsync(Visitor, 0, 10));
        Assert.True(Assert.IsType<SubmitAnswer.Accepted>(await world.SubmitAsync(Ann, key: "k")).IsRepeat);
        Assert.Equal(1, await world.PositionAsync(other));

        World.Complete(attempt);
        Assert.Equal(Ann, (await world.ReachesAsync(running, JobState.Completed)).User);
        Assert.Equal(other.Id, (await world.NextAttemptAsync()).Job.Id);
        Assert.False((await world.Store.FindAsync(held.Id))!.IsHeld);
    }

    [Fact]
    public async Task A_waiting_job_keeps_its_place_in_the_line_when_it_moves()
    {
        await using var world = await OpenAsync();
        await world.AcceptedAsync(Cat);
        var waiting = await world.AcceptedAsync(Visitor);
        var later = await world.AcceptedAsync(Bob);

        await SignInAsync(world, Ann);

        Assert.Equal((1, 2), (await world.PositionAsync(waiting), await world.PositionAsync(later)));
        Assert.Equal(waiting.Id, Assert.IsType<SubmitAnswer.AtLimit>(await world.SubmitAsync(Ann)).Existing.Id);
        Assert.IsType<CancelAnswer.NotFound>(await world.CancelAsync(Visitor, waiting.Id));
        Assert.IsType<CancelAnswer.Cancelled>(await world.CancelAsync(Ann, waiting.Id));
    }

    [Fact]
    public async Task Of_two_waiting_jobs_the_later_one_is_held_where_the_account_has_one_place()
    {
        await using var world = await OpenAsync();
        var running = await world.AcceptedAsync(Cat);
        var first = await world.AcceptedAsync(Visitor);
        var second = await world.AcceptedAsync(Ann);

        await SignInAsync(world, Ann);

        Assert.Equal((1, null), (await world.PositionAsync(first), await world.PositionAsync(second)));
        Assert.True((await world.Store.FindAsync(second.Id))!.IsHeld);
        World.Complete(await world.NextAttemptAsync());
        await world.ReachesAsync(running, JobState.Completed);
        World.Complete(await world.NextAttemptAsync());
        Assert.Equal(second.Id, (await world.NextAttemptAsync()).Job.Id);
    }

    [Fact]
    public async Task Two_running_jobs_both_go_on_and_nothing_more_starts_until_the_account_is_within_its_limit()
    {
        await using var world = await OpenAsync(slots: 3, whenBusy: WhenBusy.Hold);
        await world.AcceptedAsync(Ann);
        var own = await world.NextAttemptAsync();
        await world.AcceptedAsync(Visitor);
        var came = await world.NextAttemptAsync();
        var held = await world.AcceptedAsync(Ann);

        await SignInAsync(world, Ann);
        World.Complete(own);
        await world.ReachesAsync(own.Job, JobState.Completed);

        Assert.True((await world.Store.FindAsync(held.Id))!.IsHeld);
        Assert.Equal(0, (await world.Store.FindAsync(came.Job.Id))!.Place);
        World.Complete(came);
        Assert.Equal(held.Id, (await world.NextAttemptAsync()).Job.Id);
    }

    [Fact]
    public async Task Signing_in_again_changes_nothing_and_another_account_gets_nothing()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Visitor);

        Assert.IsType<AdoptAnswer.Adopted>(await SignInAsync(world, Ann));
        Assert.IsType<AdoptAnswer.Adopted>(await SignInAsync(world, Ann));
        Assert.IsType<AdoptAnswer.ByAnother>(await SignInAsync(world, Bob));
        await world.CrashAsync();
        Assert.IsType<AdoptAnswer.ByAnother>(await SignInAsync(world, Bob));

        Assert.Equal(Ann, (await world.Store.FindAsync(job.Id))!.User);
        Assert.IsType<SubmitAnswer.SignedIn>(await world.SubmitAsync(Visitor));
    }

    [Fact]
    public async Task Of_two_accounts_that_take_a_visitors_jobs_at_once_one_gets_all_of_them()
    {
        await using var world = await OpenAsync(max: null);
        for (var i = 0; i < 5; i++)
            await world.AcceptedAsync(Visitor);

        var racing = Enumerable.Range(0, 20).Select(i => SignInAsync(world, i % 2 == 0 ? Ann : Bob)).ToList();
        var submitting = Enumerable.Range(0, 20).Select(_ => world.SubmitAsync(Visitor)).ToList();
        await world.AnswerAsync(() => Task.WhenAll(racing));
        var answers = await world.AnswerAsync(() => Task.WhenAll(submitting));

        var owner = (await world.Store.AdoptedByAsync(Visitor))!.Value;
        var accepted = answers.OfType<SubmitAnswer.Accepted>().Count();
        Assert.Equal(5 + accepted, (await world.Store.ListAsync(owner, null, null, 100)).Jobs.Count);
        Assert.Empty((await world.Store.ListAsync(owner == Ann ? Bob : Ann, null, null, 100)).Jobs);
        Assert.Empty((await world.Store.ListAsync(Visitor, null, null, 100)).Jobs);
    }

    [Fact]
    public async Task A_feed_of_the_account_misses_nothing_of_what_came()
    {
        await using var world = await OpenAsync();
        await world.AcceptedAsync(Cat);
        await world.AcceptedAsync(Ann);
        var before = await world.Store.LastEventNumberAsync(Ann);
        var job = await world.AcceptedAsync(Visitor);

        await SignInAsync(world, Ann);

        var news = await world.Store.EventsAsync(Ann, before, 10);
        Assert.Equal(
            [(before + 1, JobEventType.Queued), (before + 2, JobEventType.Adopted)],
            news.Select(told => (told.Number, told.Type)));
        Assert.All(news, told => Assert.Equal(job.Id, told.Job));
    }

    [Theory]
    [InlineData(Adoption.FinishedMax)]
    [InlineData(Adoption.FinishedMax + 1)]
    public async Task More_finished_jobs_than_one_commit_takes_follow_by_themselves(int finished)
    {
        await using var world = await OpenAsync();
        for (var i = 0; i < finished; i++)
            await FinishedAsync(world);

        await SignInAsync(world, Ann);

        await AllMovedAsync(world);
        Assert.Equal(finished, (await world.Store.ListAsync(Ann, null, null, finished + 1)).Jobs.Count);
        Assert.Empty((await world.Store.ListAsync(Visitor, null, null, 1)).Jobs);
    }

    [Fact]
    public async Task Where_the_process_died_on_the_way_the_sweep_moves_the_rest()
    {
        await using var world = await OpenAsync();
        for (var i = 0; i < 3; i++)
            await FinishedAsync(world);
        Change.Adopt first = new(Visitor, Ann, world.Clock.GetUtcNow(), []) { FinishedMax = 1 };
        await world.AnswerAsync(() => world.Store.CommitAsync(new([first])));
        await world.CrashAsync();
        Assert.Single(await world.Store.MovingAsync(10));

        await world.AnswerAsync(() => world.Actors.Cleanup.SweepAsync(new(IsDryRun: true, null)).AsTask());
        Assert.Single(await world.Store.MovingAsync(10));
        await world.AnswerAsync(() => world.Actors.Cleanup.SweepAsync(new(IsDryRun: false, null)).AsTask());

        await AllMovedAsync(world);
        Assert.Equal(3, (await world.Store.ListAsync(Ann, null, null, 10)).Jobs.Count);
    }

    static async Task FinishedAsync(World world)
    {
        var job = await world.AcceptedAsync(Visitor);
        World.Complete(await world.NextAttemptAsync());
        await world.ReachesAsync(job, JobState.Completed);
    }

    static Task<bool> AllMovedAsync(World world) => world.AnswerAsync(async () =>
    {
        while ((await world.Store.MovingAsync(1)).Count > 0)
            await Task.Yield();
        return true;
    });

    static Task<AdoptAnswer> SignInAsync(World world, UserId account) =>
        world.AnswerAsync(() => world.Actors.User(Visitor).MoveToAsync(account, subscriptionsMax: 10).AsTask());
}
