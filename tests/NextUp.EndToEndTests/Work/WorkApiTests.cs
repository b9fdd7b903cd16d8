using System.Net;
using System.Net.Http.Json;
using System.Text;
using NextUp.Client.Operations;
using NextUp.Client.Wire;
using NextUp.Client.Work;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Work;

/// <summary>One server with a kind of work that it does not know itself.</summary>
public sealed class LendingServer : IAsyncLifetime
{
    public const string Config =
        """
        {"workers": {"lease": "3s", "kinds": [{"name": "count"}, {"name": "sort"}]},
         "kinds": {"count": {"activePerUserMax": null, "retryDelay": "0s"}}, "bibtex": {"providers": ["catalogue"]}}
        """;

    public ServerProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Process = await ServerProcess.StartAsync(Config);

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}

public sealed class WorkApiTests(LendingServer lending) : IClassFixture<LendingServer>
{
    readonly ServerProcess _server = lending.Process;

    [Fact]
    public async Task A_leased_job_is_fetched_reported_on_checkpointed_and_completed()
    {
        using var user = _server.Account("lifecycle");
        using var worker = _server.Worker();
        var job = await SubmitAsync(user, "one two");
        var leased = await LeaseAsync(worker, job.Id);

        Assert.Equal(("count", 1, "in.txt", 7L), (leased.Kind, leased.Attempt, leased.FileName, leased.FileSize));
        Assert.DoesNotContain("lifecycle", leased.User, StringComparison.Ordinal);
        Assert.Equal("one two", await worker.GetStringAsync(leased.Input));
        using (await AnsweredAsync(worker.PutAsync(Checkpoint(leased), new StringContent("so far")), HttpStatusCode.NoContent))
            Assert.Equal("so far", await worker.GetStringAsync(Checkpoint(leased)));
        var progress = new HeartbeatRequest { Progress = new(1, 2, 0, 50, "counting"), Lines = ["half"] };
        using (var beat = await worker.PostAsJsonAsync(leased.Heartbeat, progress, WorkJson.Default.HeartbeatRequest))
            Assert.Null((await beat.Content.ReadFromJsonAsync(WorkJson.Default.HeartbeatView))!.Stop);
        Assert.Equal(50, (await user.GetJobAsync(job.Id)).Progress.Percent);

        using var form = Requests.Form(("summary", """{"words":2}""")).WithFile("counts.txt", "2"u8.ToArray(), "result");
        using (await AnsweredAsync(worker.PostAsync(leased.Complete, form), HttpStatusCode.OK))
            Assert.Equal("2", await user.GetStringAsync($"/api/v1/jobs/{job.Id}/result"));
        var done = await user.GetJobAsync(job.Id);
        Assert.Equal((JobStateNames.Completed, 2), (done.State, done.Summary!.Value.GetProperty("words").GetInt32()));
    }

    [Fact]
    public async Task Whatever_is_said_of_an_attempt_that_is_over_is_answered_409_and_changes_nothing()
    {
        using var user = _server.Account("stale");
        using var worker = _server.Worker();
        var job = await SubmitAsync(user, "text");
        var first = await LeaseAsync(worker, job.Id);
        using (await AnsweredAsync(FailAsync(worker, first, FailWays.HandBack), HttpStatusCode.OK))
        {
            // Handed back: the job goes on in a second attempt.
        }

        var second = await LeaseAsync(worker, job.Id);
        Assert.Equal((1, 2), (first.Attempt, second.Attempt));

        await RefusedAsync(worker.GetAsync(first.Input));
        await RefusedAsync(worker.GetAsync(Checkpoint(first)));
        await RefusedAsync(worker.PutAsync(Checkpoint(first), new StringContent("late")));
        await RefusedAsync(worker.PostAsJsonAsync(first.Heartbeat, new HeartbeatRequest(), WorkJson.Default.HeartbeatRequest));
        await RefusedAsync(FailAsync(worker, first, FailWays.GiveUp));
        await RefusedAsync(CompleteAsync(worker, first, "late"));

        using (await AnsweredAsync(CompleteAsync(worker, second, "right"), HttpStatusCode.OK))
            Assert.Equal("right", await user.GetStringAsync($"/api/v1/jobs/{job.Id}/result"));
        using (await AnsweredAsync(CompleteAsync(worker, second, "again"), HttpStatusCode.OK))
            Assert.Equal("right", await user.GetStringAsync($"/api/v1/jobs/{job.Id}/result"));
    }

