using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.StorageTests.Conformance;

/// <summary>What a write may not do, and that a refused one leaves no trace.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public async Task A_change_of_a_job_that_does_not_exist_is_a_conflict()
    {
        var nobody = Steps.NewJob("ann");

        await Steps.ConflictAsync(Steps.Start(nobody));
        await Steps.ConflictAsync(Steps.End(nobody));
        await Steps.ConflictAsync(new Change.Delete(nobody.Sequence));
        await Steps.ConflictAsync(new Change.Join(nobody.Sequence, Steps.Tick(), nobody.LineKey, 0));
    }

    [Fact]
    public async Task A_running_job_does_not_start_again()
    {
        var job = await Steps.RunningAsync("ann");

        await Steps.ConflictAsync(Steps.Start(job));
        Assert.Equal(job, await Store.FindAsync(job.Id));
    }

    [Fact]
    public async Task An_older_attempt_can_change_nothing()
    {
        var job = await Steps.RunningAsync("ann");
        await Steps.CommitAsync(new Change.Requeue(job.Sequence, 1, 1, Steps.Tick(), Steps.Now, "Lost."));
        var again = await Steps.StartAsync(job);

        await Steps.ConflictAsync(Steps.End(job, attempt: 1));
        await Steps.ConflictAsync(Steps.End(job, attempt: null));
        await Steps.ConflictAsync(new Change.Requeue(job.Sequence, 1, 1, Steps.Tick(), Steps.Now, "Late."));
        await Steps.ConflictAsync(
            new Change.Report(job.Sequence, 1, Steps.Tick(), new(9, 10, 0, 90, "late"), ["late"]));
        await Steps.ConflictAsync(new Change.Checkpoint(job.Sequence, 1, "batch", "late"u8.ToArray()));

        Assert.Equal(again, await Store.FindAsync(job.Id));
        Assert.Empty(await Store.LogAsync(job.Sequence, 0, 10));
        Assert.Null(await Store.LoadCheckpointAsync(job.Sequence, "batch"));
    }

    [Fact]
    public async Task A_finished_job_never_changes_again()
    {
        var job = await Steps.FinishedAsync("ann");

        await Steps.ConflictAsync(Steps.End(job));
        await Steps.ConflictAsync(Steps.End(job, JobState.Cancelled, attempt: null));
        await Steps.ConflictAsync(Steps.Start(job));
        await Steps.ConflictAsync(new Change.Requeue(job.Sequence, 1, 1, Steps.Tick(), Steps.Now, "Late."));

        Assert.Equal(job, await Store.FindAsync(job.Id));
    }

    [Fact]
    public async Task An_unfinished_job_is_not_deleted()
    {
        var waiting = await Steps.AcceptAsync("ann");
        var running = await Steps.RunningAsync("bob");

        await Steps.ConflictAsync(new Change.Delete(waiting.Sequence));
        await Steps.ConflictAsync(new Change.Delete(running.Sequence));
    }

    [Fact]
    public async Task A_refused_write_changes_nothing()
    {
        var running = await Steps.RunningAsync("ann");
        var old = await Steps.FinishedAsync("cleo");
        await Steps.CommitAsync(new Change.Checkpoint(running.Sequence, 1, "batch", "one"u8.ToArray()));
        var (before, events) = (await Store.CountsAsync(Steps.Now), await Steps.EventsAsync("ann"));

        await Steps.ConflictAsync(
            new Change.Report(running.Sequence, 1, Steps.Tick(), new(5, 10, 0, 50, "half"), ["half way"]),
            new Change.Delete(old.Sequence),
            Steps.End(running),
            new Change.Accept(Steps.NewJob("ann"), "key", [StoreSteps.File(FileRole.Original)]),
            new Change.Accept(Steps.NewJob("ann"), null, []));

        Assert.Equal(before, await Store.CountsAsync(Steps.Now));
        Assert.Equal(events, await Steps.EventsAsync("ann"));
        Assert.Equal(running, await Store.FindAsync(running.Id));
        Assert.Equal(old, await Store.FindAsync(old.Id));
        Assert.Null(await Store.FindByKeyAsync(running.User, "key"));
        Assert.Null(await Store.FindFileAsync(running.Sequence, FileRole.Result));
        Assert.Equal("one"u8.ToArray(), await Store.LoadCheckpointAsync(running.Sequence, "batch"));
        Assert.Empty(await Store.LogAsync(running.Sequence, 0, 10));
        await Steps.CommitAsync(Steps.End(running));
        Assert.Equal(events.Count + 1, await Store.LastEventNumberAsync(running.User));
    }

    [Fact]
    public async Task A_conflict_concerns_its_own_write_only()
    {
        var running = await Steps.RunningAsync("ann");
        var told = new List<JobEvent>();
        Store.Happened += told.AddRange;
        var writes = new List<Task<CommitAnswer>>();
        for (var i = 0; i < 200; i++)
        {
            writes.Add(Steps.TryAsync(new Change.Accept(Steps.NewJob($"user-{i}"), null, [])));
            var bad = Steps.NewJob($"other-{i}");
            writes.Add(Steps.TryAsync(new Change.Accept(bad, null, []), Steps.Start(running)));
        }

        var answers = await Task.WhenAll(writes);

        for (var i = 0; i < 200; i++)
        {
            Assert.IsType<CommitAnswer.Committed>(answers[2 * i]);
            Assert.IsType<CommitAnswer.Conflict>(answers[(2 * i) + 1]);
            Assert.Equal(1, await Store.LastEventNumberAsync(StoreSteps.User($"user-{i}")));
            Assert.Equal(0, await Store.LastEventNumberAsync(StoreSteps.User($"other-{i}")));
        }

        Assert.Equal(200, (await Store.CountsAsync(Steps.Now)).Pending);
        Assert.Equal(
            Enumerable.Range(0, 200).Select(i => StoreSteps.User($"user-{i}")), told.Select(one => one.User));
    }

    [Fact]
    public async Task A_claim_ends_the_epochs_before_it()
    {
        var first = await Store.ClaimQueueAsync();
        var second = await Store.ClaimQueueAsync();
        Assert.True(second.Epoch > first.Epoch);

        var job = await Steps.AcceptAsync("ann");
        Assert.IsType<CommitAnswer.Conflict>(await StampedAsync(first.Epoch, 1, Steps.Start(job)));
        Assert.IsType<CommitAnswer.Committed>(await StampedAsync(second.Epoch, 1, Steps.Start(job)));
    }

    [Fact]
    public async Task Stamped_writes_follow_one_another_without_gaps()
    {
        var epoch = (await Store.ClaimQueueAsync()).Epoch;
        var jobs = new[] { await Steps.AcceptAsync("ann"), await Steps.AcceptAsync("bob") };

        Assert.IsType<CommitAnswer.Conflict>(await StampedAsync(epoch, 2, Steps.Start(jobs[0])));
        Assert.IsType<CommitAnswer.Committed>(await StampedAsync(epoch, 1, Steps.Start(jobs[0])));
        Assert.IsType<CommitAnswer.Conflict>(await StampedAsync(epoch, 1, Steps.Start(jobs[1])));
        Assert.IsType<CommitAnswer.Committed>(await StampedAsync(epoch, 2, Steps.Start(jobs[1])));
    }

    [Fact]
    public async Task What_was_decided_on_top_of_a_refused_write_is_refused()
    {
        var epoch = (await Store.ClaimQueueAsync()).Epoch;
        var (ann, bob) = (await Steps.RunningAsync("ann"), await Steps.AcceptAsync("bob"));

        var answers = await Task.WhenAll(
            StampedAsync(epoch, 1, Steps.Start(ann)), StampedAsync(epoch, 2, Steps.Start(bob)));

        Assert.All(answers, answer => Assert.IsType<CommitAnswer.Conflict>(answer));
        Assert.IsType<CommitAnswer.Committed>(await StampedAsync(epoch, 1, Steps.Start(bob)));
    }

    [Fact]
    public async Task A_claim_says_where_to_go_on()
    {
        var first = await Steps.FinishedAsync("ann");
        var waiting = await Steps.AcceptAsync("bob");
        var held = await Steps.HoldAsync("bob");
        var last = await Steps.FinishedAsync("cleo");
        await Steps.CommitAsync(new Change.Delete(last.Sequence), new Change.Delete(first.Sequence));

        var claim = await Store.ClaimQueueAsync();

        Assert.Equal(last.Sequence, claim.LastSequence);
        Assert.Equal(Math.Max(waiting.LineKey.At, held.LineKey.At), claim.LastLineAt);
    }

    Task<CommitAnswer> StampedAsync(long epoch, long ordinal, params Change[] changes) =>
        Store.CommitAsync(new StoreWrite(changes, new QueueStamp(epoch, ordinal)));
}
