using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Actors.Papers;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.StorageTests.Conformance;

/// <summary>What every store must do with exam papers, rule by rule.</summary>
public abstract class PaperStoreConformance : IAsyncLifetime
{
    static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly UserId s_ann = StoreSteps.User("ann");
    static readonly UserId s_bob = StoreSteps.User("bob");
    static readonly PaperId s_paper = new("biology-1");

    int _jobs;

    IPaperStore Store { get; set; } = null!;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens an empty store.</summary>
    protected abstract ValueTask<IPaperStore> OpenAsync();

    protected abstract ValueTask CloseAsync();

    [Fact]
    public async Task What_lies_aside_is_seen_by_nobody_until_it_is_settled()
    {
        var take = NewTake();
        Assert.True(await Store.TakeAsync(take, Pages(2)));

        Assert.Null(await Store.FindAsync(s_ann, s_paper));
        Assert.Empty(await Store.ListAsync(s_ann, null, 10));
        Assert.Null(await Store.PageAsync(s_ann, s_paper, 1));
        Assert.Equal([take.Job], await Store.UnsettledAsync(null, 10));

        await Store.SettleAsync(take.Job, take.Attempt);
        var stored = await Store.FindAsync(s_ann, s_paper);
        Assert.Equal("one", Text(stored!.Extraction));
        Assert.Empty(stored.Manual);
        Assert.Equal(
            new PaperRecord(stored.Record.Sequence, s_paper, s_ann, "a.pdf", take.Job, 1, null, 2, s_start, s_start), stored.Record);
        Assert.Equal("page 2", Text((await Store.PageAsync(s_ann, s_paper, 2))!.Image));
        Assert.Empty(await Store.UnsettledAsync(null, 10));
    }

    [Fact]
    public async Task A_result_of_a_job_that_did_not_complete_in_that_attempt_is_dropped()
    {
        foreach (var completed in new int?[] { null, 2 })
        {
            var take = NewTake();
            await Store.TakeAsync(take, Pages(1));
            await Store.SettleAsync(take.Job, completed);

            Assert.Null(await Store.FindAsync(s_ann, s_paper));
            Assert.Empty(await Store.UnsettledAsync(null, 10));
        }
    }

    [Fact]
    public async Task The_same_attempt_is_kept_once_a_later_one_replaces_it_and_an_earlier_one_is_refused()
    {
        var take = NewTake() with { Attempt = 2 };
        Assert.True(await Store.TakeAsync(take, Pages(1)));
        Assert.True(await Store.TakeAsync(take, Pages(1)));
        Assert.False(await Store.TakeAsync(take with { Attempt = 1 }, Pages(1)));
        Assert.True(await Store.TakeAsync(take with { Attempt = 3, Extraction = Bytes("third") }, Pages(3)));

        await Store.SettleAsync(take.Job, 3);
        await Store.SettleAsync(take.Job, 3);

        var stored = await Store.FindAsync(s_ann, s_paper);
        Assert.Equal(("third", 3, 1), (Text(stored!.Extraction), stored.Record.Pages, stored.Record.Version));
    }

    [Fact]
    public async Task An_attempt_that_comes_back_after_a_later_one_completed_changes_nothing()
    {
        var take = NewTake() with { Attempt = 2 };
        await SettledAsync(take);

        Assert.False(await Store.TakeAsync(take with { Attempt = 1, Extraction = Bytes("late") }, Pages(1)));
        Assert.True(await Store.TakeAsync(take, Pages(1)));
        await Store.SettleAsync(take.Job, 2);

        Assert.Equal("one", Text((await Store.FindAsync(s_ann, s_paper))!.Extraction));
        Assert.Equal("page 2", Text((await Store.PageAsync(s_ann, s_paper, 2))!.Image));
        Assert.Empty(await Store.UnsettledAsync(null, 10));
    }

    [Fact]
    public async Task A_new_reading_replaces_what_was_read_and_leaves_what_people_changed()
    {
        await SettledAsync(NewTake());
        Assert.True(await Store.ChangeAsync(s_ann, s_paper, 1, Bytes("mine"), "{}", s_start.AddHours(1)));
        await SettledAsync(NewTake("two") with { At = s_start.AddHours(2) }, pages: 1);

        var stored = await Store.FindAsync(s_ann, s_paper);
        Assert.Equal(("two", "mine", 3), (Text(stored!.Extraction), Text(stored.Manual), stored.Record.Version));
        Assert.Null(stored.Record.Summary);
        Assert.Equal((s_start, s_start.AddHours(2)), (stored.Record.CreatedAt, stored.Record.UpdatedAt));
        Assert.Null(await Store.PageAsync(s_ann, s_paper, 2));
        Assert.Single(await Store.ListAsync(s_ann, null, 10));
    }

