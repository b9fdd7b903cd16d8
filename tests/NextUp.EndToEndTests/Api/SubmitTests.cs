using System.Net;
using System.Net.Http.Json;
using System.Text;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

public sealed class SubmitTests(PausedServer server) : IClassFixture<PausedServer>
{
    readonly ServerProcess _server = server.Process;

    [Fact]
    public async Task An_upload_becomes_a_job_with_an_address_and_a_place_in_the_line()
    {
        using var visitor = _server.Visitor();
        using var answer = await visitor.SubmitAsync("refs.bib");

        var job = await answer.JobAsync();
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("/api/v1/jobs/" + job.Id, answer.Headers.Location?.ToString());
        Assert.Equal(("bibtex", "pending", "refs.bib"), (job.Kind, job.State, job.FileName));
        Assert.Equal(Encoding.UTF8.GetByteCount(Requests.Bib), job.FileSize);
        Assert.True(job.Position >= 1);
        Assert.Equal(job.Position - 1, job.JobsAhead);
        Assert.True(job.CanCancel);
        Assert.Null(job.Links.Result);
        Assert.Equivalent(job, await visitor.GetJobAsync(job.Id));
    }

    [Fact]
    public async Task A_second_upload_is_refused_and_names_the_job_in_the_way()
    {
        using var visitor = _server.Visitor();
        var first = await visitor.SubmittedAsync("first.bib");

        using var answer = await visitor.SubmitAsync("second.bib");

        var problem = await answer.ProblemAsync(HttpStatusCode.TooManyRequests, ProblemCodes.JobLimitReached);
        Assert.Equal(first.Id, problem.ExistingJob?.Id);
        Assert.Contains("first.bib", problem.Detail, StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        Assert.Single((await visitor.ListAsync()).Jobs);
    }

    [Fact]
    public async Task A_second_upload_may_wait_in_the_lane_where_that_is_wished()
    {
        using var visitor = _server.Visitor();
        await visitor.SubmittedAsync("first.bib");

        var held = await visitor.SubmittedAsync("second.bib", null, ("whenBusy", "hold"));

        Assert.True(held.IsHeld);
        Assert.Equal("your job \"first.bib\" to end", held.WaitsFor);
        Assert.Null(held.Position);
    }

    [Fact]
    public async Task A_waiting_job_may_be_replaced_and_the_new_one_takes_its_place()
    {
        using var visitor = _server.Visitor();
        var first = await visitor.SubmittedAsync("first.bib");
        using var other = _server.Visitor();
        await other.SubmittedAsync();
        var place = (await visitor.GetJobAsync(first.Id)).Position;

        var second = await visitor.SubmittedAsync("second.bib", null, ("whenBusy", "replace"));

        Assert.Equal(place, second.Position);
        Assert.Equal("cancelled", (await visitor.GetJobAsync(first.Id)).State);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_job()
    {
        using var visitor = _server.Visitor();
        var (firstStatus, first) = await SubmitWithKeyAsync(visitor, "key-1", "a.bib");
        var (secondStatus, second) = await SubmitWithKeyAsync(visitor, "key-1", "b.bib");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (firstStatus, secondStatus));
        Assert.Equal(first?.Id, second?.Id);
        Assert.Equal("a.bib", second?.FileName);
    }

    [Fact]
    public async Task The_same_key_of_someone_else_is_another_key()
    {
        using var visitor = _server.Visitor();
        using var other = _server.Visitor();
        var (_, first) = await SubmitWithKeyAsync(visitor, "shared", "a.bib");
        var (status, second) = await SubmitWithKeyAsync(other, "shared", "a.bib");

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.NotEqual(first?.Id, second?.Id);
    }

    [Theory]
    [InlineData(200, HttpStatusCode.Created)]
    [InlineData(201, HttpStatusCode.BadRequest)]
    public async Task A_key_has_at_most_two_hundred_characters(int length, HttpStatusCode status)
    {
        using var visitor = _server.Visitor();

        Assert.Equal(status, (await SubmitWithKeyAsync(visitor, new string('k', length), "a.bib")).Status);
    }

    [Fact]
    public async Task Several_files_get_an_outcome_each()
    {
        using var visitor = _server.Visitor();
        using var form = Requests.Form(("whenBusy", "hold"))
            .WithFile("a.bib", Requests.BibOf(1)).WithFile("empty.bib", []).WithFile("b.bib", Requests.BibOf(2));
        using var answer = await visitor.PostAsync("/api/v1/jobs", form);

        Assert.Equal(HttpStatusCode.MultiStatus, answer.StatusCode);
        var results = (await answer.Content.ReadFromJsonAsync(WireJson.Wire.SubmitOutcomes))!.Results;
        Assert.Equal(
            [("a.bib", 201), ("empty.bib", 422), ("b.bib", 201)], results.Select(one => (one.File, one.Status)));
        Assert.Equal([false, true], results.Where(one => one.Job is not null).Select(one => one.Job!.IsHeld));
        Assert.Equal(ProblemCodes.UnfitUpload, results[1].Problem?.Code);
    }

    [Fact]
    public async Task Of_several_files_without_a_wish_the_first_is_taken_and_the_others_are_refused()
    {
        using var visitor = _server.Visitor();
        using var form = Requests.Form().WithFile("a.bib", Requests.BibOf(1)).WithFile("b.bib", Requests.BibOf(1));
        using var answer = await visitor.PostAsync("/api/v1/jobs", form);

        var results = (await answer.Content.ReadFromJsonAsync(WireJson.Wire.SubmitOutcomes))!.Results;
        Assert.Equal([201, 429], results.Select(one => one.Status));
        Assert.Equal(results[0].Job?.Id, results[1].Problem?.ExistingJob?.Id);
    }

    [Fact]
    public async Task Of_a_thousand_racing_submissions_of_one_user_exactly_one_is_accepted()
    {
        using var account = _server.Account("racer");
        var bib = Encoding.UTF8.GetBytes(Requests.Bib);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(async i =>
        {
            using var answer = await account.SubmitAsync($"{i}.bib", bib);
            return answer.StatusCode;
        }));

        Assert.Single(statuses, HttpStatusCode.Created);
        Assert.Equal(999, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
        Assert.Single((await account.ListAsync()).Jobs);
    }

    static async Task<(HttpStatusCode Status, JobView? Job)> SubmitWithKeyAsync(
        HttpClient client, string key, string fileName)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/jobs")
        {
            Content = Requests.Form().WithFile(fileName, Requests.BibOf(1)),
        };
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? await answer.JobAsync() : null);
    }
}
