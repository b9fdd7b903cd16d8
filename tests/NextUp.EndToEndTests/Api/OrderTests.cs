using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NextUp.Client.Steering;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Server.Users;

namespace NextUp.EndToEndTests.Api;

/// <summary>Priorities, times, windows, pauses and slots on a real server where nothing starts.</summary>
public sealed class OrderTests : IAsyncLifetime
{
    const string Config = """
        {"queue":{"paused":true},"bibtex":{"providers":["catalogue"]},
         "kinds":{"bibtex":{"headStarts":{"priorityMax":2,"smallFileBytesMax":100}}}}
        """;

    ServerProcess _server = null!;

    public async ValueTask InitializeAsync() => _server = await ServerProcess.StartAsync(Config);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    static async Task<SteeringView> SteerAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/operations/" + path, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(), SteeringJson.Default.SteeringView)!;
    }

    static async Task<Problem> RefusedAsync(Task<HttpResponseMessage> call, HttpStatusCode status)
    {
        using var answer = await call;
        Assert.Equal(status, answer.StatusCode);
        return JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(), WireJson.Wire.Problem)!;
    }

    [Fact]
    public async Task An_urgent_job_stands_before_others_who_see_how_many_and_not_who()
    {
        using var ada = _server.Account("ada");
        using var bob = _server.Account("bob");
        var first = await ada.SubmittedAsync("a.bib");
        var urgent = await bob.SubmittedAsync("secret-name.bib", null, ("priority", "2"));
        Assert.Equal((1, 2, 1_200L), (urgent.Position, urgent.Priority, urgent.HeadStartSeconds));

        var json = await ada.GetStringAsync("/api/v1/jobs/" + first.Id);
        var overtaken = JsonSerializer.Deserialize(json, WireJson.Wire.JobView)!;

        Assert.Equal(2, overtaken.Position);
        Assert.Equal(new OvertakenView(1, 0, 0, 0, "1 urgent or small job came in before you"), overtaken.Overtaken);
        Assert.DoesNotContain("secret", json, StringComparison.Ordinal);
        Assert.DoesNotContain(urgent.Id, json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("priority", "3", HttpStatusCode.Forbidden, ProblemCodes.PriorityNotAllowed)]
    [InlineData("priority", "10", HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest)]
    [InlineData("priority", "-1", HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest)]
    [InlineData("notBefore", "2030-01-01T00:00:00", HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest)]
    [InlineData("notBefore", "tomorrow", HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest)]
    [InlineData("notBefore", "2999-01-01T00:00:00Z", HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest)]
    public async Task A_wish_that_is_none_is_refused_with_the_way_out(string field, string value, HttpStatusCode status, string code)
    {
        using var ada = _server.Account("ada");

        var problem = await RefusedAsync(ada.SubmitAsync("a.bib", null, (field, value)), status);

        Assert.Equal(code, problem.Code);
        Assert.Contains(field, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everyone_is_told_what_they_may_ask_for()
    {
        using var ada = _server.Account("ada");
        using var operators = _server.Operator("root");

        var own = JsonSerializer.Deserialize(await ada.GetStringAsync("/api/v1/kinds"), WireJson.Wire.KindList)!.Kinds;
        var theirs = JsonSerializer.Deserialize(await operators.GetStringAsync("/api/v1/kinds"), WireJson.Wire.KindList)!.Kinds;

        Assert.Equal(new KindView("bibtex", "refuse", true, 1, 2, 10 * 1024 * 1024), own[0]);
        Assert.Equal(["bibtex", "documents", "tables"], own.Select(kind => kind.Kind));
        Assert.Equal(9, theirs[0].PriorityMax);
    }

    [Fact]
    public async Task A_wish_may_be_said_in_the_query_and_the_form_goes_first()
    {
        using var ada = _server.Account("ada");
        using var form = Requests.Form(("priority", "1")).WithFile("a.bib", Requests.BibOf(3));
        using var answer = await ada.PostAsync("/api/v1/jobs?priority=2&notBefore=2020-01-01T00:00Z", form);

        var job = await answer.JobAsync();
        Assert.Equal((1, null), (job.Priority, job.NotBefore));
    }

    [Fact]
    public async Task A_job_for_later_says_when_and_has_no_place_yet()
    {
        using var ada = _server.Account("ada");
        var at = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date.AddDays(2), TimeSpan.Zero);
        var there = at.ToOffset(TimeSpan.FromHours(2)).ToString("O", CultureInfo.InvariantCulture);

        var job = await ada.SubmittedAsync("a.bib", null, ("notBefore", there));

        Assert.Equal((at, null, null), (job.NotBefore, job.Position, job.NextAttemptAt));
    }

    [Fact]
    public async Task Held_jobs_of_one_request_wait_in_its_order_for_the_one_before_them()
    {
        using var ada = _server.Account("ada");
        using var form = Requests.Form(("whenBusy", "hold"))
            .WithFile("1.bib", Requests.BibOf(3)).WithFile("2.bib", [0])
            .WithFile("3.bib", Requests.BibOf(3)).WithFile("4.bib", Requests.BibOf(3));
        using var answer = await ada.PostAsync("/api/v1/jobs", form);

        var outcomes = JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(), WireJson.Wire.SubmitOutcomes)!.Results;

        Assert.Equal([201, 422, 201, 201], outcomes.Select(outcome => outcome.Status));
        var first = outcomes[0].Job!;
        Assert.Equal((1, false), (first.Position, first.IsHeld));
        Assert.All(outcomes.Skip(2), held => Assert.Equal((true, first.Id), (held.Job!.IsHeld, held.Job.WaitsForJob)));
        using var cancelled = await ada.PostAsync($"/api/v1/jobs/{first.Id}/cancel", null);
        var joined = await ada.GetJobAsync(outcomes[2].Job!.Id);
        Assert.Equal((1, 0L), (joined.Position, joined.HeadStartSeconds));
        Assert.True((await ada.GetJobAsync(outcomes[3].Job!.Id)).IsHeld);
    }

    [Fact]
    public async Task A_pause_and_its_reason_reach_those_who_wait_live_and_hold_over_a_restart()
    {
        using var operators = _server.Operator("root");
        using var ada = _server.Account("ada");
        var job = await ada.SubmittedAsync("a.bib");
        Assert.Equal("paused", job.Wait!.Cause);
        var steering = await SteerAsync(operators, "resume", new { scope = "queue" });
        Assert.False(steering.IsPaused);
        job = await ada.FinishedAsync(job.Id);

        await SteerAsync(operators, "pause", new { scope = "kind", kind = "bibtex" });
        job = await ada.SubmittedAsync("b.bib");
        await using var feed = await LiveFeedReader.OpenAsync(ada);
        await feed.SnapshotAsync();
        steering = await SteerAsync(operators, "pause", new { scope = "user", user = "ada", reason = "a talk about limits" });
        Assert.Equal(
            [("kind", "bibtex", null, null, "root"), ("user", null, "ada", "a talk about limits", "root")],
            steering.Pauses.Select(pause => (pause.Scope, pause.Kind, pause.User, pause.Reason, pause.By)));
        JobPosition told;
        do
        {
            var next = await feed.NextAsync(LiveEventNames.Position);
            told = Assert.Single(JsonSerializer.Deserialize(next.Data, WireJson.Wire.PositionsEvent)!.Jobs);
        }
        while (told.Wait is not { Text: "Your jobs are paused: a talk about limits" });

        var again = await ServerProcess.StartAsync(ServerProcess.Running, await StoppedAsync());
        await using (again)
        {
            using var adaAgain = again.Account("ada");
            using var operatorsAgain = again.Operator("root");
            Assert.Equal("Your jobs are paused: a talk about limits", (await adaAgain.GetJobAsync(job.Id)).Wait!.Text);
            await SteerAsync(operatorsAgain, "resume", new { scope = "user", user = "ada" });
            Assert.Equal("Jobs of this kind are paused by an operator.", (await adaAgain.GetJobAsync(job.Id)).Wait!.Text);
            await SteerAsync(operatorsAgain, "resume", new { scope = "kind", kind = "bibtex" });
            Assert.Equal(JobStateNames.Completed, (await adaAgain.FinishedAsync(job.Id)).State);
        }
    }

    [Fact]
    public async Task The_audit_log_says_what_was_steered_and_not_only_that_something_was()
    {
        using var root = _server.Account("root", Role.Administrator);
        await SteerAsync(root, "pause", new { scope = "kind", kind = "bibtex", reason = "a talk" });
        await SteerAsync(root, "resume", new { scope = "user", user = "ada" });
        await SteerAsync(root, "slots", new { slots = 3 });
        await SteerAsync(root, "pause", new { scope = "queue" });
        using var refused = await root.PostAsJsonAsync("/api/v1/operations/pause", new { scope = "everything" });

        var page = (await root.GetFromJsonAsync("/api/v1/operations/audit", WireJson.Wire.AuditPage))!;

        Assert.Equal([null, "queue", "3", "user ada", "kind bibtex: a talk"], page.Entries.Select(entry => entry.Note));
        Assert.Equal(
            ["/api/v1/operations/pause", "queue", "/api/v1/operations/slots", "user ada", "kind bibtex"],
            page.Entries.Select(entry => entry.Target));
    }

    [Fact]
    public async Task Slots_are_set_at_run_time_and_given_back_to_the_settings()
    {
        using var operators = _server.Operator("root");
        var set = await SteerAsync(operators, "slots", new { slots = 9 });
        Assert.Equal((9, "root"), (set.Slots, set.SlotsSetBy));
        var back = await SteerAsync(operators, "slots", new { slots = (int?)null });
        Assert.Equal((4, null), (back.Slots, back.SlotsSetBy));
    }

    [Theory]
    [InlineData("slots", """{"slots":0}""", "slots")]
    [InlineData("slots", """{"slots":10001}""", "slots")]
    [InlineData("slots", """{"slot":1}""", "slot")]
    [InlineData("pause", """{"scope":"everything"}""", "scope")]
    [InlineData("pause", """{"scope":"user"}""", "user")]
    [InlineData("pause", """{"scope":"kind","kind":"bibtex","user":"ada"}""", "scope")]
    [InlineData("pause", "not json", "JSON")]
    [InlineData("resume", "null", "JSON")]
    public async Task An_order_that_cannot_be_carried_out_names_what_is_wrong(string path, string body, string named)
    {
        using var operators = _server.Operator("root");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        var problem = await RefusedAsync(operators.PostAsync("/api/v1/operations/" + path, content), HttpStatusCode.BadRequest);

        Assert.Contains(named, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reason_is_as_long_as_its_limit_and_no_longer()
    {
        using var operators = _server.Operator("root");
        var reason = new string('r', NextUp.Actors.Queue.Pause.ReasonLengthMax);

        Assert.Equal(reason, Assert.Single((await SteerAsync(operators, "pause", new { scope = "queue", reason })).Pauses).Reason);
        await RefusedAsync(
            operators.PostAsJsonAsync("/api/v1/operations/pause", new { scope = "queue", reason = reason + "r" }),
            HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Who_is_no_operator_learns_nothing_and_steers_nothing()
    {
        using var ada = _server.Account("ada");
        foreach (var path in new[] { "pause", "resume", "slots" })
        {
            await RefusedAsync(
                ada.PostAsJsonAsync("/api/v1/operations/" + path, new { scope = "queue" }), HttpStatusCode.Forbidden);
        }

        await RefusedAsync(ada.GetAsync("/api/v1/operations/steering"), HttpStatusCode.Forbidden);
    }

    async Task<string> StoppedAsync()
    {
        await _server.StopAsync();
        return _server.Folder;
    }
}
