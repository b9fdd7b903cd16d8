using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.StorageTests.Conformance;

/// <summary>What belongs to a job: events, files, log, checkpoints; and that all of it goes with the job.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public async Task Every_change_of_state_is_the_users_next_event()
    {
        var job = await Steps.RunningAsync("ann");
        await Steps.CommitAsync(
            new Change.Requeue(job.Sequence, 1, 1, Steps.Tick(), Steps.Now, "The provider is away."));
        await Steps.StartAsync(job);
        await Steps.CommitAsync(Steps.End(job, attempt: 2));
        var held = await Steps.HoldAsync("ann");
        await Steps.CommitAsync(new Change.Join(held.Sequence, Steps.Tick(), held.LineKey, 0));
        await Steps.CommitAsync(Steps.End(held, JobState.Cancelled, attempt: null, error: "Cancelled by user"));

        var events = await Steps.EventsAsync("ann");

        Assert.Equal(Enumerable.Range(1, 8).Select(number => (long)number), events.Select(told => told.Number));
        Assert.Equal(
            [JobEventType.Queued, JobEventType.Started, JobEventType.Retrying, JobEventType.Started,
                JobEventType.Completed, JobEventType.Held, JobEventType.Queued, JobEventType.Cancelled],
            events.Select(told => told.Type));
        Assert.Equal([0, 1, 1, 2, 2, 0, 0, 0], events.Select(told => told.Attempt));
        Assert.Equal(
            [null, null, "The provider is away.", null, null, null, null, "Cancelled by user"],
            events.Select(told => told.Reason));
        Assert.Equal(events[0], new JobEvent(job.User, 1, job.AcceptedAt, JobEventType.Queued, job.Id, 0, null));
        Assert.Equal(events.Select(told => told.At), events.Select(told => told.At).Order());
    }

    [Fact]
    public async Task Events_are_read_on_from_any_number_in_pages()
    {
        var slow = await Steps.RunningAsync("ann", StoreSteps.Exams);
        for (var i = 0; i < 20; i++)
            await Steps.FinishedAsync("ann");
        await Steps.CommitAsync(Steps.End(slow));
        var all = await Steps.EventsAsync("ann");
        Assert.Equal(63, all.Count);

        for (var after = 0; after <= all.Count; after++)
        {
            Assert.Equal(all.Skip(after), await Steps.EventsAsync("ann", after));
            Assert.Equal(all.Skip(after).Take(4), await Steps.EventsAsync("ann", after, limit: 4));
        }

        Assert.Empty(await Steps.EventsAsync("ann", 1_000));
    }

    [Fact]
    public async Task Event_numbers_have_no_gaps_however_many_write_at_once()
    {
        var jobs = Enumerable.Range(0, 300).Select(i => Steps.NewJob($"user-{i % 3}", place: null)).ToList();
        await Task.WhenAll(jobs.Select(job => Steps.CommitAsync(new Change.Accept(job, null, []))));
        await Task.WhenAll(jobs.Select(job => Steps.CommitAsync(Steps.Start(job))));
        await Task.WhenAll(jobs.Select(job => Steps.CommitAsync(Steps.End(job))));

        for (var user = 0; user < 3; user++)
        {
            var numbers = (await Steps.EventsAsync($"user-{user}")).Select(told => told.Number);
            Assert.Equal(Enumerable.Range(1, 300).Select(number => (long)number), numbers);
            Assert.Equal(300, await Store.LastEventNumberAsync(StoreSteps.User($"user-{user}")));
        }
    }

    [Fact]
    public async Task What_happened_is_told_after_the_commit_in_order()
    {
        var told = new List<JobEvent>();
        Store.Happened += told.AddRange;
        var job = await Steps.FinishedAsync("ann");
        var next = await Steps.RunningAsync("ann");
        var report = new Change.Report(next.Sequence, 1, Steps.Tick(), new(1, 2, 0, 50, "half"), []);
        await Steps.CommitAsync(report);
        await Steps.ConflictAsync(Steps.End(job));

        Assert.Equal(await Steps.EventsAsync("ann"), told.Where(one => one.Number > 0));
        Assert.Equal(new JobEvent(job.User, 0, report.At, JobEventType.Progressed, next.Id, 1, null), told[^1]);
    }

    [Fact]
    public async Task Progress_and_log_lines_are_kept_with_the_job()
    {
        var job = await Steps.RunningAsync("ann");
        var half = new JobProgress(5, 10, 1, 50, "looking up");
        await Steps.CommitAsync(new Change.Report(job.Sequence, 1, Steps.Tick(), half, ["one", "two"]));
        await Steps.CommitAsync(new Change.Report(job.Sequence, 1, Steps.Tick(), half, []));
        await Steps.CommitAsync(new Change.Report(job.Sequence, 1, Steps.Tick(), half with { Done = 6 }, ["three"]));

        Assert.Equal(half with { Done = 6 }, (await Steps.FindAsync(job)).Progress);
        var lines = await Store.LogAsync(job.Sequence, 0, 10);
        Assert.Equal([(1L, "one"), (2L, "two"), (3L, "three")], lines.Select(line => (line.Number, line.Text)));
        Assert.Equal(lines.Skip(1).Take(1), await Store.LogAsync(job.Sequence, 1, 1));
        await Steps.CommitAsync(Steps.End(job));
        Assert.Equal(3, (await Store.LogAsync(job.Sequence, 0, 10)).Count);
    }

    [Fact]
    public async Task A_checkpoint_outlives_its_attempt_and_goes_when_the_job_ends()
    {
        var job = await Steps.RunningAsync("ann");
        await Steps.CommitAsync(new Change.Checkpoint(job.Sequence, 1, "batch", "one"u8.ToArray()));
        await Steps.CommitAsync(new Change.Checkpoint(job.Sequence, 1, "batch", "two"u8.ToArray()));
        await Steps.CommitAsync(new Change.Checkpoint(job.Sequence, 1, "empty", ReadOnlyMemory<byte>.Empty));
        await Steps.CommitAsync(new Change.Requeue(job.Sequence, 1, 1, Steps.Tick(), Steps.Now, "Lost."));
        await Steps.StartAsync(job);

        Assert.Equal("two"u8.ToArray(), await Store.LoadCheckpointAsync(job.Sequence, "batch"));
        Assert.Equal(Array.Empty<byte>(), await Store.LoadCheckpointAsync(job.Sequence, "empty"));
        Assert.Null(await Store.LoadCheckpointAsync(job.Sequence, "other"));

        await Steps.CommitAsync(Steps.End(job, attempt: 2));
        Assert.Null(await Store.LoadCheckpointAsync(job.Sequence, "batch"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    public async Task A_small_file_rides_in_the_commit(int bytes)
    {
        var job = Steps.NewJob("ann");
        var file = StoreSteps.File(FileRole.Original, bytes);
        await Steps.CommitAsync(new Change.Accept(job, null, [file]));

        var found = await Store.FindFileAsync(job.Sequence, FileRole.Original);
        Assert.NotNull(found);
        Assert.Equal(file.Inline, found.Inline);
        Assert.Equal(file with { Inline = null }, found with { Inline = null });
        Assert.Null(await Store.FindFileAsync(job.Sequence, FileRole.Result));
    }

    [Fact]
    public async Task A_large_file_is_kept_by_its_name_in_the_folder()
    {
        var job = Steps.NewJob("ann");
        var file = StoreSteps.File(FileRole.Original, 5_000_000, "0001.bin");
        await Steps.CommitAsync(new Change.Accept(job, null, [file]));

        Assert.Equal(file, await Store.FindFileAsync(job.Sequence, FileRole.Original));
    }

    [Fact]
    public async Task Deleting_removes_all_that_belongs_to_the_job_and_the_numbering_goes_on()
    {
        var kept = await Steps.FinishedAsync("ann");
        var job = Steps.NewJob("ann");
        await Steps.CommitAsync(new Change.Accept(job, "key", [StoreSteps.File(FileRole.Original)]));
        await Steps.StartAsync(job);
        await Steps.CommitAsync(new Change.Report(job.Sequence, 1, Steps.Tick(), new(1, 1, 0, 100, "done"), ["line"]));
        await Steps.CommitAsync(Steps.End(job));

        await Steps.CommitAsync(new Change.Delete(job.Sequence));

        Assert.Null(await Store.FindAsync(job.Id));
        Assert.Null(await Store.FindByKeyAsync(job.User, "key"));
        Assert.Null(await Store.FindFileAsync(job.Sequence, FileRole.Original));
        Assert.Null(await Store.FindFileAsync(job.Sequence, FileRole.Result));
        Assert.Empty(await Store.LogAsync(job.Sequence, 0, 10));
        Assert.Equal([kept], (await Store.ListAsync(job.User, null, null, 10)).Jobs);
        Assert.Equal(6, await Store.LastEventNumberAsync(job.User));
        Assert.Equal(3, (await Steps.EventsAsync("ann")).Count);

        var next = await Steps.AcceptAsync("ann", key: "key");
        var told = Assert.Single(await Steps.EventsAsync("ann", 3));
        Assert.Equal((7, next.Id), (told.Number, told.Job));
    }

    [Fact]
    public async Task A_user_whose_jobs_are_all_deleted_goes_on_counting()
    {
        var job = await Steps.FinishedAsync("ann");
        await Steps.CommitAsync(new Change.Delete(job.Sequence));

        Assert.Equal(3, await Store.LastEventNumberAsync(job.User));
        await Steps.AcceptAsync("ann");
        Assert.Equal(4, Assert.Single(await Steps.EventsAsync("ann")).Number);
    }
}
