using System.Net;
using System.Text;
using System.Text.Json;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Scholar;

/// <summary>The Scholar contract, answer by answer, as its own front end would ask.</summary>
public sealed class ScholarTests(RunningServer server) : IClassFixture<RunningServer>
{
    const string Prefix = "/scholar/api/bibtex/";

    readonly ServerProcess _server = server.Process;

    [Theory]
    [InlineData("upload/")]
    [InlineData("upload")]
    public async Task An_upload_is_answered_with_the_job_and_where_to_go_on(string path)
    {
        using var visitor = _server.Visitor();
        var (status, answer) = await UploadAsync(visitor, path);

        Assert.Equal(HttpStatusCode.OK, status);
        var id = answer.GetProperty("job_id").GetGuid();
        Assert.True(answer.GetProperty("success").GetBoolean());
        Assert.Equal("pending", answer.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.String, answer.GetProperty("message").ValueKind);
        var endpoints = answer.GetProperty("api_endpoints");
        Assert.Equal($"{Prefix}job/{id}/status/", endpoints.GetProperty("status").GetString());
        Assert.Equal($"{Prefix}job/{id}/download/", endpoints.GetProperty("download").GetString());
        Assert.Equal($"{Prefix}job/{id}/papers/", endpoints.GetProperty("papers").GetString());
    }

    [Fact]
    public async Task A_second_upload_is_refused_with_the_words_of_the_contract()
    {
        await using var paused = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var visitor = paused.Visitor();
        var (_, first) = await UploadAsync(visitor, "upload/");

        var (status, second) = await UploadAsync(visitor, "upload/");

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal(
            """{"success":false,"error":"You already have a job in progress: \"references.bib\"","""
            + $"\"existing_job_id\":\"{first.GetProperty("job_id").GetString()}\"}}",
            Ordered(second, "success", "error", "existing_job_id"));
    }

    [Fact]
    public async Task An_upload_without_a_file_is_refused_with_the_words_of_the_contract()
    {
        using var visitor = _server.Visitor();
        foreach (var content in new HttpContent[] { Requests.Form(("project", "x")), new StringContent("") })
        {
            using var answer = await visitor.PostAsync(Prefix + "upload/", content);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(
                """{"success":false,"error":"No file uploaded","detail":"Include bibtex_file in request"}""",
                Ordered(await JsonAsync(answer), "success", "error", "detail"));
        }
    }

