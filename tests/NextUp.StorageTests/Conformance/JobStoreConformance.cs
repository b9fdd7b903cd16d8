using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.StorageTests.Conformance;

/// <summary>
/// What every store must do, rule by rule. A store takes part with a class that derives from this one and opens an
/// empty store of its own; nothing in here knows what it is made of.
/// </summary>
public abstract partial class JobStoreConformance : IAsyncLifetime
{
    protected StoreSteps Steps { get; private set; } = null!;

    protected IJobStore Store => Steps.Store;

    public async ValueTask InitializeAsync() => Steps = new StoreSteps(await OpenAsync());

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens an empty store.</summary>
    protected abstract ValueTask<IJobStore> OpenAsync();

    /// <summary>Closes the store and removes what it left.</summary>
    protected abstract ValueTask CloseAsync();

    [Fact]
    public async Task An_empty_store_has_nothing()
    {
        var claim = await Store.ClaimQueueAsync();

        Assert.Equal(new JobSequence(0), claim.LastSequence);
        Assert.Equal(0, claim.LastLineAt);
        Assert.Empty(Store.ReadQueue());
        Assert.Equal(new StoreCounts(0, 0, 0, 0, 0, 0, 0), await Store.CountsAsync(Steps.Now));
        Assert.Equal(0, await Store.LastEventNumberAsync(StoreSteps.User("ann")));
        Assert.Empty((await Store.ListAsync(StoreSteps.User("ann"), null, null, 10)).Jobs);
    }

    [Fact]
    public async Task An_accepted_job_is_found_as_it_was_given()
    {
        var job = Steps.NewJob("ann") with
        {
            Options = "{\"style\":\"plain\"}",
            Progress = new JobProgress(0, 20, 0, 0, "queued"),
            Failures = 2,
            FileName = "réferences \"final\" 📚.bib",
            Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        };
        await Steps.CommitAsync(new Change.Accept(job, "key-1", []));

        Assert.Equal(job, await Store.FindAsync(job.Id));
        Assert.Equal(job, await Store.FindAsync(job.User, job.Id));
        Assert.Equal(job, await Store.FindByKeyAsync(job.User, "key-1"));
    }

    [Fact]
    public async Task Starting_answers_the_row_as_it_is_then()
    {
        var job = await Steps.AcceptAsync("ann");
        var start = Steps.Start(job);

        var started = Assert.Single((await Steps.CommitAsync(start)).Started);

        Assert.Equal(
            job with { State = JobState.Processing, Attempt = 1, StartedAt = start.At, Deadline = start.Deadline },
            started);
        Assert.Equal(started, await Store.FindAsync(job.Id));
    }

    [Fact]
    public async Task One_write_starts_several_jobs_and_answers_their_rows_in_order()
    {
        var first = await Steps.AcceptAsync("ann");
        var second = await Steps.AcceptAsync("bob");

        var committed = await Steps.CommitAsync(Steps.Start(second), Steps.Start(first));

        Assert.Equal([second.Id, first.Id], committed.Started.Select(job => job.Id));
    }

    [Fact]
    public async Task A_completed_job_has_its_result_and_frees_its_place()
    {
        var job = await Steps.RunningAsync("ann");
        var end = Steps.End(job);
        await Steps.CommitAsync(end);

        Assert.Equal(
            job with
            {
                State = JobState.Completed,
                Place = null,
                EndedAt = end.At,
                Deadline = null,
                Summary = end.Summary,
            },
            await Store.FindAsync(job.Id));
        Assert.NotNull(await Store.FindFileAsync(job.Sequence, FileRole.Result));
        await Steps.AcceptAsync("ann");
    }

    [Fact]
    public async Task A_pending_job_ends_without_an_attempt()
    {
        var job = await Steps.AcceptAsync("ann");
        await Steps.CommitAsync(Steps.End(job, JobState.Cancelled, attempt: null, error: "Cancelled by user"));

        var ended = await Steps.FindAsync(job);
        Assert.Equal(JobState.Cancelled, ended.State);
        Assert.Equal("Cancelled by user", ended.Error);
        Assert.Equal(0, ended.Attempt);
    }

    [Fact]
    public async Task A_requeued_job_keeps_its_place_and_its_key_and_waits()
    {
        var job = await Steps.RunningAsync("ann");
        var (at, notBefore) = (Steps.Tick(), Steps.Now.AddSeconds(5));
        var requeue = new Change.Requeue(job.Sequence, 1, 1, at, notBefore, "The provider is away.");
        await Steps.CommitAsync(requeue);

        var waiting = await Steps.FindAsync(job);
        Assert.Equal(JobState.Pending, waiting.State);
        Assert.Equal((job.Place, job.LineKey, 1), (waiting.Place, waiting.LineKey, waiting.Attempt));
        Assert.Equal((requeue.NotBefore, requeue.Error), (waiting.NotBefore, waiting.Error));
        Assert.Null(waiting.Deadline);
        Assert.Equal(2, (await Steps.StartAsync(waiting)).Attempt);
    }

