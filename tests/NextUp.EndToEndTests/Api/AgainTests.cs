using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

/// <summary>A new job over an earlier one's result.</summary>
public sealed class AgainTests(RunningServer server) : IClassFixture<RunningServer>
{
    /// <summary>The shipped catalogue knows the first; nobody knows the second.</summary>
    const string Bib = """
        @article{turing,
          title = {Computing Machinery and Intelligence},
          author = {Turing, Alan},
          year = {1950},
        }
        @article{odd,
          title = {A title that no catalogue of the world has in it},
          author = {Nobody, Ann},
        }

        """;

    readonly ServerProcess _server = server.Process;

    [Fact]
    public async Task A_chosen_work_is_put_into_the_result_of_the_job_before_through_the_line_and_no_other_entry_changes()
    {
        using var ann = _server.Visitor();
        var first = await CompletedAsync(ann, Bib);
        var result = await ann.GetStringAsync(first.Links.Result);

        using var answer = await AgainAsync(ann, first, """{"accept":{"odd":"10.1093/mind/LIX.236.433"}}""");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var again = await answer.JobAsync();
        Assert.NotEqual(first.Id, again.Id);
        Assert.Equal(again.Links.Self, answer.Headers.Location?.ToString());
        again = await ann.FinishedAsync(again.Id);

        Assert.Equal((JobStateNames.Completed, first.FileName), (again.State, again.FileName));
        Assert.Equal(result, await ann.GetStringAsync(again.Links.Original));
        var report = await ReportAsync(ann, again);
        Assert.Equal(("skipped", "found"), (Outcome(report, 0), Outcome(report, 1)));
        Assert.Equal("chosen by user", report.GetProperty("entries")[1].GetProperty("foundBy").GetString());
        Assert.Contains("chosen by user", await ann.GetStringAsync(again.Links.Result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_entries_are_looked_up_again_and_the_others_are_left_alone()
    {
        using var ann = _server.Visitor();
        var first = await CompletedAsync(ann, Bib);

        using var answer = await AgainAsync(ann, first, """{"failed":true}""");
        var report = await ReportAsync(ann, await ann.FinishedAsync((await answer.JobAsync()).Id));

        Assert.Equal(("skipped", "not-found"), (Outcome(report, 0), Outcome(report, 1)));
    }

    [Fact]
    public async Task Without_a_wish_all_of_it_is_worked_on_again_with_the_options_it_had()
    {
        using var ann = _server.Visitor();
        var first = await CompletedAsync(ann, Bib, ("options", """{"fields":["doi"]}"""));

        using var answer = await ann.PostAsync($"{first.Links.Self}/again", null);
        var again = await ann.FinishedAsync((await answer.JobAsync()).Id);

        var report = await ReportAsync(ann, again);
        Assert.Equal(("unchanged", "not-found"), (Outcome(report, 0), Outcome(report, 1)));
        Assert.DoesNotContain("journal", await ann.GetStringAsync(again.Links.Result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"accept":{"nokey":"10.1000/xyz"}}""", 422, ProblemCodes.ChoiceNotPossible, "nokey")]
    [InlineData("""{"accept":{"odd":"nonsense"}}""", 422, ProblemCodes.ChoiceNotPossible, "nonsense")]
    [InlineData("""{"entries":["nokey"]}""", 422, ProblemCodes.ChoiceNotPossible, "nokey")]
    [InlineData("""{"acept":{}}""", 400, ProblemCodes.InvalidRequest, "acept")]
    [InlineData("""{"whenBusy":"push"}""", 400, ProblemCodes.InvalidRequest, "whenBusy")]
    [InlineData("[]", 400, ProblemCodes.InvalidRequest, "JSON object")]
    [InlineData("{", 400, ProblemCodes.InvalidRequest, "JSON object")]
    public async Task A_wish_that_cannot_be_is_refused_by_name_and_makes_no_job(
        string body, int status, string code, string named)
    {
        using var ann = _server.Visitor();
        var first = await CompletedAsync(ann, Bib);

        using var answer = await AgainAsync(ann, first, body);

        var problem = await answer.ProblemAsync((HttpStatusCode)status, code);
        Assert.Contains(named, problem.Detail, StringComparison.Ordinal);
        Assert.Single((await ann.ListAsync()).Jobs);
    }

    [Fact]
    public async Task The_limit_of_one_job_and_the_idempotency_key_hold_as_for_an_upload()
    {
        await using var paused = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var ann = paused.Visitor();
        var first = await ann.SubmittedAsync();

        using var early = await AgainAsync(ann, first, "{}");
        await early.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.JobNotFinished);

        using var cancelled = await ann.PostAsync(first.Links.Cancel, null);
        using var made = await AgainAsync(ann, first, "{}", key: "k");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var repeated = await AgainAsync(ann, first, "{}", key: "k");
        Assert.Equal(HttpStatusCode.OK, repeated.StatusCode);
        Assert.Equal((await made.JobAsync()).Id, (await repeated.JobAsync()).Id);

        using var refused = await AgainAsync(ann, first, "{}");
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, ProblemCodes.JobLimitReached);
        using var held = await AgainAsync(ann, first, """{"whenBusy":"hold"}""");
        Assert.True((await held.JobAsync()).IsHeld);
    }

    [Fact]
    public async Task A_body_without_a_length_is_read_all_the_same()
    {
        using var ann = _server.Visitor();
        var first = await CompletedAsync(ann, Bib);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{first.Links.Self}/again")
        {
            Content = JsonContent.Create(new { failed = "yes" }),
        };
        request.Headers.TransferEncodingChunked = true;

        using var answer = await ann.SendAsync(request);

        await answer.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);
    }

    static async Task<JobView> CompletedAsync(
        HttpClient client, string bib, params (string Name, string Value)[] fields)
    {
        var job = await client.SubmittedAsync("refs.bib", Encoding.UTF8.GetBytes(bib), fields);
        return await client.FinishedAsync(job.Id);
    }

    static async Task<HttpResponseMessage> AgainAsync(HttpClient client, JobView job, string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{job.Links.Self}/again")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request);
    }

    static async Task<JsonElement> ReportAsync(HttpClient client, JobView job) =>
        await client.GetFromJsonAsync<JsonElement>(job.Links.Report);

    static string? Outcome(JsonElement report, int entry) =>
        report.GetProperty("entries")[entry].GetProperty("outcome").GetString();
}
