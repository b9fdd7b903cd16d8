using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Papers;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;
using NextUp.Storage.Sql.Side;

namespace NextUp.StorageTests.Postgres;

/// <summary>Several servers write what is kept of results at once; for them as for one, what belongs together holds together.</summary>
public sealed class SideServersTests : IDisposable
{
    const int Rounds = 15;

    static readonly SideSchema Schema = new();
    static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly UserId Ann = UserId.Account("ann");
    static readonly UserId Bob = UserId.Account("bob");
    static readonly UserId Guest = UserId.Visitor("guest");

    readonly SideStores one = Schema.OpenEmpty();
    readonly SideStores other = Schema.Open();

    public void Dispose()
    {
        one.Dispose();
        other.Dispose();
    }

    [Fact]
    public async Task The_same_bytes_sent_to_two_servers_at_once_are_one_document()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var content = $"{round}";
            var answers = await Task.WhenAll(
                one.Documents.AnnounceAsync(Document(Ann, content)), other.Documents.AnnounceAsync(Document(Ann, content)));

            Assert.Single(answers.OfType<AnnounceAnswer.Announced>());
            Assert.Single(answers.OfType<AnnounceAnswer.Duplicate>());
        }

        Assert.Equal(Rounds, (await one.Documents.CountsAsync(Ann)).Documents);
    }

    [Fact]
    public async Task Of_two_imports_that_begin_at_once_on_two_servers_the_table_takes_one()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var table = $"t{round}";
            var answers = await Task.WhenAll(
                one.Records.BeginAsync(Sketch(table)), other.Records.BeginAsync(Sketch(table)));

            var begun = Assert.Single(answers.OfType<ImportBeginAnswer.Begun>());
            Assert.Equal(begun.Import.Job, Assert.Single(answers.OfType<ImportBeginAnswer.TableBusy>()).Other);
        }
    }

    [Fact]
    public async Task Of_two_attempts_of_a_job_on_two_servers_the_later_one_goes_on_wherever_they_meet()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var sketch = Sketch($"t{round}");
            var first = ((ImportBeginAnswer.Begun)await one.Records.BeginAsync(sketch)).Import;
            var (appended, later) = (one.Records.AppendAsync(Batch(first, 1, 1)), other.Records.BeginAsync(sketch with { Attempt = 2 }));
            var isAppended = await appended;
            var second = Assert.IsType<ImportBeginAnswer.Begun>(await later).Import;

            // Either the batch came before, and the second attempt goes on behind it, or it was refused.
            Assert.Equal(isAppended ? 1 : 0, second.Row);
            Assert.False(await one.Records.AppendAsync(Batch(first, 1, 2)));
            Assert.True(await other.Records.AppendAsync(Batch(second, 2, 3)));
            await Task.WhenAll(
                one.Records.StoreAsync(sketch.Job, Ann, Now), other.Records.StoreAsync(sketch.Job, Ann, Now));
            Assert.Equal(isAppended ? 2 : 1, (await one.Records.RecordsAsync(Ann, sketch.Table, null, null, 10)).Count);
        }

        Assert.All(await one.Records.TablesAsync(Ann), table => Assert.Equal(1, table.Imports));
    }

    [Fact]
    public async Task A_server_that_starts_leaves_what_another_is_taking()
    {
        var document = Document(Ann, "a");
        await one.Documents.AnnounceAsync(document);
        var draft = await BegunAsync(one, document.Job, 1);

        using var third = Schema.Open();
        Assert.NotNull(await third.Documents.FindAsync(Ann, document.Id));

        Assert.True(await one.Documents.AddAsync(draft, [Chunk(0)]));
        Assert.True(await one.Documents.FinishAsync(draft));
    }

    [Fact]
    public async Task A_job_settled_by_two_servers_at_once_is_settled_once()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var take = new PaperTake(JobId.New(Now), new(round + 1), 1, Ann, new($"p{round}"), "a.pdf", [1], Now);
            await one.Papers.TakeAsync(take, [new(1, "image/png", [1])]);
            await Task.WhenAll(one.Papers.SettleAsync(take.Job, 1), other.Papers.SettleAsync(take.Job, 1));

            Assert.Equal(1, (await one.Papers.FindAsync(Ann, take.Paper))!.Record.Version);
            Assert.NotNull(await other.Papers.PageAsync(Ann, take.Paper, 1));
        }
    }

    /// <summary>Whatever two servers do at once with some users' documents, the kept counts are what is there.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Counts_are_what_is_there_after_two_servers_did_what_they_liked(int seed)
    {
        var done = await Task.WhenAll(LiveAsync(one, new Random(seed)), LiveAsync(other, new Random(-seed)));
        await one.Documents.MoveAsync(Guest, Bob);
        while (await one.Documents.EraseAsync())
        {
            // The next piece.
        }

        Assert.True(done.Sum() > 0);
        foreach (var user in (UserId[])[Ann, Bob, Guest])
        {
            var documents = await one.Documents.ListAsync(user, null, 1_000);
            var counts = await one.Documents.CountsAsync(user);
            Assert.Equal(documents.Count, counts.Documents);
            Assert.Equal(documents.Sum(document => document.Version?.Chunks ?? 0), counts.Chunks);
            Assert.Equal(documents.Sum(document => document.Size), counts.Bytes);
            // An adoption may bring bytes that the account has already.
            Assert.True(user == Bob || documents.Select(document => document.Sha256).Distinct().Count() == documents.Count);
            foreach (var document in documents.Where(document => document.Version is not null))
                Assert.Equal(document.Version!.Chunks, (await one.Documents.ChunksAsync(user, document.Id, 0, 100)).Count);
        }
    }

    static async Task<int> LiveAsync(SideStores side, Random random)
    {
        const int steps = 40;
        var done = 0;
        for (var step = 0; step < steps; step++)
        {
            var user = random.Next(3) switch { 0 => Ann, 1 => Bob, _ => Guest };
            var document = Document(user, $"{random.Next(6)}");
            switch (random.Next(6))
            {
                case 0:
                    await side.Documents.MoveAsync(Guest, Bob);
                    break;
                case 1:
                    foreach (var old in (await side.Documents.ListAsync(user, null, 100)).Take(2))
                        await side.Documents.DeleteAsync(user, old.Id);
                    break;
                case 2:
                    await side.Documents.EraseAsync();
                    break;
                default:
                    if (await side.Documents.AnnounceAsync(document) is AnnounceAnswer.Duplicate)
                        break;
                    if (await side.Documents.BeginAsync(document.Job, 1, Facts, 1_000) is BeginAnswer.Begun begun
                        && await side.Documents.AddAsync(begun.Draft, [Chunk(0), Chunk(1)]))
                        await side.Documents.FinishAsync(begun.Draft);
                    await side.Documents.SettleAsync(document.Job, new DocumentEnd.Completed(1, Now, Now));
                    done++;
                    break;
            }
        }

        return done;
    }

    static DocumentVersion Facts => new(0, new("model", 4), 2, null, null, []);

    static NewDocument Document(UserId user, string content)
    {
        var job = JobId.New(Now);
        return new(new(job.Value), user, $"{content}.txt", 10, content, "text/plain", job, Now);
    }

    static EmbeddedChunk Chunk(int ordinal) => new(
        new(ordinal, $"{ordinal}", null, null, 0, 1, ""), new(new sbyte[] { 1, 2, 3, 4 }, 1f));

    static async Task<VersionDraft> BegunAsync(SideStores side, JobId job, int attempt) =>
        Assert.IsType<BeginAnswer.Begun>(await side.Documents.BeginAsync(job, attempt, Facts, 1_000)).Draft;

    static TableImport Sketch(string table) => new()
    {
        Number = default, Job = JobId.New(Now), User = Ann, Table = table, FileName = "t.csv", State = ImportState.Aside, Attempt = 1,
        BegunAt = Now, Plan = "{}", Header = "[]", Stores = true,
    };

    static RecordBatch Batch(TableImport import, int attempt, int row) => new(
        import.Number, attempt, [new(row, "{}", [new ValueMark((UInt128)row)], null)], [], row, new(row, 1, 0, 0, 0, 0));
}
