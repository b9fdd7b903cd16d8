using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;

namespace NextUp.StorageTests.Conformance;

public abstract partial class JobStoreConformance
{
    [Fact]
    public async Task What_the_estimate_learned_comes_back_with_the_claim_one_a_kind()
    {
        Assert.Empty((await Store.ClaimQueueAsync()).Learned);
        await Steps.CommitAsync(new Change.Learn(new(new JobKind("b"), [1])), new Change.Learn(new(new JobKind("a"), [2])));
        await Steps.CommitAsync(new Change.Learn(new(new JobKind("b"), [3, 4])));

        var learned = (await Store.ClaimQueueAsync()).Learned;

        Assert.Equal(["a", "b"], learned.Select(known => known.Kind.Value));
        Assert.Equal([2], learned[0].Content);
        Assert.Equal([3, 4], learned[1].Content);
    }

    [Fact]
    public async Task What_the_estimate_learned_is_not_stored_with_a_write_that_is_refused()
    {
        var claim = await Store.ClaimQueueAsync();
        StoreWrite old = new([new Change.Learn(new LearnedKind(new JobKind("a"), [1]))], new(claim.Epoch - 1, 1));

        Assert.IsType<CommitAnswer.Conflict>(await Store.CommitAsync(old));

        Assert.Empty((await Store.ClaimQueueAsync()).Learned);
    }
}
