using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using NextUp.Client.Notices;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Server;
using NextUp.Server.Operations;
using NextUp.Server.Settings;

namespace NextUp.EndToEndTests.Api;

/// <summary>
/// Every endpoint there is, asked by the owner of a job, by another visitor, by an account, and by someone without any
/// identity. The table says what each may see; an endpoint that is not in it fails the first test.
/// </summary>
public sealed class PrivacyTests(RunningServer server) : IClassFixture<RunningServer>
{
    const string SecretName = "secret-of-the-owner.bib";
    const string SecretTitle = "A title that nobody else may see";

    /// <summary>What an endpoint answers the owner, and everyone else.</summary>
    enum Rule
    {
        /// <summary>The same for everyone, with nothing of anyone in it.</summary>
        Open,

        /// <summary>Something of the caller's own, and counts.</summary>
        OwnThings,

        /// <summary>A thing of the job in the path: to others the job does not exist.</summary>
        OwnJob,

        /// <summary>Takes an upload; shows nothing stored.</summary>
        Upload,

        /// <summary>A stream that does not end; the live feed has tests of its own.</summary>
        Stream,

        /// <summary>A subscription in the path: to others it does not exist.</summary>
        OwnSubscription,

        /// <summary>A link out of a mail, which speaks for itself: who calls does not matter.</summary>
        Link,

        /// <summary>For workers, who see the jobs that they have leased; everyone else is refused.</summary>
        Worker,

        /// <summary>For operators; everyone else is refused.</summary>
        Operator,

        /// <summary>For administrators; everyone else is refused.</summary>
        Administrator,
    }

    static readonly Dictionary<string, Rule> s_rules = new()
    {
        ["POST /api/v1/jobs"] = Rule.Upload,
        ["GET /api/v1/jobs"] = Rule.OwnThings,
        ["POST /api/v1/preview"] = Rule.Upload,
        ["GET /api/v1/jobs/{id}"] = Rule.OwnJob,
        ["POST /api/v1/jobs/{id}/cancel"] = Rule.OwnJob,
        ["POST /api/v1/jobs/{id}/again"] = Rule.OwnJob,
        ["GET /api/v1/jobs/{id}/result"] = Rule.OwnJob,
        ["GET /api/v1/jobs/{id}/original"] = Rule.OwnJob,
        ["GET /api/v1/jobs/{id}/report"] = Rule.OwnJob,
        ["GET /api/v1/jobs/{id}/diff"] = Rule.OwnJob,
        ["GET /api/v1/jobs/{id}/log"] = Rule.OwnJob,
        ["GET /api/v1/queue"] = Rule.OwnThings,
        ["GET /api/v1/me"] = Rule.OwnThings,
        ["GET /api/v1/events"] = Rule.Stream,
        ["GET /api/v1/notices"] = Rule.OwnThings,
        ["POST /api/v1/notices"] = Rule.Upload,
        ["GET /api/v1/notices/push-key"] = Rule.OwnThings,
        ["GET /api/v1/notices/{id}"] = Rule.OwnSubscription,
        ["PATCH /api/v1/notices/{id}"] = Rule.OwnSubscription,
        ["DELETE /api/v1/notices/{id}"] = Rule.OwnSubscription,
        ["POST /api/v1/notices/{id}/rotate-secret"] = Rule.OwnSubscription,
        ["POST /api/v1/notices/{id}/test"] = Rule.OwnSubscription,
        ["GET /api/v1/notices/{id}/deliveries"] = Rule.OwnSubscription,
        ["GET /api/v1/notices/{id}/deliveries/{delivery}"] = Rule.OwnSubscription,
        ["POST /api/v1/notices/{id}/deliveries/{delivery}/replay"] = Rule.OwnSubscription,
        ["GET /notices/confirm/{token}"] = Rule.Link,
        ["POST /notices/confirm/{token}"] = Rule.Link,
        ["GET /notices/unsubscribe/{token}"] = Rule.Link,
        ["POST /notices/unsubscribe/{token}"] = Rule.Link,
        ["POST /scholar/api/bibtex/upload"] = Rule.Upload,
        ["GET /scholar/api/bibtex/job/{id}/status"] = Rule.OwnJob,
        ["GET /scholar/api/bibtex/job/{id}/papers"] = Rule.OwnJob,
        ["POST /scholar/api/bibtex/job/{id}/cancel"] = Rule.OwnJob,
        ["GET /scholar/api/bibtex/job/{id}/download"] = Rule.OwnJob,
        ["GET /scholar/api/bibtex/job/{id}/download-original"] = Rule.OwnJob,
        ["GET /scholar/api/bibtex/job/{id}/diff"] = Rule.OwnJob,
        ["POST /scholar/api/bibtex/preview"] = Rule.Upload,
        ["GET /scholar/api/bibtex/recent"] = Rule.OwnThings,
        ["GET /scholar/api/bibtex/resource-status"] = Rule.OwnThings,
        ["POST /api/v1/work/lease"] = Rule.Worker,
        ["POST /api/v1/work/heartbeat"] = Rule.Worker,
        ["POST /api/v1/work/complete"] = Rule.Worker,
        ["POST /api/v1/work/{id}/heartbeat"] = Rule.Worker,
        ["GET /api/v1/work/{id}/input"] = Rule.Worker,
        ["GET /api/v1/work/{id}/checkpoints/{name}"] = Rule.Worker,
        ["PUT /api/v1/work/{id}/checkpoints/{name}"] = Rule.Worker,
        ["POST /api/v1/work/{id}/complete"] = Rule.Worker,
        ["POST /api/v1/work/{id}/fail"] = Rule.Worker,
        ["GET /api/v1/operations/estimates"] = Rule.Operator,
        ["GET /api/v1/operations/steering"] = Rule.Operator,
        ["POST /api/v1/operations/pause"] = Rule.Operator,
        ["POST /api/v1/operations/resume"] = Rule.Operator,
        ["POST /api/v1/operations/slots"] = Rule.Operator,
        ["POST /api/v1/cleanup"] = Rule.Administrator,
        ["GET /api/v1/statistics"] = Rule.OwnThings,
        ["GET /api/v1/operations/overview"] = Rule.Operator,
        ["GET /api/v1/operations/health"] = Rule.Operator,
        ["GET /api/v1/operations/statistics"] = Rule.Operator,
        ["GET /api/v1/operations/failures"] = Rule.Operator,
        ["GET /api/v1/operations/users"] = Rule.Operator,
        ["GET /metrics"] = Rule.Open,
        ["GET /health/live"] = Rule.Open,
        ["GET /health/ready"] = Rule.Open,
        ["GET /openapi/{documentName}.json"] = Rule.Open,
        ["GET /"] = Rule.Open,
        ["GET /jobs"] = Rule.Open,
        ["GET /operations"] = Rule.Open,
        ["GET /jobs/{**rest}"] = Rule.Open,
    };

