using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;

namespace NextUp.StorageTests.Conformance;

/// <summary>What is read back: lists, the queue, counts, clean-up, and who may see what.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public async Task Someone_elses_job_is_like_none()
    {
        var job = await Steps.AcceptAsync("ann");

        Assert.Null(await Store.FindAsync(StoreSteps.User("bob"), job.Id));
        Assert.Null(await Store.FindAsync(StoreSteps.User("bob"), JobId.New(StoreSteps.Noon)));
        Assert.Empty((await Store.ListAsync(StoreSteps.User("bob"), null, null, 10)).Jobs);
        Assert.Empty(await Steps.EventsAsync("bob"));
        Assert.Empty(await Store.LaneAsync(StoreSteps.User("bob")));
    }

    [Fact]
    public async Task A_list_is_paged_by_key_newest_first()
    {
        var jobs = new List<JobRecord>();
        for (var i = 0; i < 25; i++)
        {
            jobs.Add(await Steps.AcceptAsync("ann", place: null));
            await Steps.AcceptAsync("bob", place: null);
        }

        var pages = await PagesAsync("ann", null, 10);

        Assert.Equal([10, 10, 5], pages.Select(page => page.Count));
        Assert.Equal(jobs.AsEnumerable().Reverse(), pages.SelectMany(page => page));
        Assert.Single(await PagesAsync("ann", null, 25));
    }

    [Fact]
    public async Task A_list_of_one_state_passes_over_so_many_others_a_page_and_says_where_to_go_on()
    {
        var failed = await Steps.FinishedAsync("ann", JobState.Failed);
        for (var i = 0; i < JobListing.PassedOverMax; i++)
            await Steps.FinishedAsync("ann");
        Assert.Equal([failed], (await Store.ListAsync(failed.User, JobState.Failed, null, 10)).Jobs);

        await Steps.FinishedAsync("ann");

        var early = await Store.ListAsync(failed.User, JobState.Failed, null, 10);
        Assert.Empty(early.Jobs);
        var rest = await Store.ListAsync(failed.User, JobState.Failed, early.Next, 10);
        Assert.Equal([failed], rest.Jobs);
        Assert.Null(rest.Next);
    }

    async Task<List<IReadOnlyList<JobRecord>>> PagesAsync(string user, JobState? state, int limit)
    {
        var pages = new List<IReadOnlyList<JobRecord>>();
        JobSequence? before = null;
        do
        {
            var listing = await Store.ListAsync(StoreSteps.User(user), state, before, limit);
            pages.Add(listing.Jobs);
            before = listing.Next;
        }
        while (before is not null);
        return pages;
    }

    [Fact]
    public async Task A_list_goes_on_from_a_job_that_is_gone()
    {
        var old = await Steps.FinishedAsync("ann");
        var middle = await Steps.FinishedAsync("ann");
        await Steps.FinishedAsync("ann");
        await Steps.CommitAsync(new Change.Delete(middle.Sequence));

        Assert.Equal([old], (await Store.ListAsync(old.User, null, middle.Sequence, 10)).Jobs);
    }

    [Fact]
    public async Task A_list_of_one_state_leaves_the_others_out()
    {
        var done = await Steps.FinishedAsync("ann");
        var failed = await Steps.FinishedAsync("ann", JobState.Failed);
        var waiting = await Steps.AcceptAsync("ann");

        Assert.Equal([done], (await Store.ListAsync(done.User, JobState.Completed, null, 10)).Jobs);
        Assert.Equal([failed], (await Store.ListAsync(done.User, JobState.Failed, null, 10)).Jobs);
        Assert.Equal([waiting], (await Store.ListAsync(done.User, JobState.Pending, null, 10)).Jobs);
    }

    [Fact]
    public async Task A_lane_is_the_users_unfinished_jobs_by_sequence()
    {
        await Steps.FinishedAsync("ann");
        var running = await Steps.RunningAsync("ann");
        var held = await Steps.HoldAsync("ann");
        var exam = await Steps.AcceptAsync("ann", StoreSteps.Exams);
        await Steps.AcceptAsync("bob");

        Assert.Equal([running, held, exam], await Store.LaneAsync(running.User));
    }

    [Fact]
    public async Task The_queue_is_what_waits_or_runs_and_is_not_held()
    {
        await Steps.FinishedAsync("ann");
        await Steps.HoldAsync("ann");
        var waiting = await Steps.AcceptAsync("bob");
        var running = await Steps.RunningAsync("cleo", StoreSteps.Exams);
        var retrying = await Steps.RunningAsync("dora");
        var notBefore = Steps.Tick().AddMinutes(1);
        await Steps.CommitAsync(new Change.Requeue(retrying.Sequence, 1, 1, Steps.Now, notBefore, "Later."));

        var rows = Store.ReadQueue().OrderBy(row => row.LineKey).ToList();

        Assert.Equal(3, rows.Count);
        Assert.Equal(new QueueRow(waiting.Id, waiting.Kind, waiting.LineKey, JobState.Pending, 0, null, null, default), rows[0]);
        Assert.Equal(
            new QueueRow(running.Id, running.Kind, running.LineKey, JobState.Processing, 1, null, running.StartedAt, default),
            rows[1]);
        Assert.Equal((retrying.Id, JobState.Pending, notBefore), (rows[2].Id, rows[2].State, rows[2].NotBefore));
    }

    [Fact]
    public async Task The_queue_can_be_read_while_it_changes()
    {
        for (var i = 0; i < 50; i++)
            await Steps.AcceptAsync($"user-{i}");

        var seen = new HashSet<LineKey>();
        foreach (var row in Store.ReadQueue())
        {
            Assert.True(seen.Add(row.LineKey));
            await Steps.AcceptAsync($"later-{seen.Count}");
        }

        Assert.InRange(seen.Count, 50, 100);
    }

    [Fact]
    public async Task Users_whose_lane_was_left_waiting_are_found()
    {
        await Steps.HoldAsync("ann");
        await Steps.HoldAsync("ann");
        await Steps.AcceptAsync("bob");
        await Steps.HoldAsync("bob");
        await Steps.RunningAsync("cleo", StoreSteps.Exams);
        await Steps.HoldAsync("cleo");
        await Steps.FinishedAsync("dora");

        var users = await Store.UsersToPromoteAsync(10);

        Assert.Equal([StoreSteps.User("ann"), StoreSteps.User("cleo")], users.OrderBy(user => user.Value));
        Assert.Single(await Store.UsersToPromoteAsync(1));
    }

    [Fact]
    public async Task Held_jobs_of_all_users_are_found_by_sequence_page_by_page()
    {
        var first = await Steps.HoldAsync("ann");
        await Steps.AcceptAsync("bob");
        var second = await Steps.HoldAsync("bob");
        var third = await Steps.HoldAsync("ann");
        await Steps.FinishedAsync("dora");

        var page = await Store.HeldAsync(default, 2);

        Assert.Equal([new(first.Sequence, first.User), new(second.Sequence, second.User)], page);
        Assert.Equal([new(third.Sequence, third.User)], await Store.HeldAsync(page[^1].Job, 2));
        Assert.Empty(await Store.HeldAsync(third.Sequence, 2));
    }

    [Fact]
    public async Task Counts_follow_every_change()
    {
        await Steps.AcceptAsync("ann");
        await Steps.HoldAsync("ann");
        await Steps.RunningAsync("bob");
        await Steps.FinishedAsync("cleo");
        await Steps.FinishedAsync("cleo", JobState.Failed);
        var gone = await Steps.FinishedAsync("cleo", JobState.Cancelled);
        Assert.Equal(new StoreCounts(1, 1, 1, 1, 1, 1, 1), await Store.CountsAsync(Steps.Now));

        await Steps.CommitAsync(new Change.Delete(gone.Sequence));
        Assert.Equal(new StoreCounts(1, 1, 1, 1, 1, 0, 1), await Store.CountsAsync(Steps.Now));
    }

    [Fact]
    public async Task What_was_completed_counts_for_an_hour()
    {
        var ended = (await Steps.FinishedAsync("ann")).EndedAt!.Value;

        Assert.Equal(1, (await Store.CountsAsync(ended.AddMinutes(59))).CompletedLastHour);
        Assert.Equal(0, (await Store.CountsAsync(ended.AddMinutes(61))).CompletedLastHour);
        Assert.Equal(1, (await Store.CountsAsync(ended.AddMinutes(61))).Completed);
    }

    [Fact]
    public async Task Clean_up_finds_what_ended_before_a_time_oldest_first()
    {
        var first = await Steps.FinishedAsync("ann");
        var running = await Steps.RunningAsync("ann");
        var second = await Steps.FinishedAsync("bob", JobState.Failed);
        var third = await Steps.FinishedAsync("cleo");
        await Steps.CommitAsync(Steps.End(running));

        var all = await Store.FinishedBeforeAsync(third.EndedAt!.Value, default, 10);
        Assert.Equal([first, second], all.Jobs);
        Assert.Null(all.Next);
        var one = await Store.FinishedBeforeAsync(third.EndedAt!.Value, default, 1);
        Assert.Equal([first], one.Jobs);
        Assert.Equal([second], (await Store.FinishedBeforeAsync(third.EndedAt!.Value, one.Next!.Value, 10)).Jobs);
        Assert.Equal(4, (await Store.FinishedBeforeAsync(Steps.Tick(), default, 10)).Jobs.Count);
    }

    [Fact]
    public async Task Clean_up_finds_unfinished_jobs_that_began_before_a_time()
    {
        var waiting = await Steps.AcceptAsync("ann");
        var running = await Steps.RunningAsync("bob");
        var later = await Steps.AcceptAsync("cleo");
        await Steps.FinishedAsync("dora");

        Assert.Equal([waiting], await Store.UnfinishedBeforeAsync(JobState.Pending, later.AcceptedAt, 10));
        Assert.Equal(2, (await Store.UnfinishedBeforeAsync(JobState.Pending, Steps.Now, 10)).Count);
        Assert.Empty(await Store.UnfinishedBeforeAsync(JobState.Processing, running.StartedAt!.Value, 10));
        Assert.Equal([running], await Store.UnfinishedBeforeAsync(JobState.Processing, Steps.Now, 10));
        Assert.Single(await Store.UnfinishedBeforeAsync(JobState.Pending, Steps.Now, 1));
        Assert.Equal([later], await Store.UnfinishedBeforeAsync(JobState.Pending, Steps.Now, 10, waiting.Sequence));
    }
}
