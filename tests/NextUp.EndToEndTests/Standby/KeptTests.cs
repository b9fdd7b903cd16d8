using System.Globalization;
using System.Net;
using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Actors.Papers;
using NextUp.Actors.Users;
using NextUp.Client;
using NextUp.Client.Tables;
using NextUp.Client.Uploads;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Documents;
using NextUp.EndToEndTests.Exams;
using NextUp.EndToEndTests.Setup;
using NextUp.Storage.Postgres;
using NextUp.Storage.Postgres.Side;
using NextUp.StorageTests.Postgres;

namespace NextUp.EndToEndTests.Standby;

/// <summary>What users keep of their results is on PostgreSQL, too: whichever server takes over has all of it.</summary>
public sealed class KeptTests : IDisposable
{
    const string Options = """
        {"table":"people","columns":[{"name":"id","type":"integer","key":true},{"name":"name"}],"duplicates":"update"}
        """;

    readonly PostgresServer? _postgres = PostgresServer.Missing is null ? PostgresServer.Start() : null;

    public void Dispose() => _postgres?.Dispose();

    [Fact]
    public async Task The_server_that_takes_over_answers_searches_records_and_papers_and_goes_on_with_them()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        var first = await StartAsync();
        await using var second = await StartAsync();
        await second.SaysAsync("standby");
        using (var ada = first.Administrator("ada"))
        {
            var document = await ada.ProcessedAsync("report.txt", Uploads.Pump);
            Assert.Equal(JobStateNames.Completed, document.State);
            await ImportAsync(ada, "id,name\n1,Ann\n2,Bob\n");
            var paper = await ada.FinishedAsync((await ada.SubmitPaperAsync(ExamRequests.Paper().Pdf, fields: ("id", "biology"))).Id);
            Assert.True(paper.State == JobStateNames.Completed, paper.Error);
            await ada.PaperAsync("biology");
        }

        await first.DisposeAsync(); // kill -9
        await second.SaysAsync("ready");

        using var again = second.Administrator("ada");
        Assert.Equal("report.txt", Assert.Single((await again.SearchAsync("cooling pumps")).Hits).Name);
        using var same = await again.SubmitAsync("copy.txt", Encoding.UTF8.GetBytes(Uploads.Pump), ("kind", "documents"));
        await same.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.DuplicateDocument);
        await ImportAsync(again, "id,name\n2,Robert\n3,Cleo\n");
        Assert.Equal(["Ann", "Cleo", "Robert"], (await NamesAsync(again)).Order(StringComparer.Ordinal));
        Assert.Equal(ExamRequests.Paper().Truth.Questions.Count, (await again.PaperAsync("biology")).Paper.Questions.Count);
        using var picture = await again.GetAsync($"{ExamRequests.Exams}/biology/pages/1");
        Assert.Equal("image/png", picture.Content.Headers.ContentType!.MediaType);

        // Nothing of it lies in a folder of its own.
        var files = Directory.GetFiles(second.Folder, "*.db").Select(Path.GetFileName);
        Assert.Empty(files.Intersect(["documents.db", "records.db", "papers.db"]));
    }

    /// <summary>The test leaves it aside in the place of a server that dies between the end of a job and its settling.</summary>
    [Fact]
    public async Task What_the_dead_server_left_unsettled_is_settled_when_another_takes_over()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        var first = await StartAsync();
        await using var second = await StartAsync();
        using var side = PostgresSideStores.Open(new PostgresStoreOptions { Connection = _postgres!.Connection("kept") });
        using (var ada = first.Administrator("ada"))
        {
            var done = await ada.FinishedAsync((await ada.SubmittedAsync()).Id);
            var take = new PaperTake(
                JobId.Parse(done.Id, CultureInfo.InvariantCulture), new(1), done.Attempt, UserId.Account("ada"), new("left"), "left",
                "{}"u8.ToArray(), done.AcceptedAt);
            Assert.True(await side.Papers.TakeAsync(take, []));
        }

        await first.DisposeAsync(); // kill -9
        await second.SaysAsync("ready");

        Assert.Empty(await side.Papers.UnsettledAsync(null, 10));
        Assert.Single(await side.Papers.ListAsync(UserId.Account("ada"), null, 10));
    }

    Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(
        $$"""
        {"store": {"kind": "postgres", "connection": "{{_postgres!.Connection("kept")}}"},
         "queue": {"slots": 2}, "bibtex": {"providers": ["catalogue"]} }
        """);

    static async Task ImportAsync(HttpClient client, string rows)
    {
        var job = await Client(client).Tables.ImportAsync(Upload.OfBytes("people.csv", Encoding.UTF8.GetBytes(rows)), Options);
        var ended = await client.FinishedAsync(job.Id);
        Assert.True(ended.State == JobStateNames.Completed, ended.Error);
        await Eventually.FoundAsync(async () =>
            await Client(client).Tables.ImportAsync(job.Id) is { State: ImportStateNames.Stored } stored ? stored : null);
    }

    static async Task<string[]> NamesAsync(HttpClient client) =>
        [.. (await Client(client).Tables.RecordsAsync(new("people"))).Records
            .Select(record => record.Values.GetProperty("name").GetString()!)];

    static NextUpClient Client(HttpClient client) => new(client, null, TimeProvider.System, new Random(1));
}
