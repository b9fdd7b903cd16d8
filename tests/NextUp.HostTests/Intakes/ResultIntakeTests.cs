using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.HostTests.Behaviour;
using NextUp.HostTests.InProcess;
using NextUp.HostTests.Simulation;
using NextUp.Hosting.Intakes;

namespace NextUp.HostTests.Intakes;

/// <summary>
/// A result is seen when its job has completed and never before, wherever between the two stores a process dies or a store fails:
/// the real host and job store, and an intake that fails when it is told.
/// </summary>
public sealed class ResultIntakeTests : IAsyncLifetime
{
    static readonly UserId s_ann = UserId.Account("ann");

    static readonly AttemptEnd.Finished s_done = new(
        new JobOutcome.Done("{}", []), [new StagedFile(FileRole.Result, "r", "text/plain", 1, "00", [1], null)]);

    readonly InProcessWorld _world = new(new KindPolicy { Kind = World.Kind, ActivePerUserMax = null }, new QueueSettings { Slots = 4 });
    readonly Shelf _shelf = new();
    readonly CountedFiles _files = new();
    readonly List<string> _told = [];
    ResultIntakes _intakes = null!;

    public async ValueTask InitializeAsync()
    {
        await _world.StartAsync();
        _intakes = NewIntakes();
    }

    public async ValueTask DisposeAsync()
    {
        await _intakes.DisposeAsync();
        await _world.DisposeAsync();
    }

    ResultIntakes NewIntakes() => new(_world.Store, _files, [_shelf], _world.Clock, (what, _) =>
    {
        lock (_told)
            _told.Add(what);
    });

    /// <summary>The process dies without a word; its successor settles what lies aside before a job runs.</summary>
    async Task CrashAsync()
    {
        await _world.CrashAsync();
        _intakes = NewIntakes();
        await _intakes.StartAsync();
    }

    async Task<SimAttempt> StartedAsync()
    {
        await _world.AcceptedAsync(s_ann);
        return await _world.NextAttemptAsync();
    }

    Task<AttemptEnd> TakeAsync(SimAttempt attempt, CancellationTokenSource? stop = null) =>
        _intakes.TakeAsync(attempt.Job, s_done, stop?.Token ?? TestContext.Current.CancellationToken);

    async Task EndAsync(SimAttempt attempt, AttemptEnd end, JobState state)
    {
        attempt.End.SetResult(end);
        await _world.ReachesAsync(attempt.Job, state);
    }

    /// <summary>What follows an end goes on by itself, while time passes.</summary>
    async Task SettledAsync() => await _world.AnswerInTimeAsync(async () =>
    {
        while (_shelf.Aside > 0)
            await Task.Yield();
        return true;
    });

    [Fact]
    public async Task A_result_is_seen_once_the_end_of_its_job_is_stored_and_not_before()
    {
        var attempt = await StartedAsync();
        Assert.Same(s_done, await TakeAsync(attempt));
        Assert.Equal((1, null), (_shelf.Aside, _shelf.VisibleOf(attempt.Job)));

        await EndAsync(attempt, s_done, JobState.Completed);
        _intakes.Ended(attempt.Job);
        await SettledAsync();

        Assert.Equal(1, _shelf.VisibleOf(attempt.Job));
        Assert.Equal(0, _files.Discarded);
    }

    [Fact]
    public async Task A_process_that_dies_between_the_take_and_the_end_leaves_nothing_to_be_seen_and_the_next_attempt_all_of_it()
    {
        var attempt = await StartedAsync();
        await TakeAsync(attempt);

        await CrashAsync();

        Assert.Null(_shelf.VisibleOf(attempt.Job));
        var again = await _world.AnswerInTimeAsync(() => _world.Runner.NextAsync());
        Assert.Equal((attempt.Job.Id, 2), (again.Job.Id, again.Job.Attempt));
        await TakeAsync(again);
        await EndAsync(again, s_done, JobState.Completed);
        _intakes.Ended(again.Job);
        await SettledAsync();
        Assert.Equal(2, _shelf.VisibleOf(attempt.Job));
    }

