using System.Net;
using System.Net.Http.Json;
using NextUp.Client.Cleanup;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

/// <summary>Failed jobs that are done again, by their users and by operators, and what operators see of them.</summary>
public sealed class JobCareTests
{
    const string SecretName = "nobody-may-see-this.bib";
    const string Jobs = "/api/v1/operations/jobs";

    static async Task<JobView> CancelledAsync(HttpClient user)
    {
        var job = await user.SubmittedAsync(SecretName);
        using var answer = await user.PostAsync($"/api/v1/jobs/{job.Id}/cancel", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return job;
    }

    static async Task<CaredJobView> ActAsync(HttpClient operators, string id, string action)
    {
        using var answer = await operators.PostAsync($"{Jobs}/{id}/{action}", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync(CleanupJson.Default.CaredJobView, TestContext.Current.CancellationToken))!;
    }

    [Fact]
    public async Task A_user_has_a_cancelled_job_done_again_and_a_waiting_one_not()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var ann = server.Visitor();
        using var bob = server.Visitor();
        var job = await CancelledAsync(ann);

        using var others = await bob.PostAsync($"/api/v1/jobs/{job.Id}/retry", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, others.StatusCode);
        using var answer = await ann.PostAsync($"/api/v1/jobs/{job.Id}/retry", null, TestContext.Current.CancellationToken);
        var back = await answer.Content.ReadFromJsonAsync(WireJson.Wire.JobView, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, job.Id, "pending", 1), (answer.StatusCode, back!.Id, back.State, back.Position));

        using var again = await ann.PostAsync($"/api/v1/jobs/{job.Id}/retry", null, TestContext.Current.CancellationToken);
        await again.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.JobNotRetryable);
    }

    [Fact]
    public async Task The_users_limit_holds_and_an_operators_retry_is_held_behind_the_job_in_the_way()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var ann = server.Visitor();
        using var olga = server.Operator("olga");
        var job = await CancelledAsync(ann);
        await ann.SubmittedAsync("b.bib");

        using var refused = await ann.PostAsync($"/api/v1/jobs/{job.Id}/retry", null, TestContext.Current.CancellationToken);
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, ProblemCodes.JobLimitReached);

        Assert.True((await ActAsync(olga, job.Id, "retry")).IsHeld);
    }

    [Fact]
    public async Task Operators_set_aside_see_and_discard_jobs_and_no_name_of_a_file()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var ann = server.Visitor();
        using var olga = server.Operator("olga");
        var job = await CancelledAsync(ann);

        Assert.NotNull((await ActAsync(olga, job.Id, "set-aside")).SetAsideAt);
        var list = await olga.GetStringAsync(Jobs + "?setAside=true", TestContext.Current.CancellationToken);
        var shown = await olga.GetStringAsync($"{Jobs}/{job.Id}", TestContext.Current.CancellationToken);
        Assert.Contains(job.Id, list, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"cancelled\"", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(SecretName, list + shown, StringComparison.Ordinal);

        using var byUser = await ann.PostAsync($"/api/v1/jobs/{job.Id}/retry", null, TestContext.Current.CancellationToken);
        await byUser.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.JobSetAside);
        Assert.Null((await ActAsync(olga, job.Id, "discard")).SetAsideAt);
        using var twice = await olga.PostAsync($"{Jobs}/{job.Id}/discard", null, TestContext.Current.CancellationToken);
        await twice.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.JobNotSetAside);
    }

    [Fact]
    public async Task An_operator_cancels_anyones_job_and_its_user_reads_who_did()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var ann = server.Visitor();
        using var olga = server.Operator("olga");
        var job = await ann.SubmittedAsync(SecretName);

        Assert.Equal("cancelled", (await ActAsync(olga, job.Id, "cancel")).State);

        var seen = await ann.GetFromJsonAsync($"/api/v1/jobs/{job.Id}", WireJson.Wire.JobView, TestContext.Current.CancellationToken);
        Assert.Equal(("Cancelled by an operator", true), (seen!.Error, seen.CanRetry));
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    [InlineData("?state=lost")]
    [InlineData("?setAside=perhaps")]
    [InlineData("?setAside=true&state=failed")]
    [InlineData("?after=nonsense")]
    public async Task A_question_that_cannot_be_understood_is_answered_with_the_way_out(string query)
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var olga = server.Operator("olga");

        using var answer = await olga.GetAsync(Jobs + query, TestContext.Current.CancellationToken);

        await answer.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);
    }
}
