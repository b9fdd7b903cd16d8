using Microsoft.AspNetCore.Http;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Settings;
using NextUp.Server.Users;
using NextUp.Storage.Sqlite;

namespace NextUp.UnitTests.Server;

public sealed class CallersTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly Callers _callers;

    readonly SqliteStore _store = SqliteStore.OpenInMemory();
    readonly Identity _identity;

    public CallersTests()
    {
        _identity = new Identity(_folder.Path, new IdentitySettings(), _store, _store, TimeProvider.System);
        _callers = _identity.Callers;
    }

    public void Dispose()
    {
        _identity.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("POST", "Sec-Fetch-Site", "cross-site", false)]
    [InlineData("POST", "Sec-Fetch-Site", "same-site", false)]
    [InlineData("POST", "Sec-Fetch-Site", "same-origin", true)]
    [InlineData("POST", "Sec-Fetch-Site", "none", true)]
    [InlineData("POST", "Origin", "https://evil.example", false)]
    [InlineData("POST", "Origin", "http://nextup.example:81", false)]
    [InlineData("POST", "Origin", "null", false)]
    [InlineData("POST", "Origin", "http://nextup.example", true)]
    [InlineData("POST", "X-Nothing", "", true)]
    [InlineData("GET", "Sec-Fetch-Site", "cross-site", true)]
    [InlineData("GET", "Origin", "https://evil.example", true)]
    public async Task A_page_of_another_site_cannot_act_for_a_visitor(
        string method, string header, string value, bool isLet)
    {
        var (caller, problem) = await CallAsync(method, (header, value));

        Assert.Equal(isLet, caller is not null);
        Assert.Equal(isLet ? null : ProblemCodes.CrossSiteRequest, problem?.Code);
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Token ")]
    [InlineData("Authorization", "bearer ")]
    [InlineData("X-API-Key", "")]
    public async Task A_token_is_taken_from_each_header_and_needs_no_origin(string header, string scheme)
    {
        var token = new TokenIssuer(_folder.Path, TimeProvider.System).Issue("ada", isAdministrator: false);

        var (caller, _) = await CallAsync("POST", (header, scheme + token), ("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(UserId.Account("ada"), caller?.User);
    }

    [Theory]
    [InlineData("Authorization", "Bearer nonsense")]
    [InlineData("Authorization", "Basic YTpi")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("X-API-Key", "nonsense")]
    public async Task A_bad_token_is_refused_even_beside_a_good_cookie(string header, string value)
    {
        var (_, problem) = await CallAsync("GET", (header, value), ("Cookie", await CookieAsync()));

        Assert.Equal(ProblemCodes.Unauthorized, problem?.Code);
    }

    [Fact]
    public async Task Who_has_no_identity_gets_one_and_keeps_it()
    {
        var cookie = await CookieAsync();

        var (first, _) = await CallAsync("GET", ("Cookie", cookie));
        var (second, _) = await CallAsync("POST", ("Cookie", cookie));
        var (stranger, _) = await CallAsync("GET");

        Assert.Equal(first, second);
        Assert.NotEqual(first, stranger);
    }

    [Fact]
    public async Task Each_endpoint_serves_its_audience_and_refuses_everyone_else()
    {
        Role?[] callers = [null, Role.User, Role.Operator, Role.Administrator, Role.Worker];
        (Audience Audience, bool[] IsLet)[] rules =
        [
            (Audience.Caller, [true, true, true, true, false]),
            (Audience.JobOwner, [true, true, true, true, false]),
            (Audience.Account, [false, true, true, true, false]),
            (Audience.Operator, [false, false, true, true, false]),
            (Audience.Administrator, [false, false, false, true, false]),
            (Audience.Worker, [false, false, true, true, true]),
        ];

        foreach (var (audience, isLet) in rules)
        {
            for (var i = 0; i < callers.Length; i++)
                Assert.True(isLet[i] == await IsLetAsync(callers[i], audience), $"{callers[i]} at {audience}");
        }
    }

    async Task<bool> IsLetAsync(Role? role, Audience audience)
    {
        var token = role is { } known ? new TokenIssuer(_folder.Path, TimeProvider.System).Issue("ada", known) : null;
        var (caller, problem) = await CallAsync("GET", audience, token is null ? [] : [("Authorization", "Bearer " + token)]);
        Assert.Equal(caller is null ? ProblemCodes.Forbidden : null, problem?.Code);
        return caller is not null;
    }

    async Task<string> CookieAsync()
    {
        var context = new DefaultHttpContext();
        await _callers.Guard((_, _) => Task.CompletedTask)(context);
        return context.Response.Headers.SetCookie.ToString().Split(';')[0];
    }

    Task<(Caller? Caller, Problem? Problem)> CallAsync(string method, params (string Name, string Value)[] headers) =>
        CallAsync(method, Audience.Caller, headers);

    async Task<(Caller? Caller, Problem? Problem)> CallAsync(
        string method, Audience audience, (string Name, string Value)[] headers)
    {
        var context =
            new DefaultHttpContext { Request = { Method = method, Host = new HostString("nextup.example:80") } };
        foreach (var (name, value) in headers)
            context.Request.Headers[name] = value;

        Caller? seen = null;
        Problem? refused = null;
        var guarded = _callers.Guard(
            (_, caller) =>
            {
                seen = caller;
                return Task.CompletedTask;
            },
            audience,
            scope: null,
            (_, problem) =>
            {
                refused = problem;
                return Task.CompletedTask;
            });
        await guarded(context);
        return (seen, refused);
    }
}
