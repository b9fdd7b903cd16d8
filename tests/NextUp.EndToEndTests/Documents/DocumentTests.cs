using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NextUp.Client.Documents;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Documents;

/// <summary>Documents from upload to deletion, over HTTP, on a server that works on them.</summary>
public sealed class DocumentTests(RunningServer server) : IClassFixture<RunningServer>
{
    readonly ServerProcess _server = server.Process;

    [Fact]
    public async Task An_upload_becomes_chunks_that_a_search_finds_with_the_words_marked()
    {
        using var user = _server.Visitor();

        var document = await user.ProcessedAsync("report.txt", Uploads.Pump);

        Assert.Equal((JobStateNames.Completed, 1, 1), (document.State, document.Chunks, document.Vectors));
        Assert.Equal(("lexical-static-v1", 1224, "en"), (document.Model, document.Dimension, document.Language));
        var found = await user.SearchAsync("cooling pumps");
        var hit = Assert.Single(found.Hits);
        Assert.Equal((document.Id, "report.txt"), (hit.Document, hit.Name));
        Assert.Equal(["cooling", "pump"], hit.Snippet.Marks.Select(mark => hit.Snippet.Text[mark.From..mark.To]));
        Assert.Empty((await user.SearchAsync("zebra xylophone")).Hits);
    }

    [Fact]
    public async Task The_same_bytes_again_point_to_the_document_that_is_there()
    {
        using var user = _server.Visitor();
        var document = await user.ProcessedAsync("a.txt", "Some words about gardens.");

        using var again = await user.SubmitAsync("b.txt", Encoding.UTF8.GetBytes("Some words about gardens."), ("kind", "documents"));

        var problem = await again.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.DuplicateDocument);
        Assert.Equal(document.Id, problem.ExistingDocument);
        Assert.Single((await user.DocumentsAsync()).Documents);
        using var other = _server.Visitor();
        await other.ProcessedAsync("c.txt", "Some words about gardens.");
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_job_and_one_document()
    {
        using var user = _server.Visitor();
        user.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        var content = Encoding.UTF8.GetBytes("Sent twice over a bad line.");
        using var first = await user.SubmitAsync("a.txt", content, ("kind", "documents"));
        using var second = await user.SubmitAsync("a.txt", content, ("kind", "documents"));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal((await first.JobAsync()).Id, (await second.JobAsync()).Id);
        Assert.Single((await user.DocumentsAsync()).Documents);
    }

    [Theory]
    [InlineData("empty.txt", "", "empty")]
    [InlineData("blank.txt", " \n \t ", "text")]
    public async Task A_file_without_text_never_completes(string name, string content, string word)
    {
        using var user = _server.Visitor();
        using var answer = await user.SubmitAsync(name, Encoding.UTF8.GetBytes(content), ("kind", "documents"));
        var said = answer.StatusCode == HttpStatusCode.Created
            ? (await user.SettledAsync((await answer.JobAsync()).Id)).Error
            : (await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.UnfitUpload)).Detail;

