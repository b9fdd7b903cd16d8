using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Workers;

namespace NextUp.StorageTests.Conformance;

/// <summary>In whose name attempts start, and that it is stored with the start.</summary>
public abstract partial class JobStoreConformance
{
    static readonly Lease Far = new(WorkerId.Of("crew", "far"), 7);

    [Fact]
    public async Task A_start_for_a_worker_elsewhere_is_stored_in_its_name()
    {
        var waiting = await Steps.AcceptAsync("ann");

        var started = Assert.Single((await Steps.CommitAsync(Steps.Start(waiting) with { Lease = Far })).Started);

        Assert.Equal(Far, started.Lease);
        Assert.Equal(started, await Steps.FindAsync(waiting));
        Assert.True(Assert.Single(Store.ReadQueue()).IsElsewhere);
    }

    [Fact]
    public async Task Who_worked_on_a_job_last_is_known_after_its_end()
    {
        var job = await Steps.AcceptAsync("ann");
        await Steps.CommitAsync(Steps.Start(job) with { Lease = Far });
        await Steps.CommitAsync(Steps.End(job));

        Assert.Equal(Far, (await Steps.FindAsync(job)).Lease);
    }

    [Fact]
    public async Task Another_attempt_is_in_the_name_of_who_it_starts_for_or_of_nobody()
    {
        var other = Far with { Incarnation = 8 };
        var job = await Steps.AcceptAsync("ann");
        Lease?[] leases = [Far, other, null, Far];
        for (var attempt = 1; attempt <= leases.Length; attempt++)
        {
            await Steps.CommitAsync(Steps.Start(job) with { Lease = leases[attempt - 1] });
            var found = await Steps.FindAsync(job);
            Assert.Equal((attempt, leases[attempt - 1]), (found.Attempt, found.Lease));
            Assert.Equal(found.Lease is not null, Assert.Single(Store.ReadQueue()).IsElsewhere);
            await Steps.CommitAsync(new Change.Requeue(job.Sequence, attempt, attempt, Steps.Tick(), Steps.Now, "Lost."));
        }
    }

    [Fact]
    public async Task A_refused_write_leaves_the_lease_as_it_was()
    {
        var (job, other) = (await Steps.AcceptAsync("ann"), await Steps.AcceptAsync("bob"));

        await Steps.ConflictAsync(Steps.Start(job) with { Lease = Far }, Steps.End(other));

        Assert.Equal(job, await Steps.FindAsync(job));
        Assert.Null((await Steps.StartAsync(job)).Lease);
    }
}
