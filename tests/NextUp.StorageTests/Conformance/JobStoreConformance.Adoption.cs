using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.StorageTests.Conformance;

/// <summary>A visitor with many finished jobs moves in several commits.</summary>
public abstract partial class JobStoreConformance
{
    static readonly UserId s_visitor = UserId.Visitor("v");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Finished_jobs_move_a_few_at_a_time_the_oldest_first_and_none_is_lost(int finishedMax)
    {
        var own = await Steps.FinishedAsync("ann");
        var jobs = new List<JobRecord>();
        for (var i = 0; i < 7; i++)
            jobs.Add(await VisitorsAsync(isFinished: true));
        var open = await VisitorsAsync(isFinished: false);
        var ann = own.User;

        var rounds = 0;
        Change.Seat[] seats = [new(open.Sequence, IsHeld: false, Place: 0)];
        do
        {
            await Steps.CommitAsync(new Change.Adopt(s_visitor, ann, Steps.Tick(), seats) { FinishedMax = finishedMax });
            rounds++;
            seats = [];
            Assert.Equal(ann, (await Steps.FindAsync(open)).User);
            Assert.Equal(
                jobs.Skip(rounds * finishedMax).Reverse().Select(job => job.Id),
                (await Store.ListAsync(s_visitor, null, null, 10)).Jobs.Select(job => job.Id));
        }
        while ((await Store.MovingAsync(10)).Contains(new(s_visitor, ann)));

        Assert.Equal(Math.Max(1, (7 + finishedMax - 1) / finishedMax), rounds);
        var listed = (await Store.ListAsync(ann, null, null, 20)).Jobs.Select(job => job.Id).ToList();
        Assert.Equal(9, listed.Count);
        Assert.Equal(jobs.Select(job => job.Id), listed.AsEnumerable().Reverse().Where(id => id != open.Id && id != own.Id));
        var events = await Steps.EventsAsync("ann");
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long)number), events.Select(told => told.Number));
        Assert.Equal(3 + (7 * 4) + 2, events.Count);
        Assert.Empty(await Store.EventsAsync(s_visitor, 0, 10));
        await Steps.StartAsync(open);
    }

    [Fact]
    public async Task Who_still_moves_is_named_until_nothing_is_left_and_moving_again_changes_nothing()
    {
        var ann = StoreSteps.User("ann");
        await VisitorsAsync(isFinished: true);
        await VisitorsAsync(isFinished: true);
        Change.Adopt Next() => new(s_visitor, ann, Steps.Tick(), []) { FinishedMax = 1 };
        Assert.Empty(await Store.MovingAsync(10));

        await Steps.CommitAsync(Next());
        Assert.Equal([new(s_visitor, ann)], await Store.MovingAsync(10));
        await Steps.ConflictAsync(Next() with { Account = StoreSteps.User("bob") });

        await Steps.CommitAsync(Next());
        Assert.Empty(await Store.MovingAsync(10));
        var events = await Steps.EventsAsync("ann");
        await Steps.CommitAsync(Next());
        Assert.Equal(events, await Steps.EventsAsync("ann"));
    }

    async Task<JobRecord> VisitorsAsync(bool isFinished)
    {
        var job = Steps.NewJob("v") with { User = s_visitor };
        await Steps.CommitAsync(new Change.Accept(job, null, []));
        if (!isFinished)
            return job;
        await Steps.StartAsync(job);
        await Steps.CommitAsync(Steps.End(job));
        return job;
    }
}