    [Fact]
    public async Task A_worker_may_do_nothing_else_and_nobody_else_may_work()
    {
        using var worker = _server.Worker();
        foreach (var path in (string[])["/api/v1/jobs", "/api/v1/me", "/api/v1/queue", "/api/v1/events"])
        {
            using var answer = await worker.GetAsync(path);
            await answer.ProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        }

        using var submitted = await worker.SubmitAsync();
        await submitted.ProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        foreach (var other in (HttpClient[])[_server.Account("curious"), _server.Visitor()])
        {
            using (other)
            using (var answer = await PostLeaseAsync(other, new("w", 1, ["count"], 1)))
                await answer.ProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        }
    }

    [Fact]
    public async Task Another_accounts_worker_learns_as_much_of_a_lease_as_of_one_that_does_not_exist()
    {
        using var user = _server.Account("private");
        using var worker = _server.Worker();
        using var other = _server.Worker("other-crew");
        var job = await SubmitAsync(user, "secret");
        var leased = await LeaseAsync(worker, job.Id);
        var none = $"/api/v1/work/{Guid.NewGuid()}/input?attempt=1";

        using var theirs = await other.GetAsync(leased.Input);
        using var nobodys = await other.GetAsync(none);

        Assert.Equal(await nobodys.Content.ReadAsStringAsync(), await theirs.Content.ReadAsStringAsync());
        await RefusedAsync(CompleteAsync(other, leased, "forged"));
        using (await AnsweredAsync(CompleteAsync(worker, leased, "mine"), HttpStatusCode.OK))
            Assert.Equal("mine", await user.GetStringAsync($"/api/v1/jobs/{job.Id}/result"));
    }

    [Theory]
    [InlineData("""{"worker":"","incarnation":1,"count":1}""", 400, ProblemCodes.InvalidRequest)]
    [InlineData("""{"worker":"a/b","incarnation":1,"count":1}""", 400, ProblemCodes.InvalidRequest)]
    [InlineData("""{"worker":"w","incarnation":1,"count":1001}""", 400, ProblemCodes.InvalidRequest)]
    [InlineData("""{"worker":"w","incarnation":1,"count":1,"waitSeconds":61}""", 400, ProblemCodes.InvalidRequest)]
    [InlineData("""{"worker":"w","incarnation":1,"count":1,"kinds":["nothing"]}""", 422, ProblemCodes.UnknownKind)]
    [InlineData("""{"worker":"w","incarnation":1,"count":1,"kinds":["bibtex"]}""", 422, ProblemCodes.KindNotLent)]
    [InlineData("""{"worker":"w","incarnation":"x"}""", 400, ProblemCodes.InvalidRequest)]
    [InlineData("null", 400, ProblemCodes.InvalidRequest)]
    public async Task A_wrong_ask_is_refused_with_what_is_wrong(string body, int status, string code)
    {
        using var worker = _server.Worker();
        using var answer = await worker.PostAsync(
            "/api/v1/work/lease", new StringContent(body, Encoding.UTF8, "application/json"));
        await answer.ProblemAsync((HttpStatusCode)status, code);
    }

