using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.HostTests.Simulation;

namespace NextUp.HostTests.Behaviour;

/// <summary>Jobs that are done again by hand, and old jobs that go.</summary>
public abstract partial class CleanupBehaviour
{
    static void GiveUp(SimAttempt attempt) =>
        attempt.End.SetResult(new AttemptEnd.Finished(new JobOutcome.GiveUp("unreadable"), []));

    static async Task<JobRecord> FailedAsync(World world, UserId user)
    {
        var job = await world.AcceptedAsync(user);
        GiveUp(await world.NextAttemptAsync());
        return await world.ReachesAsync(job, JobState.Failed);
    }

    [Fact]
    public async Task A_failed_job_is_done_again_from_the_lines_end_as_the_next_attempt()
    {
        await using var world = await OpenAsync();
        var job = await FailedAsync(world, Ann);
        var other = await world.AcceptedAsync(Bob);

        var back = Assert.IsType<RetryAnswer.Retried>(await RetryAsync(world, Ann, job)).Job;

        Assert.Equal(back, await world.Store.FindAsync(job.Id));
        Assert.Equal(1, await world.PositionAsync(back));
        World.Complete(await world.NextAttemptAsync());
        await world.ReachesAsync(other, JobState.Completed);
        World.Complete(await world.NextAttemptAsync());
        Assert.Equal(2, (await world.ReachesAsync(job, JobState.Completed)).Attempt);
        Assert.Equal(
            [JobEventType.Queued, JobEventType.Started, JobEventType.Failed, JobEventType.Requeued, JobEventType.Started,
                JobEventType.Completed],
            (await world.Store.EventsAsync(Ann, 0, 10)).Select(happened => happened.Type));
    }

    [Fact]
    public async Task A_cancelled_job_is_done_again_and_one_that_lives_or_is_completed_is_not()
    {
        await using var world = await OpenAsync();
        var job = await world.AcceptedAsync(Ann);
        var attempt = await world.NextAttemptAsync();
        Assert.IsType<RetryAnswer.NotRetryable>(await RetryAsync(world, Ann, job));
        attempt.WhenAskedToStop(() => attempt.End.TrySetResult(new AttemptEnd.Stopped()));
        await world.AnswerInTimeAsync(() => world.Actors.User(Ann).CancelAsync(job.Id).AsTask());

        Assert.IsType<RetryAnswer.Retried>(await RetryAsync(world, Ann, job));
        World.Complete(await world.NextAttemptAsync());
        await world.ReachesAsync(job, JobState.Completed);

        Assert.IsType<RetryAnswer.NotRetryable>(await RetryAsync(world, Ann, job));
        Assert.IsType<RetryAnswer.NotFound>(await RetryAsync(world, Bob, job));
        Assert.IsType<RetryAnswer.NotFound>(await RetryAsync(world, Bob, job, isByOperator: true));
    }

    [Fact]
    public async Task The_limit_holds_for_who_comes_back_and_an_operators_retry_is_held_behind_it()
    {
        await using var world = await OpenAsync();
        var job = await FailedAsync(world, Ann);
        var busy = await world.AcceptedAsync(Ann);

        var refused = Assert.IsType<RetryAnswer.AtLimit>(await RetryAsync(world, Ann, job));
        Assert.Equal(busy.Id, refused.Existing.Id);
        var held = Assert.IsType<RetryAnswer.Retried>(await RetryAsync(world, Ann, job, isByOperator: true)).Job;
        Assert.True(held.IsHeld);

        World.Complete(await world.NextAttemptAsync());
        Assert.Equal(job.Id, (await world.NextAttemptAsync()).Job.Id);
    }

    [Fact]
    public async Task Of_racing_retries_one_puts_the_job_back()
    {
        await using var world = await OpenAsync();
        var job = await FailedAsync(world, Ann);
        await world.AcceptedAsync(Bob);

        var racing = Enumerable.Range(0, 20).Select(_ => RetryAsync(world, Ann, job)).ToList();
        var answers = await world.AnswerAsync(() => Task.WhenAll(racing));

        Assert.Single(answers.OfType<RetryAnswer.Retried>());
        Assert.Equal(19, answers.OfType<RetryAnswer.NotRetryable>().Count());
    }

    [Fact]
    public async Task Who_came_back_survives_a_crash_where_it_stood()
    {
        await using var world = await OpenAsync();
        var job = await FailedAsync(world, Ann);
        await world.AcceptedAsync(Bob);
        await world.NextAttemptAsync();
        await RetryAsync(world, Ann, job);

        await world.CrashAsync();

        // The other job's attempt is lost, and as soon as that is stored this one starts.
        Assert.Contains((await world.Store.FindAsync(job.Id))!.State, new[] { JobState.Pending, JobState.Processing });
        var next = await world.AnswerInTimeAsync(() => world.Runner.NextAsync());
        Assert.Equal(job.Id, next.Job.Id);
    }

    [Fact]
    public async Task Old_jobs_go_with_their_events_and_what_lives_or_is_younger_stays()
    {
        await using var world = await OpenAsync();
        var old = await FailedAsync(world, Ann);
        var running = await world.AcceptedAsync(Bob);
        world.Clock.Advance(TimeSpan.FromMinutes(3));
        var young = await world.AcceptedAsync(Ann);
        await world.CancelAsync(Ann, young.Id);
        var request = new CleanupRequest(IsDryRun: true, TimeSpan.FromMinutes(2));

        var seen = await SweepAsync(world, request);
        Assert.Equal(old.Id, Assert.Single(seen.Touched).Job);
        Assert.NotNull(await world.Store.FindAsync(old.Id));
        await SweepAsync(world, request with { IsDryRun = false });

        Assert.Null(await world.Store.FindAsync(old.Id));
        Assert.NotNull(await world.Store.FindAsync(young.Id));
        Assert.NotNull(await world.Store.FindAsync(running.Id));
        Assert.DoesNotContain(await world.Store.EventsAsync(Ann, 0, 100), told => told.Job == old.Id);
    }

    [Fact]
    public async Task The_periodic_sweep_deletes_after_the_kinds_retention_and_keeps_its_outcome()
    {
        await using var world = await OpenAsync(Policy with { Retention = TimeSpan.FromDays(1) });
        var old = await FailedAsync(world, Ann);
        world.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        var periodic = Sweep with { IsPeriodic = true };
        await SweepAsync(world, periodic);
        Assert.NotNull(await world.Store.FindAsync(old.Id));
        world.Clock.Advance(TimeSpan.FromSeconds(2));

        await SweepAsync(world, periodic);

        Assert.Null(await world.Store.FindAsync(old.Id));
        var outcomes = await world.AnswerAsync(() => world.Actors.Cleanup.OutcomesAsync().AsTask());
        Assert.Contains(outcomes, outcome => outcome is { Deleted: 1, IsPeriodic: true, Fault: null });
    }
}
