using System.Net;
using NextUp.Client;
using NextUp.Client.Operations;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

public sealed class OperationsTests(RunningServer server) : IClassFixture<RunningServer>
{
    const string SecretName = "nobody-may-see-this.bib";

    readonly ServerProcess _server = server.Process;

    [Fact]
    public async Task What_happened_is_told_to_operators_by_hour_kind_and_user_without_names_of_files()
    {
        using var ann = _server.Account("ann");
        var job = await ann.SubmittedAsync(SecretName);
        await ann.FinishedAsync(job.Id);
        using var http = _server.Operator("olga");
        var client = new NextUpClient(http, null, TimeProvider.System, new Random(1));

        var hours = await client.StatisticsAsync(new StatisticsSpan(Kind: "bibtex"));
        var days = await client.StatisticsAsync(new StatisticsSpan(By: "day"));
        var users = await client.UserLoadsAsync(new StatisticsSpan());
        var overview = await client.OverviewAsync();

        var hour = Assert.Single(hours.Kinds).Figures;
        Assert.True(hour is { Accepted: > 0, Completed: > 0, Wait.Count: > 0, Service.Count: > 0 });
        Assert.InRange(hour.Service.P99Seconds!.Value, hour.Service.P50Seconds!.Value, 60);
        Assert.True(days.Total.Accepted >= hours.Total.Accepted);
        Assert.Equal((168, hours.Total.Accepted), (hours.WeekHours.Count, hours.WeekHours.Sum()));
        Assert.Contains(users.Users, user => user is { Account: "ann", Completed: > 0, ProcessingSeconds: > 0 });
        Assert.Contains(overview.Kinds, kind => kind is { Kind: "bibtex", Total.Completed: > 0 });
        Assert.True(overview.Store is { Answers: true, Commits: > 0, DatabaseBytes: > 0, FailedCommits: 0 });
        Assert.True(overview.Disk.FreeBytes > 0);
        Assert.Empty(overview.Problems);
        foreach (var path in new[] { "overview", "statistics", "failures", "users", "health" })
        {
            var body = await http.GetStringAsync("/api/v1/operations/" + path);
            Assert.DoesNotContain(SecretName, body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("overview")]
    [InlineData("health")]
    [InlineData("statistics")]
    [InlineData("failures")]
    [InlineData("users")]
    public async Task Nobody_but_operators_is_told(string path)
    {
        using var visitor = _server.Visitor();
        using var account = _server.Account("carl");

        Assert.Equal(HttpStatusCode.Forbidden, (await visitor.GetAsync("/api/v1/operations/" + path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await account.GetAsync("/api/v1/operations/" + path)).StatusCode);
    }

    [Theory]
    [InlineData("by=week", "by is hour or day.")]
    [InlineData("from=yesterday", "from and to are times")]
    [InlineData("from=2026-05-04&to=2026-05-04", "from must be before to")]
    [InlineData("from=2026-01-01&to=2026-02-02", "at most 31 days")]
    [InlineData("by=day&from=2026-01-01&to=2027-02-06", "at most 400 days")]
    public async Task A_span_that_cannot_be_told_is_refused_with_the_way_out(string query, string sentence)
    {
        using var http = _server.Operator("olga");
        using var answer = await http.GetAsync("/api/v1/operations/statistics?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(sentence, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=2026-01-01&to=2026-02-01")]
    [InlineData("by=day&from=2026-01-01&to=2027-02-05")]
    [InlineData("from=2026-01-01T00:00:00+02:00&to=2026-01-01T05:00:00Z&kind=nothing")]
    public async Task The_longest_spans_and_unknown_kinds_are_told(string query)
    {
        using var http = _server.Operator("olga");

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/v1/operations/statistics?" + query)).StatusCode);
    }

    [Fact]
    public async Task Everyone_is_told_counts_and_waits_only_of_enough_jobs_to_be_nobodys()
    {
        await using var fresh = await ServerProcess.StartAsync(ServerProcess.Running);
        using var ann = fresh.Visitor();
        var job = await ann.SubmittedAsync();
        await ann.FinishedAsync(job.Id);
        var client = new NextUpClient(fresh.Visitor(), null, TimeProvider.System, new Random(1));

        var kind = Assert.Single((await client.PublicStatisticsAsync()).Kinds);

        Assert.Equal((1, null, null), (kind.Completed, kind.Wait, kind.Service));
        Assert.Null((await client.PublicStatisticsAsync()).BusiestHours);
    }
}
