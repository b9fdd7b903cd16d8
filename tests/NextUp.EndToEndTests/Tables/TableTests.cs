using System.Text;
using NextUp.Client;
using NextUp.Client.Tables;
using NextUp.Client.Uploads;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.UnitTests.Tables;

namespace NextUp.EndToEndTests.Tables;

public sealed class TableTests
{
    const string Slowly = """
        {"queue":{"slots":2},"bibtex":{"providers":["catalogue"]},"tables":{"batchRows":2},"kinds":{"tables":{"retryDelay":"0s"}}}
        """;

    const string Keyed = """{"table":"t","columns":[{"name":"id","type":"integer","key":true},{"name":"name","required":true}]}""";

    [Fact]
    public async Task A_table_goes_from_a_file_to_records_and_back()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Running);
        using var account = server.Account("ada");
        var tables = Client(account).Tables;
        var file = Upload.OfBytes("people.csv",
            Encoding.UTF8.GetBytes("Members\n\nid;name;born\n1;Müller;24.12.1980\nx;;1.1.2000\n3;O'Brien;29.2.2000\n"));
        var profile = await tables.AddProfileAsync(new(
            "members", [new("id", Type: "integer", Key: true), new("name", Required: true), new("born", Type: "date")]));
        const string options = """{"profile":"members"}""";

        var preview = await tables.PreviewAsync(file, options);
        Assert.Equal((3L, 1L), (preview.HeaderRow, preview.Wrong));
        var import = await StoredAsync(Client(account), await tables.ImportAsync(file, options));

        Assert.Equal(new(3, 2, 0, 0, 1, 0, 2), import.Counts);
        Assert.Equal(["id", "name"], (await tables.ErrorsAsync(import.Id)).Errors.Select(error => error.Column));
        Assert.Equal(2, (await tables.ListAsync()).Tables.Single(table => table.Name == "members").Records);
        var records = await tables.RecordsAsync(new("members", Filters: ["born:lt:1990-01-01"]));
        Assert.Equal("Müller", Assert.Single(records.Records).Values.GetProperty("name").GetString());
        Assert.Equal("\uFEFFid,name,born\r\n", await TextAsync(await tables.TemplateAsync(profile.Id)));
        Assert.Contains("3,O'Brien,2000-02-29", await TextAsync(await tables.ExportAsync(new("members"), "csv")),
            StringComparison.Ordinal);
        Assert.Contains("x,,1.1.2000,5,5,", await TextAsync(await tables.RejectedAsync(import.Id)), StringComparison.Ordinal);

        Assert.Equal(ImportStateNames.Undone, (await tables.UndoAsync(import.Id)).State);
        Assert.Empty((await tables.ListAsync()).Tables);
    }

    [Fact]
    public async Task A_workbook_is_read_outside_the_server_and_a_broken_one_refused()
    {
        const string sheet = """
            <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
            <row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>sum</v></c></row>
            <row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2.5</v></c></row></sheetData></worksheet>
            """;
        await using var server = await ServerProcess.StartAsync(ServerProcess.Running);
        using var account = server.Account("ada");
        var client = Client(account);
        var import = await StoredAsync(client, await client.Tables.ImportAsync(Upload.OfBytes("s.xlsx", SmallWorkbook.Of(sheet))));
        Assert.Equal(1, import.Counts.Inserted);

        var broken = SmallWorkbook.Of(sheet[..^60]);
        var job = await client.Tables.ImportAsync(Upload.OfBytes("b.xlsx", broken));
        var failed = await EndedAsync(client, job.Id);
        Assert.Equal(JobStateNames.Failed, failed.State);
        Assert.Contains("damaged", failed.Error, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<NextUpProblemException>(
            () => client.Tables.ImportAsync(Upload.OfBytes("page.xls", "<html><table></table></html>"u8.ToArray())));
        Assert.Contains("web page", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_server_goes_on_behind_the_last_batch_and_no_row_counts_twice()
    {
        const int rows = 6_000;
        var folder = Directory.CreateTempSubdirectory("nextup-e2e-").FullName;
        var content = new StringBuilder("id,name\n");
        for (var i = 0; i < rows; i++)
            content.Append(i % 50 == 7 ? $"{i},\n" : i % 50 == 9 ? $"{i - 1},again\n" : $"{i},n{i}\n");
        string id;
        long before;
        await using (var first = await ServerProcess.StartAsync(Slowly, folder))
        {
            using var account = first.Account("survivor");
            var client = Client(account);
            id = (await client.Tables.ImportAsync(Upload.OfBytes("t.csv", Encoding.UTF8.GetBytes(content.ToString())), Keyed)).Id;
            await UntilAsync(async () => await SeenAsync(client, id) > 100);
            before = await SeenAsync(client, id);
            await first.KillAsync();
        }

        Assert.True(before < rows, "The import was over before the kill.");
        await using var second = await ServerProcess.StartAsync(Slowly, folder);
        using var again = second.Account("survivor");
        var back = Client(again);
        Assert.True(await SeenAsync(back, id) >= before);
        var import = await StoredAsync(back, await back.JobAsync(id));

        Assert.Equal(new(rows, rows - 240, 0, 120, 120, 0, rows - 240), import.Counts);
        var exported = (await TextAsync(await back.Tables.ExportAsync(new("t"), "jsonl"))).Split('\n',
            StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(rows - 240, exported.Distinct().Count());
        Assert.Equal(rows - 240, exported.Length);
        await second.KillAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_cancelled_import_leaves_no_record()
    {
        await using var server = await ServerProcess.StartAsync(Slowly);
        using var account = server.Account("ada");
        var client = Client(account);
        var content = "id,name\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},n\n"));
        var job = await client.Tables.ImportAsync(Upload.OfBytes("t.csv", Encoding.UTF8.GetBytes(content)), Keyed);
        await UntilAsync(async () => await SeenAsync(client, job.Id) > 10);
        await client.CancelAsync(job.Id);

        await UntilAsync(async () => (await client.Tables.ImportAsync(job.Id)).State == ImportStateNames.Dropped);
        Assert.Empty((await client.Tables.ListAsync()).Tables);
        var next = await StoredAsync(client, await client.Tables.ImportAsync(Upload.OfBytes("t.csv",
            "id,name\n1,a\n"u8.ToArray()), Keyed));
        Assert.Equal(1, next.Counts.Inserted);
    }

    [Fact]
    public async Task Tables_are_seen_by_their_owner_alone_and_come_along_when_a_visitor_signs_in()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Running);
        using var visitor = server.Visitor();
        var client = Client(visitor);
        await client.Tables.AddProfileAsync(new("p", [new("id")]));
        var import = await StoredAsync(client, await client.Tables.ImportAsync(Upload.OfBytes("t.csv", "id,name\n1,a\n"u8.ToArray())));

        using var stranger = server.Account("eve");
        foreach (var path in new[] { "", "/errors", "/rejected" })
        {
            var theirs = await stranger.GetAsync($"/api/v1/tables/imports/{import.Id}{path}");
            var nobodys = await stranger.GetAsync($"/api/v1/tables/imports/{Guid.Empty}{path}");
            Assert.Equal(
                (await nobodys.Content.ReadAsStringAsync()).Replace($"{Guid.Empty}", "ID", StringComparison.Ordinal),
                (await theirs.Content.ReadAsStringAsync()).Replace(import.Id, "ID", StringComparison.Ordinal));
        }

        Assert.Empty((await Client(stranger).Tables.ListAsync()).Tables);
        Assert.Empty((await Client(stranger).Tables.ProfilesAsync()).Profiles);

        using var account = server.Account("ada");
        var token = account.DefaultRequestHeaders.Authorization!.Parameter!;
        using var signedIn = await visitor.PostAsync(
            "/api/v1/me/session", new StringContent($$"""{"token":"{{token}}"}""", Encoding.UTF8, "application/json"));
        signedIn.EnsureSuccessStatusCode();
        Assert.Equal("t", Assert.Single((await Client(account).Tables.ListAsync()).Tables).Name);
        Assert.Equal("p", Assert.Single((await Client(account).Tables.ProfilesAsync()).Profiles).Name);
    }

    static Task<string> UntilAsync(Func<Task<bool>> condition) => Eventually.FoundAsync(async () => await condition() ? "yes" : null);

    static NextUpClient Client(HttpClient http) => new(http, null, TimeProvider.System, new Random(1));

    static async Task<long> SeenAsync(NextUpClient client, string id)
    {
        try
        {
            return (await client.Tables.ImportAsync(id)).Counts.Total;
        }
        catch (NextUpProblemException notYet) when (notYet.Code == ProblemCodes.ImportNotFound)
        {
            return 0;
        }
    }

    static async Task<JobView> EndedAsync(NextUpClient client, string id)
    {
        var job = await client.JobAsync(id);
        await UntilAsync(async () =>
            (job = await client.JobAsync(id)).State is JobStateNames.Completed or JobStateNames.Failed or JobStateNames.Cancelled);
        return job;
    }

    static async Task<ImportView> StoredAsync(NextUpClient client, JobView job)
    {
        var ended = await EndedAsync(client, job.Id);
        Assert.True(ended.State == JobStateNames.Completed, ended.Error);
        await UntilAsync(async () => (await client.Tables.ImportAsync(job.Id)).State == ImportStateNames.Stored);
        return await client.Tables.ImportAsync(job.Id);
    }

    static async Task<string> TextAsync(Client.Downloads.FileDownload download)
    {
        await using (download)
        {
            using var bytes = new MemoryStream();
            await download.CopyToAsync(bytes);
            return Encoding.UTF8.GetString(bytes.ToArray());
        }
    }
}
