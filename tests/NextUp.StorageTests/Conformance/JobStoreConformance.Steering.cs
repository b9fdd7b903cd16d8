using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;

namespace NextUp.StorageTests.Conformance;

/// <summary>What moves a job in the line, and what operators say of the queue.</summary>
public abstract partial class JobStoreConformance
{
    static readonly PauseTarget Everything = new PauseTarget.Everything();
    static readonly PauseTarget Exams = new PauseTarget.OfKind(StoreSteps.Exams);
    static readonly PauseTarget Ann = new PauseTarget.OfUser(StoreSteps.User("ann"));

    [Fact]
    public async Task A_head_start_a_priority_and_a_time_are_kept_and_the_event_says_why()
    {
        var plain = Steps.NewJob("ann");
        var job = plain with
        {
            Priority = 9,
            HeadStart = TimeSpan.FromDays(900_000),
            LineKey = plain.LineKey with { At = -5 },
            NotBefore = Steps.Now.AddDays(30),
        };
        await Steps.CommitAsync(new Change.Accept(job, null, []) { Reason = "Because." });

        Assert.Equal(job, await Store.FindAsync(job.Id));
        var row = Assert.Single(Store.ReadQueue());
        Assert.Equal((job.LineKey, job.HeadStart, job.NotBefore), (row.LineKey, row.HeadStart, row.NotBefore));
        Assert.Equal("Because.", (await Store.EventsAsync(job.User, 0, 10))[0].Reason);
    }

    [Fact]
    public async Task A_join_sets_the_head_start_and_the_time_that_the_job_still_waits_for()
    {
        var held = await Steps.HoldAsync("ann");
        var at = Steps.Tick();
        var later = at.AddMinutes(1);
        var key = LineKey.Of(later, TimeSpan.FromSeconds(3), held.Sequence);
        await Steps.CommitAsync(new Change.Join(held.Sequence, at, key, null)
        {
            HeadStart = TimeSpan.FromSeconds(3), NotBefore = later, Reason = "Soon.",
        });

        var joined = (await Store.FindAsync(held.Id))!;

        Assert.Equal((key, TimeSpan.FromSeconds(3), later), (joined.LineKey, joined.HeadStart, joined.NotBefore));
        Assert.Equal("Soon.", (await Store.EventsAsync(held.User, 0, 10))[^1].Reason);
    }

    [Fact]
    public async Task The_latest_arrival_is_the_key_with_its_head_start_and_no_time_that_is_still_to_come()
    {
        var first = Steps.NewJob("ann");
        var second = Steps.NewJob("bob");
        var urgent = second with
        {
            HeadStart = TimeSpan.FromHours(1), LineKey = LineKey.Of(second.AcceptedAt, TimeSpan.FromHours(1), second.Sequence),
        };
        var third = Steps.NewJob("cleo");
        var due = Steps.Now.AddDays(20);
        var later = third with { NotBefore = due, LineKey = LineKey.Of(due, TimeSpan.Zero, third.Sequence) };
        await Steps.CommitAsync(
            new Change.Accept(first, null, []), new Change.Accept(urgent, null, []), new Change.Accept(later, null, []));

        Assert.Equal(LineKey.Microseconds(second.AcceptedAt), (await Store.ClaimQueueAsync()).LastLineAt);
    }

    [Fact]
    public async Task A_claim_gives_back_what_operators_said_last()
    {
        Assert.Empty((await Store.ClaimQueueAsync()).Steering.Pauses);
        Assert.Null((await Store.ClaimQueueAsync()).Steering.Capacity);
        Pause[] pauses =
        [
            new(Everything, "a new disk", "olga", Steps.Tick()),
            new(Exams, null, "olga", Steps.Tick()),
            new(Ann, "çok 📚", "otto", Steps.Tick()),
        ];
        await Steps.CommitAsync([.. pauses.Select(pause => new Change.SetPause(pause))]);
        await Steps.CommitAsync(new Change.SetCapacity(7, "otto", Steps.Tick()));
        var capacity = new Capacity(7, "otto", Steps.Now);

        var claim = await Store.ClaimQueueAsync();
        Assert.Equal(pauses, claim.Steering.Pauses);
        Assert.Equal(capacity, claim.Steering.Capacity);

        var again = pauses[1] with { Reason = "still", At = Steps.Tick() };
        await Steps.CommitAsync(
            new Change.SetPause(again), new Change.EndPause(Everything, "otto", Steps.Now),
            new Change.SetCapacity(null, "otto", Steps.Now));
        claim = await Store.ClaimQueueAsync();

        Assert.Equal([pauses[2], again], claim.Steering.Pauses);
        Assert.Null(claim.Steering.Capacity);
    }

    [Fact]
    public async Task A_pause_is_fenced_as_every_write_of_the_queue()
    {
        var claim = await Store.ClaimQueueAsync();
        var pause = new Change.SetPause(new(Everything, null, "olga", Steps.Tick()));

        var late = await Store.CommitAsync(new([pause], new(claim.Epoch - 1, 1)));
        var mixed = await Store.CommitAsync(new([pause, new Change.Delete(new(99))], new(claim.Epoch, 1)));

        Assert.IsType<CommitAnswer.Conflict>(late);
        Assert.IsType<CommitAnswer.Conflict>(mixed);
        Assert.Empty((await Store.ClaimQueueAsync()).Steering.Pauses);
    }
}
