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
}
