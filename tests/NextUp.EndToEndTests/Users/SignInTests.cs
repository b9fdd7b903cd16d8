using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using NextUp.Client.Notices;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Server.Users;

namespace NextUp.EndToEndTests.Users;

/// <summary>Signing in on the page, keys, and what operators' actions leave behind, on the real server.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    TestAuthority _authority = null!;
    ServerProcess _server = null!;

    public async ValueTask InitializeAsync()
    {
        _authority = await TestAuthority.StartAsync();
        _server = await ServerProcess.StartAsync($$$"""
            {"queue": {"paused": true}, "bibtex": {"providers": ["catalogue"]},
             "notices": {"subscriptionsPerUserMax": 1}, "server": {"origins": ["https://app.example.org"]},
             "identity": {"authority": "{{{_authority.Address}}}", "clientId": "{{{TestAuthority.ClientId}}}",
               "visitorsPerAddressMax": 2}}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _authority.DisposeAsync();
    }

    [Fact]
    public async Task A_visitor_who_signs_in_with_the_authority_takes_their_jobs_along()
    {
        using var browser = _server.Visitor();
        var job = await browser.SubmittedAsync();
        Assert.Equal("/sign-in", (await MeAsync(browser)).SignIn.Path);

        using var back = await browser.GetAsync("/sign-in?return=/jobs");

        Assert.Equal("/jobs", back.RequestMessage!.RequestUri!.AbsolutePath);
        var me = await MeAsync(browser);
        Assert.Equal(new UserView("account", "ada"), me.User);
        Assert.Equal(job.Id, Assert.Single(me.Active).Id);

        using var out_ = await browser.PostAsync("/sign-out", null);
        Assert.Equal("visitor", (await MeAsync(browser)).User.Kind);
        Assert.Empty((await MeAsync(browser)).Active);
    }

    [Fact]
    public async Task A_sign_in_that_was_begun_elsewhere_does_nothing()
    {
        using var browser = _server.Visitor();
        using var lured = await browser.GetAsync("/signed-in?code=x&state=y");
        await lured.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.SignInFailed);

        using var looking = new HttpRequestMessage(HttpMethod.Get, "/signed-in?code=x&state=y");
        looking.Headers.Add("Accept", "text/html,application/xhtml+xml");
        using var told = await browser.SendAsync(looking);
        Assert.Equal("/you?sign-in=late", told.RequestMessage!.RequestUri!.PathAndQuery);

        using var away = await browser.GetAsync("/sign-in?return=//evil.example/");
        Assert.Equal(_server.Address.Authority, away.RequestMessage!.RequestUri!.Authority);
    }

    [Fact]
    public async Task A_pasted_token_signs_in_and_a_page_of_another_site_cannot()
    {
        using var browser = _server.Visitor();
        var job = await browser.SubmittedAsync();
        var token = new TokenIssuer(_server.Folder, TimeProvider.System).Issue("bob", Role.Operator);

        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/api/v1/me/session");
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        foreign.Content = JsonContent.Create(new SessionRequest(token), WireJson.Wire.SessionRequest);
        using var refused = await browser.SendAsync(foreign);
        await refused.ProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.CrossSiteRequest);
        using var wrong = await PasteAsync(browser, token + "x");
        await wrong.ProblemAsync(HttpStatusCode.Unauthorized, ProblemCodes.Unauthorized);
        Assert.Equal("visitor", (await MeAsync(browser)).User.Kind);

        using var answer = await PasteAsync(browser, token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var me = await MeAsync(browser);
        Assert.Equal(("bob", "operator"), (me.User.Name, me.Role));
        Assert.Equal(job.Id, Assert.Single(me.Active).Id);
    }

    [Fact]
    public async Task A_token_of_the_authority_is_good_and_one_nobody_can_check_is_answered_503()
    {
        using var client = _server.Nobody();
        client.DefaultRequestHeaders.Authorization = new("Bearer", _authority.Token("eve", TimeProvider.System.GetUtcNow()));
        _authority.IsAway = true;
        using var unknown = await client.GetAsync("/api/v1/me");
        await unknown.ProblemAsync(HttpStatusCode.ServiceUnavailable, ProblemCodes.AuthorityUnavailable);

        using var own = _server.Account("ann");
        Assert.Equal("ann", (await MeAsync(own)).User.Name);
    }

    [Fact]
    public async Task A_key_is_shown_once_does_what_its_scopes_say_and_ends_when_it_is_revoked()
    {
        using var ann = _server.Account("ann");
        using var made = await MakeKeyAsync(ann, new("for reading", ["read"], 30));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var key = (await made.Content.ReadFromJsonAsync(WireJson.Wire.NewKeyView))!;
        using var program = _server.Nobody();
        program.DefaultRequestHeaders.Add("X-API-Key", key.Key);

        Assert.Equal("ann", (await MeAsync(program)).User.Name);
        using var submit = await program.SubmitAsync();
        await submit.ProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        using var another = await MakeKeyAsync(program, new("a successor", ["read"], null));
        await another.ProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        using var greedy = await MakeKeyAsync(ann, new("more", ["operate"], null));
        await greedy.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);
        Assert.DoesNotContain(key.Key[^64..], await ann.GetStringAsync("/api/v1/keys"), StringComparison.Ordinal);

        using var bob = _server.Account("bob");
        using var notHis = await bob.DeleteAsync("/api/v1/keys/" + key.About.Id);
        await notHis.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.KeyNotFound);
        using var revoked = await ann.DeleteAsync("/api/v1/keys/" + key.About.Id);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        using var ended = await program.GetAsync("/api/v1/me");
        await ended.ProblemAsync(HttpStatusCode.Unauthorized, ProblemCodes.Unauthorized);
    }

    [Fact]
    public async Task What_an_administrator_does_is_in_the_audit_log()
    {
        using var root = _server.Account("root", Role.Administrator);
        using var swept = await root.PostAsync("/api/v1/cleanup?dryRun=true", null);
        using var refused = await root.PostAsync("/api/v1/cleanup?dryRun=perhaps", null);

        var page = (await root.GetFromJsonAsync("/api/v1/operations/audit", WireJson.Wire.AuditPage))!;

        Assert.Equal(
            [("root", "POST /api/v1/cleanup", "/api/v1/cleanup?dryRun=perhaps", 400),
                ("root", "POST /api/v1/cleanup", "/api/v1/cleanup?dryRun=true", 200)],
            page.Entries.Select(entry => (entry.Actor, entry.Action, entry.Target, entry.Outcome)));
        Assert.All(page.Entries, entry => Assert.Equal("127.0.0.1", entry.Address));
    }

    [Fact]
    public async Task Clearing_cookies_gains_nothing_beyond_the_limit_of_the_address()
    {
        using var first = _server.Visitor();
        using var second = _server.Visitor();
        using var third = _server.Visitor();
        await first.SubmittedAsync();
        var job = await second.SubmittedAsync();

        using var refused = await third.SubmitAsync();
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, ProblemCodes.AddressLimitReached);
        using var elsewhere = _server.Visitor();
        elsewhere.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.7");
        await elsewhere.SubmittedAsync();
        using var account = _server.Account("ann");
        await account.SubmittedAsync();

        using var cancelled = await second.PostAsync($"/api/v1/jobs/{job.Id}/cancel", null);
        await third.SubmittedAsync();
    }

    [Fact]
    public async Task Only_pages_of_listed_origins_may_read_answers_and_never_by_cookie()
    {
        using var client = _server.Account("ann");
        using var listed = await CallFromAsync(client, "https://app.example.org");
        using var other = await CallFromAsync(client, "https://evil.example");

        Assert.Equal("https://app.example.org", Assert.Single(listed.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.False(listed.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_visitors_subscriptions_come_along_and_what_has_no_room_is_told()
    {
        var token = new TokenIssuer(_server.Folder, TimeProvider.System).Issue("told", Role.User);
        using var first = _server.Visitor();
        using var second = _server.Visitor();
        var kept = await SubscribedAsync(first, "https://example.org/one", "the first");
        await SubscribedAsync(second, "https://example.org/two", "the second");

        using var came = await PasteAsync(first, token);
        Assert.Null((await came.Content.ReadFromJsonAsync(WireJson.Wire.MeView))!.LeftBehind);
        using var full = await PasteAsync(second, token);

        var said = Assert.Single((await full.Content.ReadFromJsonAsync(WireJson.Wire.MeView))!.LeftBehind!);
        Assert.StartsWith("the second: ", said, StringComparison.Ordinal);
        var list = (await second.GetFromJsonAsync("/api/v1/notices", NoticeJson.Wire.NoticeSubscriptionList))!;
        Assert.Equal(kept, Assert.Single(list.Subscriptions).Id);
    }

    static async Task<string> SubscribedAsync(HttpClient client, string target, string label)
    {
        using var added = await client.PostAsJsonAsync(
            "/api/v1/notices", new("webhook", target, Label: label), NoticeJson.Wire.NoticeWish);
        return (await added.Content.ReadFromJsonAsync(NoticeJson.Wire.NoticeSubscriptionView))!.Id;
    }

    static async Task<HttpResponseMessage> CallFromAsync(HttpClient client, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/queue");
        request.Headers.Add("Origin", origin);
        return await client.SendAsync(request);
    }

    static async Task<MeView> MeAsync(HttpClient client) =>
        (await client.GetFromJsonAsync("/api/v1/me", WireJson.Wire.MeView))!;

    static Task<HttpResponseMessage> PasteAsync(HttpClient client, string token) =>
        client.PostAsync("/api/v1/me/session", Buffered(JsonContent.Create(new SessionRequest(token), WireJson.Wire.SessionRequest)));

    static Task<HttpResponseMessage> MakeKeyAsync(HttpClient client, KeyRequest key) =>
        client.PostAsync("/api/v1/keys", Buffered(JsonContent.Create(key, WireJson.Wire.KeyRequest)));

    /// <summary>With a length, as browsers send it.</summary>
    static ByteArrayContent Buffered(JsonContent content)
    {
        var bytes = new ByteArrayContent(content.ReadAsByteArrayAsync().Result);
        bytes.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return bytes;
    }
}
