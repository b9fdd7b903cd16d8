using System.Text;
using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Papers;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;
using NextUp.Storage.Postgres;
using NextUp.Storage.Postgres.Moving;
using NextUp.Storage.Postgres.Side;
using NextUp.Storage.Sql.Records;
using NextUp.Storage.Sql.Side;
using NextUp.Storage.Sqlite.Side;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Postgres;

/// <summary>Documents, records and papers move with the jobs.</summary>
public sealed class SideMoveTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly UserId Ann = UserId.Account("ann");

    // Longer than what an index of PostgreSQL takes.
    static readonly string Header = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"column {i};"));

    readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_kept_of_results_answers_as_before_and_goes_on()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };
        string before;
        ImportNumber gone;
        using (var side = SqliteSideStores.Open(folder.Path))
        {
            gone = await FillAsync(side);
            before = await AnswersAsync(side);
        }

        var moved = StoreMove.Run(folder.Path, options, intoDatabase: true).ToDictionary(table => table.Name, table => table.Rows);

        Assert.Equal((2L, 2L, 4L, 3L), (moved["document"], moved["version"], moved["chunk"], moved["record"]));
        Assert.Equal((1L, 2L, 1L, 1L), (moved["paper"], moved["page"], moved["syllabus"], moved["remembered"]));
        using var there = PostgresSideStores.Open(options);
        Assert.Equal(before, await AnswersAsync(there));

        // Numbers that were given once, and are still being deleted, are not given again.
        Assert.True((await BegunAsync(there.Records, "next")).Number.Value > gone.Value);
        Assert.IsType<AnnounceAnswer.Announced>(await there.Documents.AnnounceAsync(NewDocument("new")));
        Assert.Equal("new.txt", (await there.Documents.ListAsync(Ann, null, 1))[0].Name);
    }

    [Fact]
    public async Task Where_somebody_keeps_something_already_nothing_is_moved()
    {
        var options = new PostgresStoreOptions { Connection = SharedPostgres.NewStore() };
        PostgresStore.Open(options).Dispose();
        using var there = PostgresSideStores.Open(options);
        await there.Documents.AnnounceAsync(NewDocument("theirs"));

        var refusal = Assert.Throws<StoreFailedException>(() => StoreMove.Run(folder.Path, options, intoDatabase: true));

        Assert.Contains("Search Path", refusal.Message, StringComparison.Ordinal);
        Assert.Single(await there.Documents.ListAsync(Ann, null, 10));
    }

    /// <summary>Some of everything; answers the number of an import whose rows are still to be deleted.</summary>
    static async Task<ImportNumber> FillAsync(SideStores side)
    {
        foreach (var name in new[] { "a", "b" })
        {
            var document = NewDocument(name);
            await side.Documents.AnnounceAsync(document);
            var begun = (BeginAnswer.Begun)await side.Documents.BeginAsync(
                document.Job, 1, new(0, new("model", 4), 2, 3, "en", ["Beware."]), 100);
            await side.Documents.AddAsync(begun.Draft, [Chunk(0), Chunk(1)]);
            await side.Documents.FinishAsync(begun.Draft);
            await side.Documents.SettleAsync(document.Job, new DocumentEnd.Completed(1, Now, Now));
        }

        var first = await StoredAsync(side.Records, "people", null);
        await StoredAsync(side.Records, "people", new RowPlace(first.Number, 1));
        var dropped = await BegunAsync(side.Records, "people");
        await side.Records.AppendAsync(Batch(dropped, null));
        await side.Records.DropAsync(dropped.Job, Now);
        await side.Records.DeleteTableAsync(Ann, "nothing");
        await side.Records.SaveProfileAsync(new(Guid.CreateVersion7(Now), Ann, "profile", "{}", Now), 10);
        await side.Records.RememberAsync(Ann, Header, "{}", Now, 10);

        var job = JobId.New(Now);
        await side.Papers.TakeAsync(
            new(job, new(1), 1, Ann, new("paper"), "a.pdf", [1, 2], Now), [new(1, "image/png", [1]), new(2, "image/png", [])]);
        await side.Papers.SettleAsync(job, 1);
        await side.Papers.ChangeAsync(Ann, new("paper"), 1, [3], "A summary.", Now);
        await side.Papers.PutSyllabusAsync(new(new("s"), Ann, "Syllabus", 2, [4], Now));
        return dropped.Number;
    }

    /// <summary>What users see, as text.</summary>
    static async Task<string> AnswersAsync(SideStores side)
    {
        List<object?> answers = [await side.Documents.CountsAsync(Ann), await side.Records.RecallAsync(Ann, Header)];
        foreach (var document in await side.Documents.ListAsync(Ann, null, 10))
        {
            answers.Add($"{document.Id} {document.Name} {document.State} {document.Version!.Number} {document.Version.Warnings[0]}");
            answers.AddRange(await side.Documents.ChunksAsync(Ann, document.Id, 0, 10));
            var embedded = await side.Documents.EmbeddedAsync(Ann, new(document.Sequence, document.Version.Number), 0, 10);
            answers.AddRange(embedded.Select(chunk => $"{chunk.Vector.Scale} {string.Join(' ', chunk.Vector.Values.ToArray())}"));
        }

        answers.AddRange(await side.Records.TablesAsync(Ann));
        answers.AddRange(await side.Records.RecordsAsync(Ann, "people", null, null, 10));
        answers.AddRange(await side.Records.ImportsAsync(Ann, null, null, 10));
        answers.AddRange(await side.Records.ProfilesAsync(Ann));
        var paper = (await side.Papers.FindAsync(Ann, new("paper")))!;
        answers.AddRange(paper.Record, Convert.ToHexString(paper.Extraction), Convert.ToHexString(paper.Manual));
        answers.Add((await side.Papers.PageAsync(Ann, new("paper"), 1))!.Image[0]);
        answers.Add((await side.Papers.PageAsync(Ann, new("paper"), 2))!.Image.Length);
        answers.AddRange((await side.Papers.SyllabusesAsync(Ann, 10)).Select(one => one.Name));
        return string.Join('\n', answers);
    }

    static NewDocument NewDocument(string name)
    {
        var job = JobId.New(Now);
        return new(new(job.Value), Ann, $"{name}.txt", 10, name, "text/plain", job, Now);
    }

    static EmbeddedChunk Chunk(int ordinal) => new(
        new(ordinal, $"text {ordinal}", 1, null, 0, 6, "One"), new(new sbyte[] { 1, -2, 127, -127 }, 0.25f));

    static async Task<TableImport> BegunAsync(SqlRecordStore records, string table)
    {
        var begun = await records.BeginAsync(new()
        {
            Number = default, Job = JobId.New(Now), User = Ann, Table = table, FileName = "t.csv", State = ImportState.Aside,
            Attempt = 1, BegunAt = Now, Plan = "{}", Header = "[]", Stores = true,
        });
        return Assert.IsType<ImportBeginAnswer.Begun>(begun).Import;
    }

    static async Task<TableImport> StoredAsync(SqlRecordStore records, string table, RowPlace? replaces)
    {
        var import = await BegunAsync(records, table);
        await records.AppendAsync(Batch(import, replaces));
        await records.StoreAsync(import.Job, Ann, Now);
        return import;
    }

    static RecordBatch Batch(TableImport import, RowPlace? replaces) => new(
        import.Number, 1, [new(1, "{\"a\":1}", [new ValueMark(1)], replaces)], [new(2, 2, "[]", "[]")], 2, new(1, 1, 0, 0, 1, 0));
}
