using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;

namespace NextUp.StorageTests.Conformance;

/// <summary>Jobs that come back after their end, jobs that are set aside, and what may be deleted.</summary>
public abstract partial class JobStoreConformance
{
    static Change.Reopen Reopen(StoreSteps steps, JobRecord job, bool isHeld = false)
    {
        var at = steps.Tick();
        var key = LineKey.Of(at, TimeSpan.Zero, job.Sequence);
        return new(job.Sequence, job.User, at, key, TimeSpan.Zero, isHeld ? null : 0, isHeld, "Again.");
    }

    [Fact]
    public async Task A_failed_job_that_comes_back_waits_again_and_its_attempts_are_numbered_on()
    {
        var failed = await Steps.FinishedAsync("ann", JobState.Failed);
        var reopen = Reopen(Steps, failed);
        await Steps.CommitAsync(reopen);

        var waiting = await Steps.FindAsync(failed);
        Assert.Equal(
            (JobState.Pending, 0, reopen.LineKey, 1, null, null),
            (waiting.State, waiting.Place, waiting.LineKey, waiting.Attempt, waiting.Error, waiting.EndedAt));
        Assert.Equal([waiting], await Store.LaneAsync(failed.User));
        Assert.Equal(waiting.Id, Assert.Single(Store.ReadQueue()).Id);
        Assert.Equal(new StoreCounts(1, 0, 0, 0, 0, 0, 0), await Store.CountsAsync(Steps.Now));
        Assert.Equal(2, (await Steps.StartAsync(waiting)).Attempt);
    }

    [Fact]
    public async Task Who_comes_back_takes_a_place_and_finds_it_taken_where_it_is()
    {
        var failed = await Steps.FinishedAsync("ann", JobState.Failed);
        await Steps.AcceptAsync("ann");

        await Steps.ConflictAsync(Reopen(Steps, failed));
        await Steps.CommitAsync(Reopen(Steps, failed, isHeld: true));

        Assert.True((await Steps.FindAsync(failed)).IsHeld);
    }

    [Fact]
    public async Task The_events_of_who_comes_back_are_read_from_any_number_on_and_the_numbering_goes_on()
    {
        var old = await Steps.FinishedAsync("ann", JobState.Failed);
        for (var i = 0; i < 5; i++)
            await Steps.FinishedAsync("ann");
        var last = await Store.LastEventNumberAsync(old.User);
        await Steps.CommitAsync(Reopen(Steps, old));
        await Steps.FinishedAsync("ann", JobState.Cancelled, place: 1);
        await Steps.StartAsync(old);

        for (var after = last - 4; after <= last + 1; after++)
        {
            var events = await Steps.EventsAsync("ann", after);
            Assert.Equal(Enumerable.Range(0, events.Count).Select(i => after + 1 + i), events.Select(told => told.Number));
            Assert.Equal(events.Take(2), await Steps.EventsAsync("ann", after, 2));
        }

        Assert.Equal(last + 5, await Store.LastEventNumberAsync(old.User));
        Assert.Equal(JobEventType.Requeued, (await Steps.EventsAsync("ann", last, 1))[0].Type);
    }

    [Theory]
    [InlineData(JobState.Completed)]
    [InlineData(JobState.Pending)]
    [InlineData(JobState.Processing)]
    public async Task Only_who_failed_or_was_cancelled_comes_back(JobState state)
    {
        var job = state switch
        {
            JobState.Completed => await Steps.FinishedAsync("ann"),
            JobState.Pending => await Steps.AcceptAsync("ann"),
            _ => await Steps.RunningAsync("ann"),
        };

        await Steps.ConflictAsync(Reopen(Steps, job));
        await Steps.ConflictAsync(new Change.SetAside(job.Sequence, Steps.Tick()));
        Assert.Equal(job, await Steps.FindAsync(job));
    }

