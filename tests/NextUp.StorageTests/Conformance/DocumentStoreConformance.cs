using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.StorageTests.Conformance;

/// <summary>What every store of documents must do, rule by rule.</summary>
public abstract partial class DocumentStoreConformance : IAsyncLifetime
{
    protected static readonly UserId Ann = UserId.Account("ann");
    protected static readonly UserId Bob = UserId.Account("bob");
    protected static readonly EmbeddingSpace Space = new("model-a", 4);
    protected static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    protected const int ChunksMax = 1_000;

    protected IDocumentStore Documents { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Documents = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens an empty store.</summary>
    protected abstract ValueTask<IDocumentStore> OpenAsync();

    /// <summary>Closes it as a crash does and opens what it left.</summary>
    protected abstract ValueTask<IDocumentStore> ReopenAsync();

    protected abstract ValueTask CloseAsync();

    [Fact]
    public async Task A_document_is_announced_open_and_listed_newest_first()
    {
        var first = await AnnouncedAsync(Ann, "a");
        var second = await AnnouncedAsync(Ann, "b");

        var listed = await Documents.ListAsync(Ann, null, 10);
        Assert.Equal([second.Id, first.Id], listed.Select(document => document.Id));
        Assert.All(listed, document => Assert.Equal((DocumentState.Open, null), (document.State, document.Version)));
        Assert.Equal([first.Id], (await Documents.ListAsync(Ann, listed[0].Sequence, 10)).Select(document => document.Id));
        Assert.Equal(2, (await Documents.CountsAsync(Ann)).Documents);
    }

    [Fact]
    public async Task The_same_bytes_of_one_user_are_one_document_and_of_two_users_two()
    {
        var first = await AnnouncedAsync(Ann, "same");

        var again = Assert.IsType<AnnounceAnswer.Duplicate>(await Documents.AnnounceAsync(New(Ann, "same")));

        Assert.Equal(first.Id, again.Document.Id);
        Assert.IsType<AnnounceAnswer.Announced>(await Documents.AnnounceAsync(New(Bob, "same")));
    }

    [Fact]
    public async Task The_same_bytes_after_a_failure_are_another_try_at_the_same_document()
    {
        var first = await AnnouncedAsync(Ann, "same");
        await Documents.SettleAsync(first.Job, Failed("It was damaged."));
        var next = New(Ann, "same");

        Assert.IsType<AnnounceAnswer.AnotherTry>(await Documents.AnnounceAsync(next));

        var document = Assert.Single(await Documents.ListAsync(Ann, null, 10));
        Assert.Equal((first.Id, next.Job, DocumentState.Open), (document.Id, document.Job, document.State));
    }

    [Fact]
    public async Task What_lies_aside_is_seen_by_nobody_until_it_is_settled_and_then_as_a_whole()
    {
        var document = await AnnouncedAsync(Ann, "a");
        await TakenAsync(document.Job, 1, 3);
        Assert.Empty(await Documents.ChunksAsync(Ann, document.Id, 0, 10));
        Assert.Empty(await Documents.VersionsAsync(Ann));
        Assert.Equal((0, 1), await CountAsync(Ann));

        await Documents.SettleAsync(document.Job, Completed(1));

        Assert.Equal(["0 of 1", "1 of 1", "2 of 1"], await TextsAsync(Ann, document.Id));
        var found = (await Documents.FindAsync(Ann, document.Id))!;
        Assert.Equal((DocumentState.Completed, Space, 3), (found.State, found.Version!.Space, found.Version.Chunks));
        Assert.Equal((3, "en", "A warning."), (found.Version.Pages, found.Version.Language, Assert.Single(found.Version.Warnings)));
        Assert.Equal((Now, Now.AddSeconds(2)), (found.StartedAt, found.ProcessedAt));
        Assert.Equal((3, 1), await CountAsync(Ann));
        var embedded = await Documents.EmbeddedAsync(Ann, Assert.Single(await Documents.VersionsAsync(Ann)).Key, 0, 10);
        Assert.Equal([(sbyte)2, (sbyte)-2, (sbyte)127, (sbyte)-127], embedded[2].Vector.Values.ToArray());
        Assert.Equal(0.5f, embedded[2].Vector.Scale);
    }

    [Theory]
    [InlineData(DocumentState.Failed)]
    [InlineData(DocumentState.Cancelled)]
    public async Task Nothing_of_a_job_that_did_not_complete_is_ever_visible(DocumentState state)
    {
        var document = await AnnouncedAsync(Ann, "a");
        await TakenAsync(document.Job, 1, 3);

        await Documents.SettleAsync(document.Job, new DocumentEnd.Ended(state, "Why.", null, Now));

        Assert.Empty(await TextsAsync(Ann, document.Id));
        var found = (await Documents.FindAsync(Ann, document.Id))!;
        Assert.Equal((state, "Why.", null), (found.State, found.Error, found.Version));
        await EraseAsync();
        await Documents.SettleAsync(document.Job, Completed(1));
        Assert.Empty(await TextsAsync(Ann, document.Id));
    }

    [Fact]
    public async Task Taking_the_same_attempt_twice_keeps_it_once()
    {
        var document = await AnnouncedAsync(Ann, "a");
        await TakenAsync(document.Job, 1, 3);

        Assert.IsType<BeginAnswer.Whole>(await Documents.BeginAsync(document.Job, 1, Facts(3), ChunksMax));

        await Documents.SettleAsync(document.Job, Completed(1));
        await Documents.SettleAsync(document.Job, Completed(1));
        Assert.Equal(3, (await TextsAsync(Ann, document.Id)).Count);
        Assert.Equal((3, 1), await CountAsync(Ann));
    }

    [Fact]
    public async Task A_later_attempt_replaces_an_earlier_one_and_never_the_other_way()
    {
        var document = await AnnouncedAsync(Ann, "a");
        var late = await BegunAsync(document.Job, 1, 1);
        await TakenAsync(document.Job, 2, 2);

        Assert.False(await Documents.AddAsync(late, [Chunk(0, 1)]));
        Assert.False(await Documents.FinishAsync(late));
        Assert.IsType<BeginAnswer.Superseded>(await Documents.BeginAsync(document.Job, 1, Facts(1), ChunksMax));

        await Documents.SettleAsync(document.Job, Completed(2));
        Assert.Equal(["0 of 2", "1 of 2"], await TextsAsync(Ann, document.Id));
    }

    [Fact]
    public async Task An_attempt_that_comes_back_after_a_later_one_completed_changes_nothing()
    {
        var document = await AnnouncedAsync(Ann, "a");
        var late = await BegunAsync(document.Job, 1, 1);
        await TakenAsync(document.Job, 2, 2);
        await Documents.SettleAsync(document.Job, Completed(2));

        Assert.False(await Documents.AddAsync(late, [Chunk(0, 1)]));
        Assert.IsType<BeginAnswer.Superseded>(await Documents.BeginAsync(document.Job, 1, Facts(1), ChunksMax));
        Assert.IsType<BeginAnswer.Whole>(await Documents.BeginAsync(document.Job, 2, Facts(1), ChunksMax));
        await Documents.SettleAsync(document.Job, Completed(2));

        var found = (await Documents.FindAsync(Ann, document.Id))!;
        Assert.Equal((DocumentState.Completed, null, 2), (found.State, found.Error, found.Version!.Chunks));
        Assert.Equal(["0 of 2", "1 of 2"], await TextsAsync(Ann, document.Id));
    }

    [Fact]
    public async Task A_version_with_nothing_in_it_cannot_be_finished()
    {
        var document = await AnnouncedAsync(Ann, "a");

        Assert.False(await Documents.FinishAsync(await BegunAsync(document.Job, 1, 1)));
    }

    [Fact]
    public async Task A_new_version_takes_the_place_of_the_old_one_in_one_step()
    {
        var document = await CompletedAsync(Ann, "a", 3);
        var revision = (await Documents.CountsAsync(Ann)).Revision;
        var job = NewJob();
        Assert.True(await Documents.AssignAsync(Ann, document.Id, job));
        await TakenAsync(job, 1, 2);
        Assert.Equal(3, (await TextsAsync(Ann, document.Id)).Count);
        Assert.Equal(revision, (await Documents.CountsAsync(Ann)).Revision);

        await Documents.SettleAsync(job, Completed(1));

        Assert.Equal(2, (await TextsAsync(Ann, document.Id)).Count);
        Assert.Equal((2, 1), await CountAsync(Ann));
        Assert.True((await Documents.CountsAsync(Ann)).Revision > revision);
        await EraseAsync();
        Assert.Equal(2, (await TextsAsync(Ann, document.Id)).Count);
    }

    [Fact]
    public async Task A_later_job_that_fails_leaves_what_can_be_searched_and_says_why()
    {
        var document = await CompletedAsync(Ann, "a", 3);
        var job = NewJob();
        await Documents.AssignAsync(Ann, document.Id, job);
        await TakenAsync(job, 1, 2);

        await Documents.SettleAsync(job, Failed("It broke."));

        Assert.Equal(3, (await TextsAsync(Ann, document.Id)).Count);
        var found = (await Documents.FindAsync(Ann, document.Id))!;
        Assert.Equal((DocumentState.Completed, "It broke."), (found.State, found.Error));
    }

    [Fact]
    public async Task A_job_that_was_not_accepted_leaves_nothing_or_what_was_before()
    {
        var document = await AnnouncedAsync(Ann, "a");
        await Documents.DismissAsync(document.Job);
        Assert.Empty(await Documents.ListAsync(Ann, null, 10));
        Assert.Equal((0, 0), await CountAsync(Ann));

        var kept = await CompletedAsync(Ann, "b", 1);
        var job = NewJob();
        await Documents.AssignAsync(Ann, kept.Id, job);
        await Documents.DismissAsync(job);

        var found = (await Documents.FindAsync(Ann, kept.Id))!;
        Assert.Equal((DocumentState.Completed, kept.Job), (found.State, found.Job));
        await Documents.DismissAsync(kept.Job);
        Assert.NotNull(await Documents.FindAsync(Ann, kept.Id));
    }

    [Fact]
    public async Task A_document_that_is_open_takes_no_further_job()
    {
        var document = await AnnouncedAsync(Ann, "a");

        Assert.False(await Documents.AssignAsync(Ann, document.Id, NewJob()));
        Assert.False(await Documents.AssignAsync(Bob, document.Id, NewJob()));
    }

    [Fact]
    public async Task A_user_has_no_more_chunks_than_they_may_and_a_new_version_counts_instead_of_the_old()
    {
        var document = await CompletedAsync(Ann, "a", 6);
        var second = await AnnouncedAsync(Ann, "b");

        Assert.Equal(6, Assert.IsType<BeginAnswer.Full>(await Documents.BeginAsync(second.Job, 1, Facts(5), 10)).Chunks);
        Assert.IsType<BeginAnswer.Begun>(await Documents.BeginAsync(second.Job, 1, Facts(4), 10));

        var job = NewJob();
        await Documents.AssignAsync(Ann, document.Id, job);
        Assert.IsType<BeginAnswer.Begun>(await Documents.BeginAsync(job, 1, Facts(10), 10));
    }

    [Fact]
    public async Task Deleting_deletes_all_of_it_at_once()
    {
        var document = await CompletedAsync(Ann, "a", 1_200);
        var version = Assert.Single(await Documents.VersionsAsync(Ann)).Key;
        Assert.False(await Documents.DeleteAsync(Bob, document.Id));

        Assert.True(await Documents.DeleteAsync(Ann, document.Id));

        Assert.Empty(await TextsAsync(Ann, document.Id));
        Assert.Empty(await Documents.EmbeddedAsync(Ann, version, 0, 10));
        Assert.Empty(await Documents.FindChunksAsync(Ann, [new(version, 0)]));
        Assert.Equal((0, 0), await CountAsync(Ann));
        Assert.Equal(0, (await Documents.CountsAsync(Ann)).Bytes);
        Assert.False(await Documents.DeleteAsync(Ann, document.Id));
        Assert.True(await EraseAsync() >= 2);
        Assert.IsType<AnnounceAnswer.Announced>(await Documents.AnnounceAsync(New(Ann, "a")));
    }

    [Fact]
    public async Task What_comes_for_a_deleted_document_finds_none()
    {
        var document = await AnnouncedAsync(Ann, "a");
        var draft = await BegunAsync(document.Job, 1, 1);
        await Documents.DeleteAsync(Ann, document.Id);

        Assert.False(await Documents.AddAsync(draft, [Chunk(0, 1)]));
        Assert.IsType<BeginAnswer.Gone>(await Documents.BeginAsync(document.Job, 1, Facts(1), ChunksMax));
        await Documents.SettleAsync(document.Job, Completed(1));
        Assert.Null(await Documents.FindAsync(Ann, document.Id));
    }

    [Fact]
    public async Task Nobody_reads_anything_of_someone_else()
    {
        var document = await CompletedAsync(Ann, "a", 2);
        var version = Assert.Single(await Documents.VersionsAsync(Ann)).Key;

        Assert.Null(await Documents.FindAsync(Bob, document.Id));
        Assert.Empty(await Documents.ListAsync(Bob, null, 10));
        Assert.Empty(await Documents.ChunksAsync(Bob, document.Id, 0, 10));
        Assert.Empty(await Documents.EmbeddedAsync(Bob, version, 0, 10));
        Assert.Empty(await Documents.FindChunksAsync(Bob, [new(version, 0)]));
        Assert.Empty(await Documents.VersionsAsync(Bob));
        Assert.Equal(default, await Documents.CountsAsync(Bob));
    }

    [Fact]
    public async Task All_of_a_visitor_becomes_the_accounts()
    {
        var visitor = UserId.Visitor("v");
        var mine = await CompletedAsync(Ann, "own", 1);
        var document = await CompletedAsync(visitor, "a", 2);
        var open = await AnnouncedAsync(visitor, "b");
        Assert.Equal([visitor], await Documents.VisitorsAsync(null, 10));

        await Documents.MoveAsync(visitor, Ann);
        await Documents.MoveAsync(visitor, Ann);

        Assert.Equal([open.Id, document.Id, mine.Id], (await Documents.ListAsync(Ann, null, 10)).Select(one => one.Id));
        Assert.Equal((3, 3), await CountAsync(Ann));
        Assert.Equal((0, 0), await CountAsync(visitor));
        Assert.Empty(await Documents.VisitorsAsync(null, 10));
        await TakenAsync(open.Job, 1, 1);
        await Documents.SettleAsync(open.Job, Completed(1));
        Assert.Equal((4, 3), await CountAsync(Ann));
    }

    [Fact]
    public async Task A_crash_leaves_whole_versions_and_drops_half_ones()
    {
        var whole = await AnnouncedAsync(Ann, "a");
        await TakenAsync(whole.Job, 1, 2);
        var half = await AnnouncedAsync(Ann, "b");
        var draft = await BegunAsync(half.Job, 1, 2);
        await Documents.AddAsync(draft, [Chunk(0, 1)]);

        Documents = await ReopenAsync();

        Assert.Equal([whole.Job, half.Job], await Documents.UnsettledAsync(null, 10));
        Assert.Equal([half.Job], await Documents.UnsettledAsync(whole.Job, 10));
        Assert.False(await Documents.FinishAsync(draft));
        await Documents.SettleAsync(whole.Job, Completed(1));
        await Documents.SettleAsync(half.Job, new DocumentEnd.GoesOn(2));
        Assert.Equal(2, (await TextsAsync(Ann, whole.Id)).Count);
        await TakenAsync(half.Job, 2, 1);
        await Documents.SettleAsync(half.Job, Completed(2));
        Assert.Equal(["0 of 2"], await TextsAsync(Ann, half.Id));
        Assert.True(await EraseAsync() >= 1);
    }

    [Fact]
    public async Task A_job_that_failed_and_is_done_again_makes_its_document_after_all()
    {
        var document = await AnnouncedAsync(Ann, "a");
        await Documents.SettleAsync(document.Job, Failed("Away."));

        await TakenAsync(document.Job, 2, 1);
        await Documents.SettleAsync(document.Job, Completed(2));

        var found = (await Documents.FindAsync(Ann, document.Id))!;
        Assert.Equal((DocumentState.Completed, null), (found.State, found.Error));
    }

    [Fact]
    public async Task Documents_of_another_model_are_named_for_embedding_anew()
    {
        var document = await CompletedAsync(Ann, "a", 1);
        await AnnouncedAsync(Ann, "open");

        Assert.Empty(await Documents.OutsideAsync(Space, 0, 10));
        Assert.Equal(document.Id, Assert.Single(await Documents.OutsideAsync(Space with { Model = "other" }, 0, 10)).Id);
        Assert.Equal(document.Id, Assert.Single(await Documents.OutsideAsync(Space with { Dimension = 5 }, 0, 10)).Id);
        Assert.Empty(await Documents.OutsideAsync(Space with { Model = "other" }, document.Sequence, 10));
    }
}