    [Fact]
    public async Task A_process_that_dies_between_the_end_and_the_settling_leaves_it_to_the_next_start()
    {
        var attempt = await StartedAsync();
        await TakeAsync(attempt);
        await EndAsync(attempt, s_done, JobState.Completed);
        Assert.Null(_shelf.VisibleOf(attempt.Job));

        await CrashAsync();

        Assert.Equal((0, 1), (_shelf.Aside, _shelf.VisibleOf(attempt.Job)));
    }

    [Fact]
    public async Task What_another_server_left_is_settled_when_it_is_gone_though_the_store_fails_and_what_runs_is_left_alone()
    {
        var (left, running) = (await StartedAsync(), await StartedAsync());
        await TakeAsync(left);
        await TakeAsync(running);
        await EndAsync(left, s_done, JobState.Completed);
        _shelf.SettlingsFailing = 2;

        _intakes.SettleLeft();
        await _world.AnswerInTimeAsync(async () =>
        {
            while (_shelf.VisibleOf(left.Job) is null)
                await Task.Yield();
            return true;
        });

        Assert.Equal((1, null), (_shelf.Aside, _shelf.VisibleOf(running.Job)));
        await EndAsync(running, s_done, JobState.Completed);
        _intakes.Ended(running.Job);
        await SettledAsync();
        Assert.Equal(1, _shelf.VisibleOf(running.Job));
    }

    [Fact]
    public async Task A_job_that_is_cancelled_behind_the_take_drops_it_also_where_the_process_dies()
    {
        var (here, dying) = (await StartedAsync(), await StartedAsync());
        foreach (var attempt in new[] { here, dying })
        {
            await TakeAsync(attempt);
            attempt.WhenAskedToStop(() => attempt.End.TrySetResult(new AttemptEnd.Stopped()));
            await _world.CancelAsync(s_ann, attempt.Job.Id);
            await _world.ReachesAsync(attempt.Job, JobState.Cancelled);
            if (attempt == here)
            {
                _intakes.Ended(attempt.Job);
                await SettledAsync();
            }
        }

        await CrashAsync();

        Assert.Equal((0, null, null), (_shelf.Aside, _shelf.VisibleOf(here.Job), _shelf.VisibleOf(dying.Job)));
    }

    [Fact]
    public async Task A_take_that_comes_behind_the_end_of_its_job_settles_itself()
    {
        var attempt = await StartedAsync();
        var gate = new TaskCompletionSource();
        _shelf.Gate = gate.Task;
        var taking = TakeAsync(attempt);
        attempt.WhenAskedToStop(() => attempt.End.TrySetResult(new AttemptEnd.Stopped()));
        await _world.CancelAsync(s_ann, attempt.Job.Id);
        await _world.ReachesAsync(attempt.Job, JobState.Cancelled);
        _intakes.Ended(attempt.Job);
        await _world.AnswerInTimeAsync(async () =>
        {
            while (_shelf.Settlings == 0) // It finds nothing yet.
                await Task.Yield();
            return true;
        });

        gate.SetResult();
        await taking;
        await SettledAsync();

        Assert.Null(_shelf.VisibleOf(attempt.Job));
    }

    [Fact]
    public async Task A_take_that_fails_fails_the_attempt_and_lets_its_files_go()
    {
        var attempt = await StartedAsync();
        _shelf.TakesFailing = 1;

        await Assert.ThrowsAsync<StoreFailedException>(() => TakeAsync(attempt));

        Assert.Equal((1, 0), (_files.Discarded, _shelf.Aside));
        Assert.Same(s_done, await TakeAsync(attempt)); // The turn is free again.
    }

    [Fact]
    public async Task A_take_that_is_cancelled_while_it_waits_its_turn_lets_its_files_go()
    {
        var attempt = await StartedAsync();
        var gate = new TaskCompletionSource();
        _shelf.Gate = gate.Task;
        var first = TakeAsync(attempt);
        using var cancelled = new CancellationTokenSource();
        var second = TakeAsync(attempt, cancelled);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(1, _files.Discarded);
        gate.SetResult();
        Assert.Same(s_done, await first);
        Assert.Same(s_done, await TakeAsync(attempt));
    }

