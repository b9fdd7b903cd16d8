using System.Text;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.UnitTests.Documents.Embedding;

namespace NextUp.EndToEndTests.Documents;

/// <summary>The work of documents where things go wrong: services that misbehave, crashes, and workers elsewhere.</summary>
public sealed class WorkTests : IAsyncLifetime
{
    static readonly string s_long = string.Concat(Enumerable.Range(1, 60).Select(i =>
        $"Paragraph number {i} tells of lighthouse {i}. {string.Concat(Enumerable.Repeat("It goes on for a while. ", 40))}\n\n"));

    EmbeddingStub _stub = null!;

    public async ValueTask InitializeAsync() => _stub = await EmbeddingStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task A_service_makes_the_vectors_and_is_asked_for_each_question()
    {
        await using var server = await ServerProcess.StartAsync(Settings());
        using var user = server.Visitor();

        var document = await user.ProcessedAsync("a.txt", Uploads.Pump);

        Assert.Equal(("completed", "stub-model", 8), (document.State, document.Model, document.Dimension));
        Assert.Single((await user.SearchAsync("bearings")).Hits);
        Assert.Equal("bearings", Assert.Single(_stub.Requests.Last().Texts));
    }

    [Fact]
    public async Task A_wrong_vector_fails_the_job_for_good_and_stores_nothing()
    {
        await using var server = await ServerProcess.StartAsync(Settings());
        using var user = server.Visitor();
        _stub.Always = EmbeddingStub.Says(asked => asked.Texts.Select(_ => "[1,2,\"NaN\"]"));

        var document = await user.ProcessedAsync("a.txt", Uploads.Pump);

        Assert.Equal((JobStateNames.Failed, 0), (document.State, document.Chunks));
        Assert.Contains("NaN", document.Error, StringComparison.Ordinal);
        Assert.Single(_stub.Requests);
        _stub.Always = null;
        Assert.Empty((await user.SearchAsync("bearings")).Hits);
    }

    [Fact]
    public async Task A_service_that_is_away_is_tried_again_and_searching_goes_on_by_words()
    {
        await using var server = await ServerProcess.StartAsync(Settings());
        using var user = server.Visitor();
        _stub.Next(EmbeddingStub.Refuses(503, "")).Next(EmbeddingStub.Refuses(429, "", retryAfter: "0"));
        Assert.Equal(JobStateNames.Completed, (await user.ProcessedAsync("a.txt", Uploads.Pump)).State);

        _stub.Always = EmbeddingStub.Refuses(401, "");
        var found = await user.SearchAsync("bearings");

        Assert.Single(found.Hits);
        Assert.Contains("by words only", found.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_kill_9_the_work_goes_on_behind_the_last_batch_that_was_paid_for()
    {
        var killed = new TaskCompletionSource();
        string id;
        var folder = Directory.CreateTempSubdirectory("nextup-e2e-").FullName;
        var server = await ServerProcess.StartAsync(Settings("\"chunksAtOnce\":4,"), folder);
        var address = server.Address.ToString().TrimEnd('/');
        using (var user = server.Account("ann"))
        {
            // Two batches are answered, the third never is: the server dies in the middle.
            _stub.Always = (context, asked) => _stub.Requests.Count <= 2
                ? EmbeddingStub.Says(given => given.Texts.Select(_stub.VectorOf))(context, asked)
                : Silent(context, asked, killed);
            id = await user.UploadedAsync("long.txt", s_long);
            await killed.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await server.KillAsync();
        }

        await server.DisposeAsync();
        var paidFor = _stub.Requests.Take(2).SelectMany(asked => asked.Texts).ToHashSet();
        var before = _stub.Requests.Count;
        _stub.Always = null;
        await using (var next = await ServerProcess.StartAsync(Settings("\"chunksAtOnce\":4,"), folder, address))
            await GoesOnAsync(next, id, before, paidFor);
        Directory.Delete(folder, recursive: true);
    }

    async Task GoesOnAsync(ServerProcess next, string id, int before, HashSet<string> paidFor)
    {
        using var again = next.Account("ann");
        var document = await again.SettledAsync(id);

        Assert.Equal(JobStateNames.Completed, document.State);
        Assert.DoesNotContain(_stub.Requests.Skip(before).SelectMany(asked => asked.Texts), paidFor.Contains);
        var found = await again.SearchAsync("lighthouse 60");
        Assert.Equal(document.Chunks, found.Searched);
        Assert.Equal(document.Chunks, (await again.DocumentsAsync()).Holding.Chunks);
    }

    [Fact]
    public async Task A_cancelled_document_leaves_nothing_and_can_be_deleted()
    {
        await using var server = await ServerProcess.StartAsync(Settings());
        using var user = server.Visitor();
        _stub.Always = EmbeddingStub.IsSilent();
        var id = await user.UploadedAsync("a.txt", Uploads.Pump);
        await Eventually.IsTrueAsync(() => !_stub.Requests.IsEmpty);

        using var cancelled = await user.PostAsync($"/api/v1/jobs/{id}/cancel", null);

        Assert.Equal(JobStateNames.Cancelled, (await user.SettledAsync(id)).State);
        using var deleted = await user.DeleteAsync("/api/v1/documents/" + id);
        Assert.True(deleted.IsSuccessStatusCode);
        Assert.Empty((await user.DocumentsAsync()).Documents);
    }

    [Fact]
    public async Task A_document_that_was_cancelled_while_it_waited_can_be_uploaded_again_and_worked_on_anew()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var user = server.Visitor();
        var id = await user.UploadedAsync("a.txt", Uploads.Pump);
        using var cancelled = await user.PostAsync($"/api/v1/jobs/{id}/cancel", null);
        Assert.Equal(System.Net.HttpStatusCode.OK, cancelled.StatusCode);

        // Nobody has looked at it since.
        var again = await user.UploadedAsync("a.txt", Uploads.Pump);

        Assert.NotEqual(id, again);
        var document = Assert.Single((await user.DocumentsAsync()).Documents);
        Assert.Equal((id, again, JobStateNames.Pending), (document.Id, document.Job, document.State));
        using var twice = await user.PostAsync($"/api/v1/jobs/{again}/cancel", null);
        using var anew = await user.PostAsync($"/api/v1/documents/{id}/reprocess", null);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, anew.StatusCode);
    }

