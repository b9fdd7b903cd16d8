using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.HostTests.Simulation;

namespace NextUp.HostTests.Behaviour;

/// <summary>What every host must do about jobs that are stuck, and what it must leave alone.</summary>
public abstract partial class CleanupBehaviour
{
    static readonly UserId Ann = UserId.Account("ann");
    static readonly UserId Bob = UserId.Account("bob");
    static readonly KindPolicy Policy = new() { Kind = World.Kind, AttemptsMax = 10 };
    static readonly CleanupRequest Sweep = new(IsDryRun: false, null);

    private protected abstract Task<World> OpenAsync(KindPolicy policy, QueueSettings settings);

    Task<World> OpenAsync(KindPolicy? policy = null) => OpenAsync(policy ?? Policy, new QueueSettings { Slots = 1 });

    static Task<CleanupReport> SweepAsync(World world, CleanupRequest? request = null) =>
        world.AnswerAsync(() => world.Actors.Cleanup.SweepAsync(request ?? Sweep).AsTask());

    /// <summary>A waiting job that came to be without the queue, at a sequence that was given: a row out of step.</summary>
    static async Task<JobRecord> OutOfStepAsync(World world, UserId user)
    {
        var gone = await FailedAsync(world, UserId.Account("dan"));
        Assert.IsType<CommitAnswer.Committed>(await world.Store.CommitAsync(new([new Change.Delete(gone.Sequence)])));
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        var now = world.Clock.GetUtcNow();
        var submission = world.Submission();
        var job = new JobRecord
        {
            Sequence = gone.Sequence, Id = submission.Id, User = user, Kind = World.Kind, State = JobState.Pending, Place = 0,
            AcceptedAt = now, LineKey = LineKey.Of(now, TimeSpan.Zero, gone.Sequence), FileName = "a.bib", FileSize = 1,
        };
        Assert.IsType<CommitAnswer.Committed>(
            await world.Store.CommitAsync(new([new Change.Accept(job, null, [submission.Original])])));
        return job;
    }

    [Fact]
    public async Task A_waiting_job_that_the_queue_does_not_come_to_fails_after_five_minutes_and_its_user_can_go_on()
    {
        await using var world = await OpenAsync();
        var stuck = await OutOfStepAsync(world, Ann);
        world.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.Empty((await SweepAsync(world, new(IsDryRun: true, null))).Touched);
        world.Clock.Advance(TimeSpan.FromSeconds(2));

        var seen = Assert.Single((await SweepAsync(world, new(IsDryRun: true, null))).Touched);
        Assert.Equal((stuck.Id, CleanupAction.FailPassedOver), (seen.Job, seen.Action));
        await SweepAsync(world);

        var failed = await world.ReachesAsync(stuck, JobState.Failed);
        Assert.Contains("although a slot was free", failed.Error, StringComparison.Ordinal);
        Assert.Equal(JobEventType.Failed, (await world.Store.EventsAsync(Ann, 1, 10)).Single().Type);
        await world.AcceptedAsync(Ann);
    }