    [Fact]
    public async Task An_upload_that_is_no_BibTeX_is_refused()
    {
        using var visitor = _server.Visitor();
        var (status, answer) = await UploadAsync(visitor, "upload/", "<html>no</html>"u8.ToArray());

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.False(answer.GetProperty("success").GetBoolean());
        Assert.Equal(JsonValueKind.String, answer.GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task A_completed_job_shows_its_status_papers_files_and_diff()
    {
        using var visitor = _server.Visitor();
        var (_, uploaded) = await UploadAsync(visitor, "upload/");
        var id = uploaded.GetProperty("job_id").GetString()!;
        await visitor.FinishedAsync(id);

        var status = await GetAsync(visitor, $"job/{id}/status/");
        Assert.Equal("completed", status.GetProperty("status").GetString());
        Assert.Equal(
            (100, 2, 2, 2), // The catalogue knows neither of the two.
            (Number(status, "progress_percentage"), Number(status, "total_papers"), Number(status, "processed_papers"),
                Number(status, "failed_papers")));
        var (started, completed) = (status.GetProperty("started_at"), status.GetProperty("completed_at"));
        Assert.True(started.GetDateTimeOffset() <= completed.GetDateTimeOffset());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("error_message").ValueKind);
        Assert.True(status.GetProperty("has_output").GetBoolean());
        Assert.Matches(@"^\[1/2\] ✗ .+\n\[2/2\] ✗ ", status.GetProperty("log").GetString());

        var papers = await GetAsync(visitor, $"job/{id}/papers/");
        Assert.Equal((true, id, 2, "completed"), (
            papers.GetProperty("success").GetBoolean(), papers.GetProperty("job_id").GetString(),
            Number(papers, "total_papers"), papers.GetProperty("status").GetString()));
        var paper = papers.GetProperty("papers")[0];
        Assert.Equal("doe2020", paper.GetProperty("key").GetString());
        string[] fields = ["type", "title", "author", "year", "journal", "abstract", "url", "doi", "citations"];
        foreach (var field in fields)
            Assert.True(paper.TryGetProperty(field, out _), field);
        foreach (var flag in (string[])["has_abstract", "has_url", "has_citations"])
            Assert.True(paper.GetProperty(flag).ValueKind is JsonValueKind.True or JsonValueKind.False, flag);

        using var download = await visitor.GetAsync(Prefix + $"job/{id}/download/");
        Assert.Equal("attachment", download.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Contains("@article{doe2020", await download.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(Requests.Bib, await visitor.GetStringAsync(Prefix + $"job/{id}/download-original/"));
        Assert.Equal(2, Number((await GetAsync(visitor, $"job/{id}/diff/")).GetProperty("stats"), "total_entries"));
        Assert.Contains(
            (await GetAsync(visitor, "recent/")).GetProperty("jobs").EnumerateArray(),
            job => job.GetProperty("id").GetString() == id);

        using var cancel = await visitor.PostAsync(Prefix + $"job/{id}/cancel/", null);
        Assert.Equal(HttpStatusCode.BadRequest, cancel.StatusCode);
        Assert.Equal(
            """{"success":false,"error":"Cannot cancel job with status: completed"}""",
            Ordered(await JsonAsync(cancel), "success", "error"));
    }

    [Fact]
    public async Task A_waiting_job_shows_its_papers_but_no_download_and_can_be_cancelled()
    {
        await using var paused = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var visitor = paused.Visitor();
        var (_, uploaded) = await UploadAsync(visitor, "upload/");
        var id = uploaded.GetProperty("job_id").GetString()!;

        Assert.Equal(2, Number(await GetAsync(visitor, $"job/{id}/papers"), "total_papers"));
        using var download = await visitor.GetAsync(Prefix + $"job/{id}/download");
        Assert.Equal(HttpStatusCode.NotFound, download.StatusCode);

        using var cancel = await visitor.PostAsync(Prefix + $"job/{id}/cancel", null);
        Assert.Equal(
            """{"success":true,"message":"Job cancelled successfully"}""",
            Ordered(await JsonAsync(cancel), "success", "message"));
        Assert.Equal("cancelled", (await GetAsync(visitor, $"job/{id}/status")).GetProperty("status").GetString());
        var status = await GetAsync(visitor, $"job/{id}/status");
        Assert.Equal("Cancelled by user", status.GetProperty("error_message").GetString());
    }

    [Fact]
    public async Task The_resources_count_everyones_jobs_and_list_only_ones_own()
    {
        await using var paused = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var other = paused.Visitor();
        await UploadAsync(other, "upload/");
        using var visitor = paused.Visitor();
        var (_, uploaded) = await UploadAsync(visitor, "upload/");

        var status = await GetAsync(visitor, "resource-status/");

        foreach (var field in (string[])["cpu_percent", "memory_percent", "memory_available_gb"])
            Assert.Equal(JsonValueKind.Number, status.GetProperty("system").GetProperty(field).ValueKind);
        var jobs = status.GetProperty("jobs");
        Assert.Equal(
            (0, 2, 0, 2),
            (Number(jobs, "active_count"), Number(jobs, "queued_count"), Number(jobs, "completed_last_hour"),
                Number(jobs, "user_queue_position")));
        Assert.Empty(jobs.GetProperty("active").EnumerateArray());
        var id = uploaded.GetProperty("job_id").GetString();
        var queued = Assert.Single(jobs.GetProperty("queued").EnumerateArray());
        Assert.Equal(
            $$"""{"id":"{{id}}","user":"You","filename":"references.bib","position":2,"can_cancel":true}""",
            Ordered(queued, "id", "user", "filename", "position", "can_cancel"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", status.GetProperty("timestamp").GetString());
    }

    [Fact]
    public async Task A_preview_shows_what_the_entries_lack_and_makes_no_job()
    {
        using var visitor = _server.Visitor();
        var (status, preview) = await UploadAsync(visitor, "preview/");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, Number(preview, "total_entries"));
        var missing = preview.GetProperty("entries")[0].GetProperty("missing").EnumerateArray();
        Assert.Contains("doi", missing.Select(field => field.GetString()));
        Assert.Empty((await visitor.ListAsync()).Jobs);
    }

    [Theory]
    [InlineData("job/01900000-0000-7000-8000-000000000000/status/")]
    [InlineData("job/nonsense/status/")]
    [InlineData("nothing/")]
    public async Task What_is_not_there_is_answered_in_the_shape_of_the_contract(string path)
    {
        using var visitor = _server.Visitor();
        using var answer = await visitor.GetAsync(Prefix + path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.False((await JsonAsync(answer)).GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task An_API_key_speaks_for_an_account()
    {
        using var account = _server.Account("scholar");
        var (_, uploaded) = await UploadAsync(account, "upload/");
        using var byKey = _server.Nobody();
        byKey.DefaultRequestHeaders.Add("X-API-Key", account.DefaultRequestHeaders.Authorization!.Parameter);

        using var answer = await byKey.GetAsync(Prefix + $"job/{uploaded.GetProperty("job_id").GetString()}/status/");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    static async Task<(HttpStatusCode Status, JsonElement Answer)> UploadAsync(
        HttpClient client, string path, byte[]? content = null)
    {
        using var form = Requests.Form(("num_workers", "4"))
            .WithFile("references.bib", content ?? Encoding.UTF8.GetBytes(Requests.Bib), "bibtex_file");
        using var answer = await client.PostAsync(Prefix + path, form);
        return (answer.StatusCode, await JsonAsync(answer));
    }

    static async Task<JsonElement> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(Prefix + path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await JsonAsync(answer);
    }

    static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync());

    static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    /// <summary>The named fields as they stand on the wire; further fields are allowed.</summary>
    static string Ordered(JsonElement element, params string[] names) =>
        "{" + string.Join(",", names.Select(name => $"\"{name}\":{element.GetProperty(name).GetRawText()}")) + "}";
}