        Assert.Contains(word, said, StringComparison.OrdinalIgnoreCase);
        Assert.Empty((await user.SearchAsync("text")).Hits);
    }

    [Fact]
    public async Task What_is_deleted_is_found_nowhere()
    {
        using var user = _server.Visitor();
        var document = await user.ProcessedAsync("a.txt", Uploads.Pump);
        Assert.Single((await user.SearchAsync("bearings")).Hits);

        using var deleted = await user.DeleteAsync("/api/v1/documents/" + document.Id);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty((await user.SearchAsync("bearings")).Hits);
        var page = await user.DocumentsAsync();
        Assert.Empty(page.Documents);
        Assert.Equal((0, 0, 0), (page.Holding.Documents, page.Holding.Chunks, page.Holding.Bytes));
        foreach (var rest in (string[])["", "/chunks", "/export"])
        {
            using var gone = await user.GetAsync($"/api/v1/documents/{document.Id}{rest}");
            await gone.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.DocumentNotFound);
        }

        await user.ProcessedAsync("a.txt", Uploads.Pump);
    }

    [Fact]
    public async Task What_is_deleted_is_not_in_the_files_either()
    {
        const string Secret = "xylographically";
        await using var server = await ServerProcess.StartAsync(ServerProcess.Running);
        using var user = server.Visitor();
        var document = await user.ProcessedAsync("secret.txt", string.Concat(Enumerable.Repeat($"A word cut {Secret} in wood. ", 2_000)));
        var kept = await user.ProcessedAsync("kept.txt", Uploads.Pump);
        Assert.True(await IsInAsync(server, Secret));

        using var deleted = await user.DeleteAsync("/api/v1/documents/" + document.Id);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(0, await server.StopAsync());

        Assert.False(await IsInAsync(server, Secret));
        Assert.True(await IsInAsync(server, "bearings"), kept.State);
    }

    /// <summary>Whether the words stand in the database of documents, as they are.</summary>
    static async Task<bool> IsInAsync(ServerProcess server, string words)
    {
        var wanted = System.Text.Encoding.UTF8.GetBytes(words);
        foreach (var path in Directory.GetFiles(server.Folder, "documents.db*"))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[file.Length];
            var length = await file.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false);
            if (content.AsSpan(0, length).IndexOf(wanted) >= 0)
                return true;
        }

        return false;
    }

    [Fact]
    public async Task A_document_is_worked_on_anew_and_keeps_its_id()
    {
        using var user = _server.Visitor();
        var document = await user.ProcessedAsync("a.txt", Uploads.Pump);

        using var answer = await user.PostAsync($"/api/v1/documents/{document.Id}/reprocess", null);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var view = (await answer.Content.ReadFromJsonAsync(DocumentJson.Wire.DocumentView))!;
        Assert.Equal(document.Id, view.Id);
        Assert.NotEqual(document.Job, view.Job);
        Assert.Equal(JobStateNames.Completed, (await user.SettledAsync(document.Id)).State);
        Assert.Single((await user.SearchAsync("bearings")).Hits);
        Assert.Equal(1, (await user.DocumentsAsync()).Holding.Chunks);
    }

    [Fact]
    public async Task The_export_is_a_header_and_a_line_a_chunk_with_vectors_where_asked()
    {
        using var user = _server.Visitor();
        var second = string.Concat(Enumerable.Repeat("Second words go on. ", 120));
        var document = await user.ProcessedAsync("a.md", "# One\n\nFirst words.\n\n# Two\n\n" + second);

        foreach (var (query, hasVectors) in new[] { ("", false), ("?vectors=true", true) })
        {
            var lines = (await user.GetStringAsync($"/api/v1/documents/{document.Id}/export{query}")).TrimEnd('\n').Split('\n')
                .Select(line => JsonDocument.Parse(line).RootElement).ToList();
            Assert.Equal(document.Chunks, lines[0].GetProperty("chunks").GetInt32());
            Assert.Equal(document.Chunks + 1, lines.Count);
            Assert.All(lines.Skip(1), line => Assert.Equal(hasVectors, line.TryGetProperty("vector", out _)));
        }

        using var result = await user.GetAsync($"/api/v1/jobs/{document.Job}/result");
        Assert.Equal("application/jsonl", result.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Lists_page_by_key_and_chunks_by_number()
    {
        using var user = _server.Visitor();
        for (var i = 0; i < 3; i++)
            await user.UploadedAsync($"{i}.txt", $"Text number {i}.");
        var first = await user.DocumentsAsync("?limit=2");
        var second = await user.DocumentsAsync("?limit=2&after=" + first.Next);

        Assert.Equal(["2.txt", "1.txt", "0.txt"], first.Documents.Concat(second.Documents).Select(document => document.Name));
        Assert.Null(second.Next);
        using var bad = await user.GetAsync("/api/v1/documents?after=nonsense");
        await bad.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=%20")]
    [InlineData("?q=a&limit=0")]
    [InlineData("?q=a&limit=101")]
    public async Task A_search_without_a_question_or_past_its_bounds_is_refused(string query)
    {
        using var user = _server.Visitor();
        using var answer = await user.GetAsync("/api/v1/documents/search" + query);

        await answer.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);
    }

    [Fact]
    public async Task Another_user_never_sees_documents_chunks_hits_or_counts()
    {
        const string secret = "The secret ingredient is cardamom.";
        using var owner = _server.Account("owner");
        var document = await owner.ProcessedAsync("secret-recipe.txt", secret);
        using var visitor = _server.Visitor();
        using var account = _server.Account("someone-else");

        foreach (var other in new[] { visitor, account })
        {
            foreach (var path in (string[])["", "/chunks", "/export", "/reprocess"])
            {
                using var request = new HttpRequestMessage(
                    path == "/reprocess" ? HttpMethod.Post : HttpMethod.Get, $"/api/v1/documents/{document.Id}{path}");
                using var seen = await other.SendAsync(request);
                await seen.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.DocumentNotFound);
            }

            using var status = await other.GetAsync($"/api/documents/{document.Id}/status");
            Assert.Equal(HttpStatusCode.NotFound, status.StatusCode);
            using var deleted = await other.DeleteAsync("/api/v1/documents/" + document.Id);
            Assert.Equal(HttpStatusCode.NotFound, deleted.StatusCode);
            var found = await other.SearchAsync("cardamom");
            Assert.Equal((0, 0), (found.Hits.Count, found.Searched));
            var page = await other.DocumentsAsync();
            Assert.Equal((0, 0, 0), (page.Documents.Count, page.Holding.Documents, page.Holding.Chunks));

            // The same bytes are not theirs either: nothing tells them that somebody has them.
            using var own = await other.SubmitAsync("x.txt", Encoding.UTF8.GetBytes(secret), ("kind", "documents"));
            Assert.Equal(HttpStatusCode.Created, own.StatusCode);
        }

        Assert.Single((await owner.SearchAsync("cardamom")).Hits);
    }

    [Fact]
    public async Task A_visitor_who_signs_in_takes_their_documents_along()
    {
        using var visitor = _server.Visitor();
        var document = await visitor.ProcessedAsync("mine.txt", "Notes about lighthouses.");
        var token = new NextUp.Server.Users.TokenIssuer(_server.Folder, TimeProvider.System).Issue("lena", NextUp.Server.Users.Role.User);

        using var body = new StringContent($$"""{"token":"{{token}}"}""", Encoding.UTF8, "application/json");
        using var signedIn = await visitor.PostAsync("/api/v1/me/session", body);
        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);

        using var account = _server.Account("lena");
        Assert.Equal(document.Id, Assert.Single((await account.SearchAsync("lighthouse")).Hits).Document);
        Assert.Equal(1, (await account.DocumentsAsync()).Holding.Documents);
    }
}