    [Fact]
    public async Task A_result_that_is_not_whole_is_refused_and_may_be_sent_again()
    {
        using var user = _server.Account("unwhole");
        using var worker = _server.Worker();
        var leased = await LeaseAsync(worker, (await SubmitAsync(user, "text")).Id);

        using (var nothing = await worker.PostAsync(leased.Complete, Requests.Form(("summary", "{}"))))
            await nothing.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.NoFile);
        using (var form = Requests.Form(("summary", "[]")).WithFile("r", [1], "result"))
        using (var summary = await worker.PostAsync(leased.Complete, form))
            await summary.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);
        using (var fail = await FailAsync(worker, leased, "maybe"))
            await fail.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);

        using (await AnsweredAsync(CompleteAsync(worker, leased, "whole"), HttpStatusCode.OK))
        {
            // The attempt was still its own.
        }
    }

    [Fact]
    public async Task Several_are_leased_with_their_uploads_and_completed_at_once()
    {
        using var user = _server.Account("many");
        using var worker = _server.Worker();
        for (var i = 0; i < 5; i++)
            await SubmitAsync(user, $"text {i}");

        List<LeasedJobView> jobs = [];
        while (jobs.Count < 5)
            jobs.AddRange((await ReadLeaseAsync(worker, new("batch", 1, ["count"], 10) { InlineBytesMax = 100 })).Jobs);
        var whole = new CompletionsRequest([.. jobs.Select(job => new CompletionOf(
            job.Id, job.Attempt, null, [new("result", "r.txt", "text/plain", job.Content!)]))]);
        using var answer = await worker.PostAsJsonAsync("/api/v1/work/complete", whole, WorkJson.Default.CompletionsRequest);

        var outcomes = (await answer.Content.ReadFromJsonAsync(WorkJson.Default.CompletionsView))!.Outcomes;
        Assert.All(outcomes, outcome => Assert.Equal((JobStateNames.Completed, (string?)null), (outcome.State, outcome.Stop)));
        Assert.StartsWith("text ", await user.GetStringAsync($"/api/v1/jobs/{jobs[0].Id}/result"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operators_see_who_works_and_that_it_takes_no_slot_here()
    {
        using var user = _server.Account("seen");
        using var worker = _server.Worker("listed-crew");
        using var olga = _server.Operator("olga");
        var leased = await LeaseAsync(worker, (await SubmitAsync(user, "text")).Id);

        var list = (await olga.GetFromJsonAsync("/api/v1/operations/workers", OperationsJson.Default.WorkersView))!;
        var listed = Assert.Single(list.Workers, one => one.Account == "listed-crew");
        Assert.Equal((leased.Id, 1, 0), (listed.Name, listed.Running, listed.Offered));
        Assert.Equal([leased.Id, "count"], listed.Jobs.Concat(listed.Kinds));
        Assert.NotNull(listed.HeardAt);
        var queue = (await user.GetFromJsonAsync("/api/v1/queue", WireJson.Wire.QueueView))!;
        Assert.True(queue is { Running: 0, RunningElsewhere: > 0 }, $"{queue}");

        (await CompleteAsync(worker, leased, "done")).Dispose();
    }

    [Fact]
    public async Task A_worker_that_waits_is_listed_with_the_room_it_offers()
    {
        using var worker = _server.Worker("idle-crew");
        using var olga = _server.Operator("olga");
        var asking = Task.CompletedTask;

        // An ask waits for a part of a lease; who sees none open asks again.
        var listed = await Eventually.FoundAsync(async () =>
        {
            if (asking.IsCompleted)
                asking = ReadLeaseAsync(worker, new("idle", 1, ["sort"], 7));
            var view = await olga.GetFromJsonAsync("/api/v1/operations/workers", OperationsJson.Default.WorkersView);
            return view!.Workers.SingleOrDefault(one => one is { Account: "idle-crew", Offered: > 0 });
        });

        Assert.Equal((7, 0), (listed.Offered, listed.Running));
        await asking;
    }

    static async Task<JobView> SubmitAsync(HttpClient user, string text) =>
        await user.SubmittedAsync("in.txt", Encoding.UTF8.GetBytes(text), ("kind", "count"));

    /// <summary>Tests share the server: what belongs to another one is handed back.</summary>
    static async Task<LeasedJobView> LeaseAsync(HttpClient worker, string job)
    {
        while (true)
        {
            foreach (var leased in (await ReadLeaseAsync(worker, new(job, 1, ["count"], 1))).Jobs)
            {
                if (leased.Id == job)
                    return leased;
                (await FailAsync(worker, leased, FailWays.HandBack)).Dispose();
            }
        }
    }

    static async Task<LeaseView> ReadLeaseAsync(HttpClient worker, LeaseRequest request)
    {
        using var answer = await PostLeaseAsync(worker, request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync(WorkJson.Default.LeaseView))!;
    }

    static Task<HttpResponseMessage> PostLeaseAsync(HttpClient worker, LeaseRequest request) =>
        worker.PostAsJsonAsync("/api/v1/work/lease", request, WorkJson.Default.LeaseRequest);

    static Task<HttpResponseMessage> FailAsync(HttpClient worker, LeasedJobView job, string how) =>
        worker.PostAsJsonAsync(job.Fail, new(how, "because", null), WorkJson.Default.FailRequest);

    static async Task<HttpResponseMessage> CompleteAsync(HttpClient worker, LeasedJobView job, string result)
    {
        using var form = Requests.Form().WithFile("r.txt", Encoding.UTF8.GetBytes(result), "result");
        return await worker.PostAsync(job.Complete, form);
    }

    static string Checkpoint(LeasedJobView job) => $"/api/v1/work/{job.Id}/checkpoints/batch-1?attempt={job.Attempt}";

    static async Task<HttpResponseMessage> AnsweredAsync(Task<HttpResponseMessage> call, HttpStatusCode status)
    {
        var answer = await call;
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer;
    }

    static async Task RefusedAsync(Task<HttpResponseMessage> call)
    {
        using var answer = await call;
        await answer.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.AttemptOver);
    }
}
