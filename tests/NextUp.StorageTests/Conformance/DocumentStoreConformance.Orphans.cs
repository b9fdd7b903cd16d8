using NextUp.Actors.Store;

namespace NextUp.StorageTests.Conformance;

/// <summary>What a deleted document leaves to another store: the files of its jobs.</summary>
public abstract partial class DocumentStoreConformance
{
    [Fact]
    public async Task Every_job_over_a_deleted_document_is_an_orphan_until_it_is_forgotten_also_over_a_crash()
    {
        var (kept, document) = (await CompletedAsync(Ann, "kept", 1), await AnnouncedAsync(Ann, "a"));
        await Documents.SettleAsync(document.Job, Failed("It was damaged."));
        var another = New(Ann, "a");
        await Documents.AnnounceAsync(another);
        await TakenAsync(another.Job, 1, 2);
        await Documents.SettleAsync(another.Job, Completed(1));
        var (anew, refused) = (NewJob(), NewJob());
        Assert.True(await Documents.AssignAsync(Ann, document.Id, refused));
        await Documents.DismissAsync(refused);
        Assert.True(await Documents.AssignAsync(Ann, document.Id, anew));
        Assert.Empty(await Documents.OrphansAsync(null, 10));

        Assert.True(await Documents.DeleteAsync(Ann, document.Id));
        Documents = await ReopenAsync();
        await EraseAsync();

        var orphans = await Documents.OrphansAsync(null, 10);
        Assert.Equal([.. new[] { document.Job, another.Job, anew }.OrderBy(job => job.Value)], orphans.OrderBy(job => job.Value));
        Assert.Equal(orphans.Take(1), await Documents.OrphansAsync(null, 1));
        Assert.Equal(orphans.Skip(1), await Documents.OrphansAsync(orphans[0], 10));
        await Documents.ForgetAsync(orphans[0]);
        await Documents.ForgetAsync(orphans[0]);
        await Documents.ForgetAsync(kept.Job);
        Assert.Equal(orphans.Skip(1), await Documents.OrphansAsync(null, 10));
        await Documents.DeleteAsync(Ann, kept.Id);
        Assert.Contains(kept.Job, await Documents.OrphansAsync(null, 10));
    }

    [Fact]
    public async Task The_same_bytes_sent_again_after_the_deletion_are_another_document_with_a_job_of_its_own()
    {
        var old = await CompletedAsync(Ann, "same", 1);
        var others = await CompletedAsync(Bob, "same", 1);
        await Documents.DeleteAsync(Ann, old.Id);

        var document = await CompletedAsync(Ann, "same", 1);

        Assert.NotEqual(old.Id, document.Id);
        Assert.Equal([old.Job], await Documents.OrphansAsync(null, 10));
        Assert.NotNull(await Documents.FindAsync(Bob, others.Id));
    }
}
