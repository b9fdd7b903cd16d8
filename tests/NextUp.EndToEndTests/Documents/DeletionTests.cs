using System.Net;
using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Storage.Postgres;
using NextUp.Storage.Postgres.Side;
using NextUp.Storage.Sql.Side;
using NextUp.Storage.Sqlite.Side;
using NextUp.StorageTests.Postgres;

namespace NextUp.EndToEndTests.Documents;

/// <summary>What goes with a document: what was uploaded for it, and what its jobs made of it.</summary>
public sealed class DeletionTests(RunningServer shared) : IClassFixture<RunningServer>
{
    static readonly string Large = string.Concat(Enumerable.Range(0, 4_000).Select(i => $"The pump of house {i} has new bearings. "));

    [Fact]
    public async Task Uploads_and_results_of_all_its_jobs_go_with_a_document_small_and_large_and_the_jobs_stay()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Running);
        using var user = server.Visitor();
        using var other = server.Visitor();
        var kept = await other.ProcessedAsync("kept.txt", Uploads.Pump);
        foreach (var (name, text) in ((string, string)[])[("small.txt", Uploads.Pump), ("large.txt", Large)])
        {
            var document = await user.ProcessedAsync(name, text);
            using var anew = await user.PostAsync($"/api/v1/documents/{document.Id}/reprocess", null);
            Assert.Equal(HttpStatusCode.Accepted, anew.StatusCode);
            var again = await user.SettledAsync(document.Id);
            Assert.NotEqual(document.Job, again.Job);

            using var deleted = await user.DeleteAsync("/api/v1/documents/" + document.Id);

            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
            foreach (var job in (string[])[document.Job, again.Job])
            {
                await IsGoneAsync(user, job, "original");
                await IsGoneAsync(user, job, "result");
                Assert.Equal(JobStateNames.Completed, (await user.GetJobAsync(job)).State);
            }
        }

        Assert.Empty(Directory.GetFiles(server.Folder, "*.bin", SearchOption.AllDirectories));
        Assert.Equal(Uploads.Pump, await other.GetStringAsync($"/api/v1/jobs/{kept.Job}/original"));
    }

    [Fact]
    public async Task A_job_that_is_stopped_by_the_deletion_leaves_no_upload_and_is_not_done_again()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var user = server.Visitor();
        var job = await user.UploadedAsync("a.txt", Uploads.Pump);
        Assert.Equal(Uploads.Pump, await user.GetStringAsync($"/api/v1/jobs/{job}/original"));

        using var deleted = await user.DeleteAsync("/api/v1/documents/" + job);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await IsGoneAsync(user, job, "original");
        Assert.Equal(JobStateNames.Cancelled, (await user.GetJobAsync(job)).State);
        using var retried = await user.PostAsync($"/api/v1/jobs/{job}/retry", null);
        var problem = await retried.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.JobNotRetryable);
        Assert.Contains("deleted with the document", problem.Detail, StringComparison.Ordinal);
        using var operators = server.Operator("olga");
        using var asked = await operators.PostAsync($"/api/v1/operations/jobs/{job}/retry", null);
        await asked.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.JobNotRetryable);
    }

    [Fact]
    public async Task The_same_file_sent_again_after_the_deletion_has_an_upload_of_its_own()
    {
        using var user = shared.Process.Visitor();
        var old = await user.ProcessedAsync("a.txt", Uploads.Pump);
        using var refused = await user.SubmitAsync("b.txt", Encoding.UTF8.GetBytes(Uploads.Pump), ("kind", "documents"));
        await refused.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.DuplicateDocument);
        using var deleted = await user.DeleteAsync("/api/v1/documents/" + old.Id);

        var document = await user.ProcessedAsync("c.txt", Uploads.Pump);

        await IsGoneAsync(user, old.Job, "original");
        Assert.Equal(Uploads.Pump, await user.GetStringAsync($"/api/v1/jobs/{document.Job}/original"));
    }

    [Fact]
    public async Task A_server_that_dies_between_the_document_and_its_uploads_goes_on_at_its_next_start()
    {
        var folder = Directory.CreateTempSubdirectory("nextup-deletion-").FullName;
        await GoesOnAsync(
            ServerProcess.Running, folder, () => SqliteSideStores.Open(folder),
            () => Assert.Empty(Directory.GetFiles(folder, "*.bin", SearchOption.AllDirectories)));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task So_does_one_on_PostgreSQL()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        using var postgres = PostgresServer.Start();
        var connection = postgres.Connection("deletion");
        var folder = Directory.CreateTempSubdirectory("nextup-deletion-").FullName;
        await GoesOnAsync(
            $$"""
            {"store": {"kind": "postgres", "connection": "{{connection}}"}, "queue": {"slots": 2}, "bibtex": {"providers": ["catalogue"]} }
            """,
            folder, () => PostgresSideStores.Open(new PostgresStoreOptions { Connection = connection }), () => { });
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The first step is done by hand while no server runs, which is what one leaves that dies after it.</summary>
    static async Task GoesOnAsync(string config, string folder, Func<SideStores> open, Action look)
    {
        string job;
        await using (var first = await ServerProcess.StartAsync(config, folder))
        {
            await first.SaysAsync("ready");
            using var user = first.Account("ada");
            job = (await user.ProcessedAsync("large.txt", Large)).Job;
            Assert.Equal(Large, await user.GetStringAsync($"/api/v1/jobs/{job}/original"));
            await first.KillAsync();
        }

        using (var stores = open())
        {
            var document = (await stores.Documents.FindByJobAsync(JobId.Parse(job, null)))!;
            Assert.True(await stores.Documents.DeleteAsync(document.User, document.Id));
        }

        await using var second = await ServerProcess.StartAsync(config, folder);
        await second.SaysAsync("ready");
        using var again = second.Account("ada");
        await again.WithoutUploadAsync(job);
        await IsGoneAsync(again, job, "result");
        Assert.Equal(JobStateNames.Completed, (await again.GetJobAsync(job)).State);
        look();
    }

    static async Task IsGoneAsync(HttpClient user, string job, string file)
    {
        using var answer = await user.GetAsync($"/api/v1/jobs/{job}/{file}");
        var problem = await answer.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.FileNotFound);
        Assert.Contains("deleted with the document", problem.Detail, StringComparison.Ordinal);
    }
}