    [Fact]
    public async Task A_waiting_job_fails_where_the_line_moved_past_it_although_no_slot_is_free()
    {
        await using var world = await OpenAsync();
        var stuck = await OutOfStepAsync(world, Ann);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.AcceptedAsync(Bob);
        world.Clock.Advance(TimeSpan.FromMinutes(6));

        await SweepAsync(world);

        Assert.Contains("stood behind it", (await world.ReachesAsync(stuck, JobState.Failed)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_clears_its_users_stuck_job_first()
    {
        await using var world = await OpenAsync();
        var stuck = await OutOfStepAsync(world, Ann);
        world.Clock.Advance(TimeSpan.FromMinutes(6));

        await world.AcceptedAsync(Ann);

        Assert.Equal(JobState.Failed, (await world.Store.FindAsync(stuck.Id))!.State);
    }

    [Fact]
    public async Task An_attempt_that_only_the_store_knows_ends_after_its_time()
    {
        await using var world = await OpenAsync();
        var stuck = await OutOfStepAsync(world, Ann);
        var now = world.Clock.GetUtcNow();
        await world.Store.CommitAsync(new([new Change.Start(stuck.Sequence, now, now.AddMinutes(10))]));
        world.Clock.Advance(TimeSpan.FromMinutes(11));

        var swept = await world.AnswerInTimeAsync(() => world.Actors.Cleanup.SweepAsync(Sweep).AsTask());

        Assert.Equal(CleanupAction.FailTimedOut, Assert.Single(swept.Touched).Action);
        await world.AnswerInTimeAsync(async () =>
        {
            while ((await world.Store.FindAsync(stuck.Id))!.State != JobState.Failed)
                await Task.Yield();
            return true;
        });
    }

    [Fact]
    public async Task A_long_line_a_pause_a_time_and_a_held_job_are_no_faults()
    {
        await using var world = await OpenAsync(
            Policy with { AttemptDuration = TimeSpan.FromDays(300), WhenBusy = WhenBusy.Hold });
        await world.AcceptedAsync(Ann);
        await world.AcceptedAsync(Ann);
        await world.AcceptedAsync(Bob);
        await world.AcceptedAsync(
            UserId.Account("cat"), submission => submission with { NotBefore = world.Clock.GetUtcNow().AddDays(2) });
        await world.SteerAsync(new SteerOrder.Hold(new PauseTarget.OfUser(Bob), null) { By = "op" });
        world.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Empty((await SweepAsync(world)).Touched);
        Assert.Empty((await SweepAsync(world, new(IsDryRun: true, null))).Touched);
    }

    [Fact]
    public async Task What_is_paused_is_not_stuck_even_where_the_queue_does_not_know_it()
    {
        await using var world = await OpenAsync();
        await OutOfStepAsync(world, Ann);
        await world.SteerAsync(new SteerOrder.Hold(new PauseTarget.OfKind(World.Kind), "later") { By = "op" });
        world.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Empty((await SweepAsync(world)).Touched);
    }

    [Fact]
    public async Task Who_brings_the_server_down_too_often_is_set_aside_and_comes_back_by_an_operator_only()
    {
        await using var world = await OpenAsync(Policy with { CrashesMax = 2, AttemptDuration = TimeSpan.FromDays(300) });
        var job = await world.AcceptedAsync(Ann);
        for (var crash = 1; crash <= 2; crash++)
        {
            Assert.Equal(crash, (await world.AnswerInTimeAsync(() => world.Runner.NextAsync())).Job.Attempt);
            await world.CrashAsync();
        }

        var aside = await world.ReachesAsync(job, JobState.Failed);
        Assert.Equal((2, true), (aside.Crashes, aside.SetAsideAt is not null));
        Assert.StartsWith("Set aside", aside.Error);
        await SweepAsync(world, new(IsDryRun: false, TimeSpan.Zero));
        Assert.NotNull(await world.Store.FindAsync(job.Id));

        Assert.IsType<RetryAnswer.IsSetAside>(await RetryAsync(world, Ann, job));
        Assert.IsType<RetryAnswer.Retried>(await RetryAsync(world, Ann, job, isByOperator: true));
        var attempt = await world.NextAttemptAsync();
        Assert.Equal((3, 0, null), (attempt.Job.Attempt, attempt.Job.Crashes, attempt.Job.SetAsideAt));
    }

    [Fact]
    public async Task A_job_fails_when_all_its_attempts_together_took_too_long()
    {
        await using var world = await OpenAsync(
            Policy with
            {
                AttemptDuration = TimeSpan.FromHours(1), TotalDuration = TimeSpan.FromHours(1), RetryDelay = TimeSpan.FromSeconds(1),
            });
        var job = await world.AcceptedAsync(Ann);
        var first = await world.NextAttemptAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(30));
        first.End.SetResult(new AttemptEnd.Faulted("broke"));
        await world.ReachesAsync(job, JobState.Pending);
        await world.AnswerInTimeAsync(() => world.Runner.NextAsync());
        world.Clock.Advance(TimeSpan.FromMinutes(30));

        var failed = await world.AnswerInTimeAsync(() => world.ReachesAsync(job, JobState.Failed));
        Assert.StartsWith("Took too long: a job may take 60 minutes", failed.Error);
    }

    static Task<RetryAnswer> RetryAsync(World world, UserId user, JobRecord job, bool isByOperator = false) =>
        world.AnswerAsync(() => world.Actors.User(user).RetryAsync(job.Id, isByOperator).AsTask());
}