    [Fact]
    public async Task What_is_set_aside_is_listed_and_kept_until_its_mark_goes()
    {
        var running = await Steps.RunningAsync("ann");
        var end = Steps.End(running, JobState.Failed, error: "It crashed.") with { IsSetAside = true, Crashes = 3 };
        await Steps.CommitAsync(end);
        var other = await Steps.FinishedAsync("bob", JobState.Failed);
        var aside = await Steps.FindAsync(running);

        Assert.Equal((end.At, 3), (aside.SetAsideAt, aside.Crashes));
        Assert.Equal([aside], (await Store.ListAllAsync(new JobChoice.SetAside(), null, 10)).Jobs);
        Assert.Equal([other], (await Store.FinishedBeforeAsync(Steps.Tick(), default, 10)).Jobs);
        await Steps.ConflictAsync(new Change.Delete(aside.Sequence));
        await Steps.ConflictAsync(new Change.SetAside(aside.Sequence, Steps.Tick()));

        await Steps.CommitAsync(new Change.SetAside(aside.Sequence, null));
        await Steps.ConflictAsync(new Change.SetAside(aside.Sequence, null));
        await Steps.CommitAsync(new Change.Delete(aside.Sequence));
        Assert.Empty((await Store.ListAllAsync(new JobChoice.SetAside(), null, 10)).Jobs);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0001.bin")]
    public async Task The_files_of_a_finished_job_go_and_the_job_stays_with_its_events(string? path)
    {
        var (job, other) = (Steps.NewJob("ann"), Steps.NewJob("bob"));
        await Steps.CommitAsync(new Change.Accept(job, null, [StoreSteps.File(FileRole.Original, 5_000_000, path)]));
        await Steps.CommitAsync(new Change.Accept(other, null, [StoreSteps.File(FileRole.Original)]));
        await Steps.ConflictAsync(new Change.DropFiles(job.Sequence));
        await Steps.StartAsync(job);
        await Steps.ConflictAsync(new Change.DropFiles(job.Sequence));
        await Steps.CommitAsync(Steps.End(job));
        Assert.NotNull(await Store.FindFileAsync(job.Sequence, FileRole.Result));
        var (ended, events) = (await Steps.FindAsync(job), await Steps.EventsAsync("ann"));

        await Steps.CommitAsync(new Change.DropFiles(job.Sequence));
        await Steps.CommitAsync(new Change.DropFiles(job.Sequence));

        foreach (var role in Enum.GetValues<FileRole>())
            Assert.Null(await Store.FindFileAsync(job.Sequence, role));
        Assert.NotNull(await Store.FindFileAsync(other.Sequence, FileRole.Original));
        Assert.Equal((ended, events), (await Steps.FindAsync(job), await Steps.EventsAsync("ann")), (one, two) =>
            one.Item1 == two.Item1 && one.Item2.SequenceEqual(two.Item2));
        await Steps.ConflictAsync(new Change.DropFiles(new JobSequence(99)));
    }

    [Fact]
    public async Task The_files_of_a_job_that_is_set_aside_go_too_and_its_mark_stays()
    {
        var job = await Steps.RunningAsync("ann");
        await Steps.CommitAsync(Steps.End(job, JobState.Failed, error: "It crashed.") with { IsSetAside = true });

        await Steps.CommitAsync(new Change.DropFiles(job.Sequence));

        Assert.NotNull((await Steps.FindAsync(job)).SetAsideAt);
        Assert.Null(await Store.FindFileAsync(job.Sequence, FileRole.Original));
    }

    [Theory]
    [InlineData(JobState.Pending)]
    [InlineData(JobState.Processing)]
    public async Task What_lives_cannot_be_deleted(JobState state)
    {
        var job = state == JobState.Pending ? await Steps.AcceptAsync("ann") : await Steps.RunningAsync("ann");

        await Steps.ConflictAsync(new Change.Delete(job.Sequence));
        Assert.Equal(job, await Steps.FindAsync(job));
    }

    [Fact]
    public async Task Who_came_back_cannot_be_deleted_before_it_has_ended_again_and_then_leaves_nothing()
    {
        var job = await Steps.FinishedAsync("ann", JobState.Failed);
        await Steps.CommitAsync(Reopen(Steps, job));
        await Steps.ConflictAsync(new Change.Delete(job.Sequence));

        await Steps.StartAsync(job);
        await Steps.CommitAsync(Steps.End(job, attempt: 2));
        await Steps.CommitAsync(new Change.Delete(job.Sequence));

        Assert.Empty(await Steps.EventsAsync("ann"));
        Assert.Empty(await Store.LaneAsync(job.User));
        Assert.Equal(6, await Store.LastEventNumberAsync(job.User));
    }

    [Fact]
    public async Task The_first_start_is_kept_from_the_second_attempt_on_and_forgotten_by_who_comes_back()
    {
        var first = await Steps.RunningAsync("ann");
        await Steps.CommitAsync(
            new Change.Requeue(first.Sequence, 1, 1, Steps.Tick(), Steps.Now, "Lost.") { Crashes = 1 });
        var second = await Steps.StartAsync(first);

        Assert.Equal((first.StartedAt, 1), (second.FirstStartedAt, second.Crashes));
        await Steps.CommitAsync(Steps.End(second, JobState.Failed, attempt: 2, error: "x"));
        await Steps.CommitAsync(Reopen(Steps, second));
        var back = await Steps.FindAsync(second);
        Assert.Equal((null, 0, 0), (back.FirstStartedAt, back.Crashes, back.Failures));
    }

    [Fact]
    public async Task Operators_list_everybodys_jobs_newest_first_page_by_page()
    {
        var failed = await Steps.FinishedAsync("ann", JobState.Failed);
        var waiting = await Steps.AcceptAsync("bob");
        var done = await Steps.FinishedAsync("cleo");

        var page = await Store.ListAllAsync(new JobChoice.All(), null, 2);
        Assert.Equal([done, waiting], page.Jobs);
        Assert.Equal([failed], (await Store.ListAllAsync(new JobChoice.All(), page.Next, 2)).Jobs);
        Assert.Equal([waiting], (await Store.ListAllAsync(new JobChoice.In(JobState.Pending), null, 2)).Jobs);
        Assert.Equal([failed], (await Store.ListAllAsync(new JobChoice.In(JobState.Failed), null, 2)).Jobs);
    }
}