    /// <summary>Files of the page need no line each.</summary>
    static bool IsPageFile(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.Parameters.Count == 0 && Path.HasExtension(endpoint.RoutePattern.RawText);

    readonly ServerProcess _server = server.Process;

    [Fact]
    public async Task Every_endpoint_has_a_rule_and_an_audience_that_agrees_with_it()
    {
        var folder = Directory.CreateTempSubdirectory("nextup-e2e-").FullName;
        try
        {
            var options = new ServeOptions("http://127.0.0.1:0", folder, null);
            await using var composition = await Composition.OpenAsync(
                options, new NextUpSettings(), TimeProvider.System, seed: 1);
            await using var application = ServerApplication.Build(options, composition);

            var endpoints = ((IEndpointRouteBuilder)application).DataSources
                .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Where(endpoint => !IsPageFile(endpoint)).ToList();

            Assert.Equal(s_rules.Keys.Order(), endpoints.Select(NameOf).Order());
            Assert.All(endpoints, endpoint => Assert.Equal(
                s_rules[NameOf(endpoint)] switch
                {
                    Rule.Open or Rule.Link => Audience.Everyone,
                    Rule.OwnSubscription => Audience.SubscriptionOwner,
                    Rule.OwnJob => Audience.JobOwner,
                    Rule.Worker => Audience.Worker,
                    Rule.Operator => Audience.Operator,
                    Rule.Administrator => Audience.Administrator,
                    _ => Audience.Caller,
                },
                Assert.Single(endpoint.Metadata.OfType<Audience>())));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Nobody_sees_anything_of_someone_elses_job()
    {
        using var owner = _server.Visitor();
        var bib = Encoding.UTF8.GetBytes($"@article{{k, title={{{SecretTitle}}}}}\n");
        var job = await owner.SubmittedAsync(SecretName, bib);
        await owner.FinishedAsync(job.Id);
        using var visitor = _server.Visitor();
        using var account = _server.Account("someone-else");
        using var nobody = _server.Nobody();

        foreach (var (endpoint, rule) in s_rules.Where(one => one.Value is Rule.OwnJob or Rule.OwnThings or Rule.Open))
        {
            var own = await AskAsync(owner, endpoint, job.Id);
            if (rule == Rule.OwnJob)
                Assert.NotEqual(HttpStatusCode.NotFound, own.Status);
            foreach (var other in new[] { visitor, account, nobody })
            {
                var seen = await AskAsync(other, endpoint, job.Id);
                Assert.DoesNotContain(SecretName, seen.Body, StringComparison.Ordinal);
                Assert.DoesNotContain(SecretTitle, seen.Body, StringComparison.Ordinal);
                if (rule != Rule.OwnJob)
                {
                    Assert.DoesNotContain(job.Id, seen.Body, StringComparison.Ordinal);
                    continue;
                }

                var unknown = await AskAsync(other, endpoint, "01900000-0000-7000-8000-000000000000");
                Assert.Equal(HttpStatusCode.NotFound, seen.Status);
                Assert.Equal(seen.Status, unknown.Status);
                Assert.Equal(seen.Headers, unknown.Headers);
                Assert.Equal(
                    seen.Body.Replace(job.Id, "ID", StringComparison.Ordinal),
                    unknown.Body.Replace("01900000-0000-7000-8000-000000000000", "ID", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Someone_elses_subscription_is_answered_like_one_that_does_not_exist()
    {
        const string unknown = "01900000-0000-7000-8000-000000000000";
        using var owner = _server.Visitor();
        var wish = new NoticeWish("webhook", "https://example.org/secret-target", Label: SecretName);
        using var added = await owner.PostAsJsonAsync("/api/v1/notices", wish, NoticeJson.Wire.NoticeWish);
        var id = (await added.Content.ReadFromJsonAsync(NoticeJson.Wire.NoticeSubscriptionView))!.Id;
        using var visitor = _server.Visitor();
        using var account = _server.Account("someone-else");
        using var nobody = _server.Nobody();

        foreach (var endpoint in s_rules.Where(one => one.Value == Rule.OwnSubscription).Select(one => one.Key))
        {
            foreach (var other in new[] { visitor, account, nobody })
            {
                var (seen, none) = (await AskAsync(other, endpoint, id), await AskAsync(other, endpoint, unknown));
                Assert.Equal((HttpStatusCode.NotFound, seen.Headers), (none.Status, none.Headers));
                Assert.Equal(none.Status, seen.Status);
                Assert.Equal(
                    seen.Body.Replace(id, "ID", StringComparison.Ordinal), none.Body.Replace(unknown, "ID", StringComparison.Ordinal));
            }
        }

        Assert.Contains(SecretName, (await AskAsync(owner, "GET /api/v1/notices", id)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(id, (await AskAsync(visitor, "GET /api/v1/notices", id)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_token_is_refused_by_every_endpoint_that_looks_at_who_calls()
    {
        using var client = _server.Nobody();
        client.DefaultRequestHeaders.Add("Authorization", "Bearer nonsense");

        foreach (var (endpoint, rule) in s_rules.Where(entry => entry.Value is not (Rule.Open or Rule.Link)))
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(client, endpoint, "x")).Status);
    }

    [Fact]
    public async Task No_endpoint_changes_anything_for_a_page_of_another_site()
    {
        using var visitor = _server.Visitor();
        visitor.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");

        foreach (var (endpoint, rule) in s_rules.Where(one => !one.Key.StartsWith("GET", StringComparison.Ordinal)))
        {
            // One-click unsubscription comes from the mail program's own servers, and the link is the proof.
            var expected = rule == Rule.Link ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden;
            Assert.Equal(expected, (await AskAsync(visitor, endpoint, "x")).Status);
        }
    }

    [Theory]
    [InlineData("not-an-id")]
    [InlineData("..%2F..%2Fetc")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task An_id_that_is_none_is_answered_like_one_that_does_not_exist(string id)
    {
        using var visitor = _server.Visitor();
        using var answer = await visitor.GetAsync("/api/v1/jobs/" + id);

        await answer.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.JobNotFound);
    }

    static string NameOf(RouteEndpoint endpoint) =>
        $"{endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0]} {endpoint.RoutePattern.RawText}";

    static async Task<(HttpStatusCode Status, string Headers, string Body)> AskAsync(
        HttpClient client, string endpoint, string id)
    {
        var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1]
            .Replace("{id}", id, StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal)
            .Replace("{**rest}", id, StringComparison.Ordinal).Replace("{token}", id, StringComparison.Ordinal)
            .Replace("{delivery}", "msg_00000000000000000000000000000000", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await client.SendAsync(request);
        var headers = answer.Headers.Where(header => header.Key is not ("Date" or "Set-Cookie"))
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}");
        return (answer.StatusCode, string.Join('\n', headers), await answer.Content.ReadAsStringAsync());
    }
}
