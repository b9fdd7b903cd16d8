using System.Diagnostics;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Storage.Postgres;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Postgres;

/// <summary>Statements that go out together keep the order that their places need.</summary>
public sealed class PostgresGroupTests
{
    [Fact]
    public void A_place_that_a_joining_job_leaves_may_be_taken_in_the_same_write_also_where_the_group_is_taken_apart()
    {
        using var store = PostgresStore.Open(new PostgresStoreOptions { Connection = SharedPostgres.NewStore() });
        var steps = new StoreSteps(store);
        var (bob, twin, held, cleo) = (
            steps.NewJob("bob"), steps.NewJob("bob", place: 1), steps.NewJob("ann") with { IsHeld = true }, steps.NewJob("cleo"));
        var at = steps.Tick();

        // The second conflicts, so that each is applied by itself. The last brings the statement that adds jobs to its place
        // before that of the one that joins.
        var answers = store.Database.ApplyGroup(
        [
            new([new Change.Accept(bob, null, [])]),
            new([new Change.Accept(twin with { Id = bob.Id }, null, [])]),
            new([new Change.Accept(held, null, [])]),
            new(
            [
                new Change.Accept(cleo, null, []),
                new Change.Join(held.Sequence, at, LineKey.Of(at, TimeSpan.Zero, held.Sequence), Place: 1),
                new Change.Accept(steps.NewJob("ann"), null, []),
            ]),
        ]);

        Assert.IsType<CommitAnswer.Conflict>(answers[1]);
        Assert.All(answers.Where((_, index) => index != 1), answer => Assert.IsType<CommitAnswer.Committed>(answer));
    }

    [Fact]
    public void Jobs_and_users_that_are_not_in_memory_are_each_asked_for_together_however_many_the_group_has()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };
        StoreWrite[] starts;
        using (var before = PostgresStore.Open(options))
        {
            var steps = new StoreSteps(before);
            var jobs = Enumerable.Range(0, 40).Select(number => steps.NewJob($"user-{number}")).ToArray();
            before.Database.ApplyGroup([.. jobs.Select(job => new StoreWrite([new Change.Accept(job, null, [])]))]);
            var at = steps.Tick();
            starts = [.. jobs.Select(job => new StoreWrite([new Change.Start(job.Sequence, at, at.AddHours(1))]))];
        }

        using var after = PostgresStore.Open(options);
        after.Database.ApplyGroup(starts[..1]); // What is read once is read by now.
        using var test = new Activity("test").Start();
        var trips = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = trip => trips += trip.TraceId == test.TraceId ? 1 : 0,
        };
        ActivitySource.AddActivityListener(listener);

        Assert.All(after.Database.ApplyGroup(starts[1..]), answer => Assert.IsType<CommitAnswer.Committed>(answer));

        Assert.Equal(4, trips); // Jobs, users, changes, and what makes them durable.
    }
}