    [Fact]
    public async Task A_document_that_is_deleted_while_it_is_worked_on_is_gone_for_good()
    {
        await using var server = await ServerProcess.StartAsync(Settings());
        using var user = server.Visitor();
        _stub.Always = EmbeddingStub.IsSilent();
        var id = await user.UploadedAsync("a.txt", Uploads.Pump);
        await Eventually.IsTrueAsync(() => !_stub.Requests.IsEmpty);

        using var deleted = await user.DeleteAsync("/api/v1/documents/" + id);

        Assert.True(deleted.IsSuccessStatusCode);
        Assert.Equal(JobStateNames.Cancelled, (await user.GetJobAsync(id)).State);
        Assert.Empty((await user.DocumentsAsync()).Documents);
        await user.WithoutUploadAsync(id);
    }

    [Fact]
    public async Task When_the_model_changes_documents_are_embedded_anew_without_their_uploads()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Running);
        using var user = server.Visitor();
        var document = await user.ProcessedAsync("a.txt", Uploads.Pump);
        Assert.Equal("lexical-static-v1", document.Model);

        File.WriteAllText(Path.Combine(server.Folder, "test-settings.json"), Settings());
        await server.HangUpAsync();
        using var other = server.Visitor();
        // The service's space is known with its first vector.
        await Eventually.FoundAsync(async () =>
        {
            var found = await user.SearchAsync("bearings");
            return _stub.Requests.IsEmpty ? null : found;
        });

        await Eventually.FoundAsync(async () => (await user.DocumentAsync(document.Id)).Model == "stub-model" ? document : null);
        Assert.Equal(0, (await user.SearchAsync("bearings")).ByWordsOnly);
    }

    [Fact]
    public async Task A_worker_elsewhere_makes_documents_that_the_server_keeps()
    {
        await using var server = await ServerProcess.StartAsync(
            """{"bibtex":{"providers":["catalogue"]},"kinds":{"documents":{"workedBy":"workers"}}}""");
        var folder = Directory.CreateTempSubdirectory("nextup-worker-").FullName;
        await using (var worker = WorkerProcess.Start(server, folder, "--kinds", "documents"))
        {
            using var user = server.Visitor();
            var document = await user.ProcessedAsync("a.txt", Uploads.Pump);

            Assert.Equal((JobStateNames.Completed, 1), (document.State, document.Chunks));
            Assert.Single((await user.SearchAsync("bearings")).Hits);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_result_that_is_no_file_of_chunks_fails_its_job_and_says_so()
    {
        await using var server = await ServerProcess.StartAsync(
            """{"bibtex":{"providers":["catalogue"]},"kinds":{"documents":{"workedBy":"workers"}}}""");
        using var user = server.Visitor();
        var id = await user.UploadedAsync("a.txt", Uploads.Pump);
        using var worker = server.Worker();
        using var body = new StringContent(
            """{"worker":"w","incarnation":1,"kinds":["documents"],"count":1,"waitSeconds":10}""", Encoding.UTF8, "application/json");
        using var leased = await worker.PostAsync("/api/v1/work/lease", body);
        Assert.True(leased.IsSuccessStatusCode, await leased.Content.ReadAsStringAsync());

        using var reported = await worker.PostAsync(
            $"/api/v1/work/{id}/complete?attempt=1", Requests.Form(("summary", "{}")).WithFile("r", "rubbish\n"u8.ToArray(), "result"));

        Assert.True(reported.IsSuccessStatusCode, await reported.Content.ReadAsStringAsync());
        var document = await user.SettledAsync(id);
        Assert.Equal(JobStateNames.Failed, document.State);
        Assert.Contains("file of chunks", document.Error, StringComparison.Ordinal);
    }

    static Task Silent(Microsoft.AspNetCore.Http.HttpContext context, EmbeddingStub.Asked asked, TaskCompletionSource reached)
    {
        reached.TrySetResult();
        return EmbeddingStub.IsSilent()(context, asked);
    }

    string Settings(string more = "") =>
        "{\"queue\":{\"slots\":2},\"bibtex\":{\"providers\":[\"catalogue\"]},\"documents\":{" + more
        + $"\"embedding\":{{\"address\":\"{_stub.Address}\",\"model\":\"stub-model\",\"timeout\":\"30s\"}}}}}}";
}