    [Fact]
    public async Task A_held_job_joins_the_line_once()
    {
        await Steps.AcceptAsync("ann");
        var held = await Steps.HoldAsync("ann");
        await Steps.ConflictAsync(Steps.Start(held));
        await Steps.CommitAsync(Steps.End((await Store.LaneAsync(held.User))[0], JobState.Cancelled, attempt: null));

        var key = held.LineKey with { At = held.LineKey.At + 1_000_000 };
        await Steps.CommitAsync(new Change.Join(held.Sequence, Steps.Tick(), key, 0));

        var joined = await Steps.FindAsync(held);
        Assert.Equal((false, key, 0), (joined.IsHeld, joined.LineKey, joined.Place));
        await Steps.ConflictAsync(new Change.Join(held.Sequence, Steps.Tick(), key, 0));
    }

    [Fact]
    public async Task Two_unfinished_jobs_in_one_place_are_a_conflict()
    {
        await Steps.AcceptAsync("ann");

        await Steps.ConflictAsync(new Change.Accept(Steps.NewJob("ann"), null, []));

        await Steps.AcceptAsync("ann", place: 1);
        await Steps.AcceptAsync("ann", StoreSteps.Exams);
        await Steps.AcceptAsync("bob");
    }

    [Fact]
    public async Task A_running_job_keeps_its_place_taken()
    {
        await Steps.RunningAsync("ann");
        var held = await Steps.HoldAsync("ann");

        await Steps.ConflictAsync(new Change.Accept(Steps.NewJob("ann"), null, []));
        await Steps.ConflictAsync(new Change.Join(held.Sequence, Steps.Tick(), held.LineKey, 0));
    }

    [Fact]
    public async Task Jobs_without_a_place_never_collide()
    {
        for (var i = 0; i < 3; i++)
            await Steps.AcceptAsync("ann", place: null);

        Assert.Equal(3, (await Store.LaneAsync(StoreSteps.User("ann"))).Count);
    }

    [Fact]
    public async Task Of_a_thousand_racing_submissions_of_one_user_one_is_accepted()
    {
        var jobs = Enumerable.Range(0, 1_000).Select(_ => Steps.NewJob("ann")).ToList();

        var answers = await Task.WhenAll(jobs.Select(job => Steps.TryAsync(new Change.Accept(job, null, []))));

        Assert.Single(answers.OfType<CommitAnswer.Committed>());
        Assert.Single(await Store.LaneAsync(StoreSteps.User("ann")));
        Assert.Equal(1, await Store.LastEventNumberAsync(StoreSteps.User("ann")));
    }

    [Fact]
    public async Task An_id_or_a_sequence_is_given_once()
    {
        var job = await Steps.AcceptAsync("ann");

        await Steps.ConflictAsync(new Change.Accept(Steps.NewJob("bob") with { Id = job.Id }, null, []));
        await Steps.ConflictAsync(new Change.Accept(Steps.NewJob("bob") with { Sequence = job.Sequence }, null, []));
    }

    [Fact]
    public async Task Sequences_of_different_users_may_be_committed_in_any_order()
    {
        var jobs = Enumerable.Range(0, 40).Select(i => Steps.NewJob($"user-{i % 8}", place: null)).ToList();
        foreach (var job in jobs.OrderByDescending(job => job.User.Value).ThenBy(job => job.Sequence))
            await Steps.CommitAsync(new Change.Accept(job, null, []));

        foreach (var user in jobs.GroupBy(job => job.User))
        {
            Assert.Equal(user.Reverse(), (await Store.ListAsync(user.Key, null, null, 10)).Jobs);
            Assert.Equal(user.Select(job => job.Id), (await Store.EventsAsync(user.Key, 0, 10)).Select(told => told.Job));
        }

        Assert.Equal(jobs[^1].Sequence, (await Store.ClaimQueueAsync()).LastSequence);
    }

    [Fact]
    public async Task An_idempotency_key_is_unique_for_its_user_only()
    {
        var job = await Steps.AcceptAsync("ann", key: "once");

        await Steps.ConflictAsync(new Change.Accept(Steps.NewJob("ann", place: 1), "once", []));

        var other = await Steps.AcceptAsync("bob", key: "once");
        Assert.Equal(job.Id, (await Store.FindByKeyAsync(job.User, "once"))?.Id);
        Assert.Equal(other.Id, (await Store.FindByKeyAsync(other.User, "once"))?.Id);
        Assert.Null(await Store.FindByKeyAsync(StoreSteps.User("cleo"), "once"));
    }
}
