using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using NextUp.Actors.Users;
using NextUp.Client.Notices;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Server;
using NextUp.Server.Operations;
using NextUp.Server.Settings;
using NextUp.Server.Users;

namespace NextUp.EndToEndTests.Api;

/// <summary>
/// Every endpoint there is, asked by the owner of a job, by another visitor, by an account, and by someone without any
/// identity. The table says what each may see; an endpoint that is not in it fails the first test.
/// </summary>
public sealed partial class PrivacyTests(RunningServer server) : IClassFixture<RunningServer>
{
    const string SecretName = "secret-of-the-owner.bib";
    const string SecretTitle = "A title that nobody else may see";

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
                options, Everything(), TimeProvider.System, seed: 1);
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
                    Rule.OwnJob or Rule.OwnImport => Audience.JobOwner,
                    Rule.OwnDocument => Audience.DocumentOwner,
                    Rule.Account or Rule.AccountUpload => Audience.Account,
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

        foreach (var (endpoint, rule) in s_rules.Where(entry => entry.Value is not (Rule.Open or Rule.Link or Rule.Session)))
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

    [Fact]
    public async Task Each_kind_of_caller_is_let_in_where_the_rule_says_and_nowhere_else()
    {
        using var root = _server.Account("root", Role.Administrator);
        var callers = new List<(string Name, HttpClient Client, Caller Caller)>
        {
            ("visitor", _server.Visitor(), new(UserId.Visitor("v"), Role.User)),
            ("bad cookie", BadCookie(), new(UserId.Visitor("v"), Role.User)),
            ("someone signed in", await SignedInAsync("sue"), new(UserId.Account("sue"), Role.User)),
        };
        foreach (var role in Enum.GetValues<Role>())
            callers.Add(($"{role}", _server.Account($"{role}", role), new(UserId.Account($"{role}"), role)));
        foreach (var scope in (Scope[])[Scope.Read, Scope.Submit, Scope.Cancel, Scope.Work, Scope.Operate])
            callers.Add(($"key to {scope}", await WithKeyAsync(root, scope), new(UserId.Account("root"), Role.Administrator, scope)));

        foreach (var (endpoint, rule) in s_rules.Where(entry => entry.Value != Rule.Session))
        {
            foreach (var (name, client, caller) in callers)
            {
                var status = await StatusAsync(client, endpoint);
                var isLet = status is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized);
                Assert.True(IsLet(endpoint, rule, caller) == isLet, $"{name} at {endpoint}: {status}");
            }
        }

        callers.ForEach(one => one.Client.Dispose());
    }

    static bool IsLet(string endpoint, Rule rule, Caller caller) => rule switch
    {
        Rule.Open or Rule.Link => true,
        Rule.OwnChange => caller.Scopes.HasFlag(Scope.Account),
        Rule.OwnSubscription when !endpoint.StartsWith("GET", StringComparison.Ordinal) => caller.Scopes.HasFlag(Scope.Account),
        Rule.OwnSubscription => caller.Scopes.HasFlag(Scope.Read),
        Rule.Upload => caller.Scopes.HasFlag(Scope.Submit),
        Rule.AccountUpload => !caller.User.IsVisitor && caller.Scopes.HasFlag(Scope.Submit),
        Rule.OwnImport when !endpoint.StartsWith("GET", StringComparison.Ordinal) => caller.Scopes.HasFlag(Scope.Cancel),
        Rule.OwnTable when !endpoint.StartsWith("GET", StringComparison.Ordinal) => caller.Scopes.HasFlag(Scope.Account),
        Rule.OwnImport or Rule.OwnTable => caller.Scopes.HasFlag(Scope.Read),
        Rule.OwnDocument when !endpoint.StartsWith("GET", StringComparison.Ordinal) => caller.Scopes.HasFlag(Scope.Submit),
        Rule.OwnDocument => caller.Scopes.HasFlag(Scope.Read),
        Rule.OwnJob when endpoint.EndsWith("/again", StringComparison.Ordinal)
            || endpoint.EndsWith("/retry", StringComparison.Ordinal) => caller.Scopes.HasFlag(Scope.Submit),
        Rule.OwnJob when endpoint.StartsWith("POST", StringComparison.Ordinal) => caller.Scopes.HasFlag(Scope.Cancel),
        Rule.OwnJob or Rule.OwnThings or Rule.Stream => caller.Scopes.HasFlag(Scope.Read),
        Rule.Account => !caller.User.IsVisitor && caller.Scopes.HasFlag(Scope.Account),
        Rule.Worker => caller.Scopes.HasFlag(Scope.Work),
        Rule.Operator => caller.Role >= Role.Operator && caller.Scopes.HasFlag(Scope.Operate),
        Rule.Administrator => caller.Role == Role.Administrator && caller.Scopes.HasFlag(Scope.Operate),
        _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };

    HttpClient BadCookie()
    {
        var client = _server.Nobody();
        client.DefaultRequestHeaders.Add("Cookie", "nextup-visitor=a.MTk5OTk5OTk5OXxhZG1pbmlzdHJhdG9yfHJvb3Q." + new string('A', 43));
        return client;
    }

    async Task<HttpClient> SignedInAsync(string name)
    {
        var client = _server.Visitor();
        var token = new TokenIssuer(_server.Folder, TimeProvider.System).Issue(name, Role.User);
        using var content = new StringContent($$"""{"token":"{{token}}"}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/api/v1/me/session", content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return client;
    }

    async Task<HttpClient> WithKeyAsync(HttpClient owner, Scope scope)
    {
        using var content = new StringContent(
            $$"""{"name":"a test","scopes":["{{scope.ToString().ToLowerInvariant()}}"]}""", Encoding.UTF8, "application/json");
        using var answer = await owner.PostAsync("/api/v1/keys", content);
        var key = (await answer.Content.ReadFromJsonAsync(WireJson.Wire.NewKeyView))!.Key;
        var client = _server.Nobody();
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    static async Task<HttpStatusCode> StatusAsync(HttpClient client, string endpoint)
    {
        using var request = Request(endpoint, "01900000-0000-7000-8000-000000000000");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }

    /// <summary>With everything set up that has endpoints of its own.</summary>
    static NextUpSettings Everything() => NextUpSettings.Parse(
        "test", """{"identity":{"authority":"http://127.0.0.1:1","clientId":"nextup"}}"""u8.ToArray());

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

    static HttpRequestMessage Request(string endpoint, string id)
    {
        var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1]
            .Replace("{id}", id, StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal)
            .Replace("{**rest}", id, StringComparison.Ordinal).Replace("{key}", id, StringComparison.Ordinal)
            .Replace("{name}", "a", StringComparison.Ordinal)
            .Replace("{token}", id, StringComparison.Ordinal)
            .Replace("{delivery}", "msg_00000000000000000000000000000000", StringComparison.Ordinal));
        return new HttpRequestMessage(new HttpMethod(method), path);
    }

    static string NameOf(RouteEndpoint endpoint) =>
        $"{endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0]} {endpoint.RoutePattern.RawText}";

    static async Task<(HttpStatusCode Status, string Headers, string Body)> AskAsync(
        HttpClient client, string endpoint, string id)
    {
        using var request = Request(endpoint, id);
        using var answer = await client.SendAsync(request);
        var headers = answer.Headers.Where(header => header.Key is not ("Date" or "Set-Cookie"))
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}");
        return (answer.StatusCode, string.Join('\n', headers), await answer.Content.ReadAsStringAsync());
    }
}