    [Fact]
    public async Task Two_reports_of_one_attempt_are_taken_one_after_the_other()
    {
        var attempt = await StartedAsync();
        var gate = new TaskCompletionSource();
        _shelf.Gate = gate.Task;
        var takes = new[] { TakeAsync(attempt), TakeAsync(attempt), TakeAsync(attempt) };

        gate.SetResult();

        Assert.All(await Task.WhenAll(takes), end => Assert.Same(s_done, end));
        Assert.Equal(1, _shelf.TakesAtOnceMax);
    }

    [Fact]
    public async Task A_result_that_cannot_be_kept_fails_its_job_and_one_of_an_older_attempt_says_nothing()
    {
        var attempt = await StartedAsync();
        _shelf.Answers.Enqueue(new IntakeAnswer.Refused("It is none. Send one."));
        _shelf.Answers.Enqueue(new IntakeAnswer.Superseded());

        var refused = Assert.IsType<AttemptEnd.Finished>(await TakeAsync(attempt));
        Assert.Equal(new JobOutcome.GiveUp("It is none. Send one."), refused.Outcome);
        Assert.Empty(refused.Files);
        Assert.IsType<AttemptEnd.Stopped>(await TakeAsync(attempt));
        Assert.Equal(2, _files.Discarded);
    }

    [Fact]
    public async Task A_settling_that_fails_is_tried_until_it_is_done_and_told_each_time()
    {
        var attempt = await StartedAsync();
        await TakeAsync(attempt);
        await EndAsync(attempt, s_done, JobState.Completed);
        _shelf.SettlingsFailing = 3;
        var began = _world.Clock.GetUtcNow();

        _intakes.Ended(attempt.Job);
        await SettledAsync();

        Assert.Equal(1, _shelf.VisibleOf(attempt.Job));
        Assert.Equal(3, _told.Count);
        // 200, 400 and 800 ms, in steps of the world's clock.
        Assert.InRange(_world.Clock.GetUtcNow() - began, TimeSpan.FromMilliseconds(1_400), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_settling_that_fails_does_not_hold_up_the_stop_and_is_left_to_the_next_start()
    {
        var attempt = await StartedAsync();
        await TakeAsync(attempt);
        await EndAsync(attempt, s_done, JobState.Completed);
        _shelf.SettlingsFailing = int.MaxValue;
        _intakes.Ended(attempt.Job);

        await _intakes.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        _intakes.Ended(attempt.Job); // Nothing begins any more.
        _shelf.SettlingsFailing = 0;
        await CrashAsync();

        Assert.Equal(1, _shelf.VisibleOf(attempt.Job));
    }

    [Fact]
    public async Task A_start_settles_everything_however_much_there_is_and_keeps_what_still_runs()
    {
        var attempt = await StartedAsync();
        await TakeAsync(attempt);
        for (var i = 0; i < 1_200; i++)
            _shelf.Left(JobId.New(_world.Clock.GetUtcNow()), 1);

        await _intakes.StartAsync();

        Assert.Equal(1, _shelf.Aside);
        await EndAsync(attempt, s_done, JobState.Completed);
        _intakes.Ended(attempt.Job);
        await SettledAsync();
        Assert.Equal(1, _shelf.VisibleOf(attempt.Job));
    }

    [Fact]
    public async Task Other_kinds_and_other_ends_pass_untouched()
    {
        var attempt = await StartedAsync();
        var other = attempt.Job with { Kind = new JobKind("other") };
        var failed = new AttemptEnd.Finished(new JobOutcome.GiveUp("no"), []);
        _shelf.TakesFailing = 10;

        Assert.Same(s_done, await _intakes.TakeAsync(other, s_done, CancellationToken.None));
        Assert.Same(failed, await _intakes.TakeAsync(attempt.Job, failed, CancellationToken.None));
        _intakes.Ended(other);
        Assert.Equal((10, 0), (_shelf.TakesFailing, _files.Discarded));
    }
}