    [Fact]
    public async Task Of_two_jobs_over_one_paper_the_later_one_counts_whichever_ends_first()
    {
        var (early, late) = (NewTake("early"), NewTake("late"));
        await SettledAsync(late);
        await SettledAsync(early);

        Assert.Equal("late", Text((await Store.FindAsync(s_ann, s_paper))!.Extraction));
        Assert.Equal("page 1", Text((await Store.PageAsync(s_ann, s_paper, 1))!.Image));
    }

    [Fact]
    public async Task A_change_of_another_version_is_refused()
    {
        await SettledAsync(NewTake());

        Assert.True(await Store.ChangeAsync(s_ann, s_paper, 1, Bytes("first"), """{"a":1}""", s_start));
        Assert.False(await Store.ChangeAsync(s_ann, s_paper, 1, Bytes("second"), "{}", s_start));
        Assert.Equal(("first", """{"a":1}"""),
            (Text((await Store.FindAsync(s_ann, s_paper))!.Manual), (await Store.ListAsync(s_ann, null, 1))[0].Summary));
    }

    [Fact]
    public async Task Nobody_sees_or_touches_what_is_someone_elses()
    {
        await SettledAsync(NewTake());
        await Store.PutSyllabusAsync(new(new("s"), s_ann, "S", 1, Bytes("[]"), s_start));

        Assert.Null(await Store.FindAsync(s_bob, s_paper));
        Assert.Empty(await Store.ListAsync(s_bob, null, 10));
        Assert.Null(await Store.PageAsync(s_bob, s_paper, 1));
        Assert.False(await Store.ChangeAsync(s_bob, s_paper, 1, Bytes("x"), "{}", s_start));
        Assert.False(await Store.DeleteAsync(s_bob, s_paper));
        Assert.Null(await Store.FindSyllabusAsync(s_bob, new("s")));
        Assert.False(await Store.DeleteSyllabusAsync(s_bob, new("s")));
        Assert.NotNull(await Store.FindAsync(s_ann, s_paper));

        // The same id is another paper for another user.
        await SettledAsync(NewTake("bobs") with { User = s_bob });
        Assert.Equal("one", Text((await Store.FindAsync(s_ann, s_paper))!.Extraction));
    }

    [Fact]
    public async Task A_deleted_paper_leaves_nothing()
    {
        await SettledAsync(NewTake());
        Assert.True(await Store.DeleteAsync(s_ann, s_paper));
        Assert.False(await Store.DeleteAsync(s_ann, s_paper));
        Assert.Null(await Store.FindAsync(s_ann, s_paper));
        Assert.Null(await Store.PageAsync(s_ann, s_paper, 1));
    }

    [Fact]
    public async Task Papers_come_newest_first_page_by_page()
    {
        for (var i = 0; i < 5; i++)
            await SettledAsync(NewTake() with { Paper = new($"p{i}") });

        var first = await Store.ListAsync(s_ann, null, 3);
        var rest = await Store.ListAsync(s_ann, first[^1].Sequence, 3);
        Assert.Equal(["p4", "p3", "p2", "p1", "p0"], first.Concat(rest).Select(paper => paper.Id.Value));
    }

    [Fact]
    public async Task A_page_that_cannot_be_read_fails_the_whole()
    {
        static IEnumerable<PaperPage> Broken()
        {
            yield return new(1, "image/png", [1]);
            throw new InvalidDataException("page 2");
        }

        var take = NewTake();
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.TakeAsync(take, Broken()));
        Assert.Empty(await Store.UnsettledAsync(null, 10));
        Assert.True(await Store.TakeAsync(take, Pages(1)));
    }

    [Fact]
    public async Task A_syllabus_takes_the_place_of_the_one_of_its_id()
    {
        await Store.PutSyllabusAsync(new(new("b"), s_ann, "B", 1, Bytes("old"), s_start));
        await Store.PutSyllabusAsync(new(new("b"), s_ann, "Biology", 2, Bytes("new"), s_start));
        await Store.PutSyllabusAsync(new(new("a"), s_ann, "Zoology", 3, Bytes("z"), s_start));

        Assert.Equal(["Biology", "Zoology"], (await Store.SyllabusesAsync(s_ann, 10)).Select(one => one.Name));
        Assert.Equal("new", Text((await Store.FindSyllabusAsync(s_ann, new("b")))!.Content));
        Assert.True(await Store.DeleteSyllabusAsync(s_ann, new("b")));
        Assert.Null(await Store.FindSyllabusAsync(s_ann, new("b")));
    }

    async Task SettledAsync(PaperTake take, int pages = 2)
    {
        Assert.True(await Store.TakeAsync(take, Pages(pages)));
        await Store.SettleAsync(take.Job, take.Attempt);
    }

    /// <summary>Each of a job that was accepted after the ones before.</summary>
    PaperTake NewTake(string content = "one") => new(
        JobId.New(s_start.AddSeconds(++_jobs)), new JobSequence(_jobs), 1, s_ann, s_paper, "a.pdf", Bytes(content), s_start);

    static IEnumerable<PaperPage> Pages(int count) =>
        Enumerable.Range(1, count).Select(page => new PaperPage(page, "image/png", Bytes($"page {page}")));

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
