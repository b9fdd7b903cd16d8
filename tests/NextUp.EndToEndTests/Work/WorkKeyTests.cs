using System.Net;
using System.Net.Http.Json;
using System.Text;
using NextUp.Client;
using NextUp.Client.Wire;
using NextUp.Client.Work;
using NextUp.EndToEndTests.Setup;
using NextUp.Server.Users;

namespace NextUp.EndToEndTests.Work;

/// <summary>An API key that may work and do nothing else, from its making to its end.</summary>
public sealed class WorkKeyTests(LendingServer lending) : IClassFixture<LendingServer>
{
    readonly ServerProcess _server = lending.Process;

    [Fact]
    public async Task A_key_to_work_leases_reports_and_completes_until_it_is_revoked()
    {
        using var root = _server.Account("root", Role.Administrator);
        using var user = _server.Account("keyed");
        using var anonymous = _server.Nobody();
        var key = await MakeKeyAsync(root);
        var worker = new WorkClient(anonymous, key.Key, TimeProvider.System, new Random(1));
        var job = await user.SubmittedAsync("in.txt", "one two"u8.ToArray(), ("kind", "sort"));

        var leased = Assert.Single((await worker.LeaseAsync(new("keyed", 1, ["sort"], 1) { InlineBytesMax = 100 })).Jobs);
        Assert.Equal((job.Id, "one two"), (leased.Id, Encoding.UTF8.GetString(leased.Content!)));
        var beats = await worker.BeatAsync(new([new(leased.Id, leased.Attempt) { Progress = new(1, 2, 0, 50, "sorting") }]));
        Assert.Empty(beats.Stop);
        var outcomes = await worker.CompleteAsync(new([new(
            leased.Id, leased.Attempt, null, [new("result", "r.txt", "text/plain", "two one"u8.ToArray())])]));

        Assert.Equal(JobStateNames.Completed, Assert.Single(outcomes.Outcomes).State);
        Assert.Equal("two one", await user.GetStringAsync($"/api/v1/jobs/{job.Id}/result"));

        (await root.DeleteAsync($"/api/v1/keys/{key.About.Id}")).Dispose();
        var ended = await Assert.ThrowsAsync<NextUpProblemException>(
            () => worker.LeaseAsync(new("keyed", 1, ["sort"], 1)));
        Assert.Equal(401, ended.Status);
    }

    [Theory]
    [InlineData("GET", "/api/v1/jobs")]
    [InlineData("GET", "/api/v1/me")]
    [InlineData("GET", "/api/v1/queue")]
    [InlineData("GET", "/api/v1/events")]
    [InlineData("GET", "/api/v1/notices")]
    [InlineData("GET", "/api/v1/keys")]
    [InlineData("POST", "/api/v1/jobs")]
    [InlineData("POST", "/api/v1/keys")]
    [InlineData("POST", "/api/v1/cleanup")]
    [InlineData("GET", "/api/v1/operations/workers")]
    [InlineData("POST", "/api/v1/operations/pause")]
    [InlineData("GET", "/scholar/api/bibtex/recent")]
    public async Task A_key_to_work_does_nothing_else_whoever_made_it(string method, string path)
    {
        using var root = _server.Account("root", Role.Administrator);
        using var worker = _server.Nobody();
        worker.DefaultRequestHeaders.Add("X-API-Key", (await MakeKeyAsync(root)).Key);

        using var request = new HttpRequestMessage(new(method), path);
        using var answer = await worker.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_user_who_may_not_work_makes_no_key_to_work()
    {
        using var user = _server.Account("ann");
        using var content = Body();
        using var answer = await user.PostAsync("/api/v1/keys", content);

        Assert.InRange((int)answer.StatusCode, 400, 422);
    }

    static async Task<NewKeyView> MakeKeyAsync(HttpClient owner)
    {
        using var content = Body();
        using var answer = await owner.PostAsync("/api/v1/keys", content);
        return (await answer.Content.ReadFromJsonAsync(WireJson.Wire.NewKeyView))!;
    }

    static StringContent Body() => new("""{"name":"a worker","scopes":["work"]}""", Encoding.UTF8, "application/json");
}
