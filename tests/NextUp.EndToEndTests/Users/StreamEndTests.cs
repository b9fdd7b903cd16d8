using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using NextUp.Client.Operations;
using NextUp.Client.Wire;
using NextUp.Client.Work;
using NextUp.EndToEndTests.Setup;
using NextUp.EndToEndTests.Work;
using NextUp.Server.Users;

namespace NextUp.EndToEndTests.Users;

/// <summary>What is open under a key or a token ends with it.</summary>
public sealed class StreamEndTests(LendingServer lending) : IClassFixture<LendingServer>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Tokens end at a full second, and this one must still be good when it is used.</summary>
    static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(5);

    readonly ServerProcess _server = lending.Process;

    [Fact]
    public async Task A_feed_ends_when_its_key_is_revoked_and_tells_nothing_of_what_comes_after()
    {
        using var ann = _server.Account("feed-of-a-key");
        var (revoked, kept) = (await MakeKeyAsync(ann, "read"), await MakeKeyAsync(ann, "read"));
        using var program = Holder(revoked.Key);
        using var other = Holder(kept.Key);
        await using var feed = await LiveFeedReader.OpenAsync(program);
        await using var others = await LiveFeedReader.OpenAsync(other);
        await feed.SnapshotAsync();
        var first = await ann.SubmittedAsync();
        Assert.Equal(first.Id, (await feed.ChangeAsync()).Job.Id);
        await feed.UntilFinishedAsync(first.Id);

        await RevokeAsync(ann, "/api/v1/keys/" + revoked.About.Id);
        var second = await ann.SubmittedAsync();

        while (await feed.NextAsync() is { } told)
            Assert.DoesNotContain(second.Id, told.Data, StringComparison.Ordinal);
        await others.UntilFinishedAsync(second.Id);
        using var again = await program.GetAsync("/api/v1/events");
        await again.ProblemAsync(HttpStatusCode.Unauthorized, ProblemCodes.Unauthorized);
    }

    [Fact]
    public async Task A_feed_ends_when_an_administrator_revokes_its_key()
    {
        using var ann = _server.Account("feed-under-root");
        using var root = _server.Account("root", Role.Administrator);
        var key = await MakeKeyAsync(ann, "read");
        using var program = Holder(key.Key);
        await using var feed = await LiveFeedReader.OpenAsync(program);
        await feed.SnapshotAsync();

        await RevokeAsync(root, "/api/v1/operations/keys/" + key.About.Id);

        await EndAsync(feed);
    }

    [Fact]
    public async Task A_socket_is_closed_when_its_key_is_revoked_and_tells_nothing_of_what_comes_after()
    {
        using var ann = _server.Account("socket-of-a-key");
        var (revoked, kept) = (await MakeKeyAsync(ann, "read"), await MakeKeyAsync(ann, "read"));
        using var socket = await OpenAsync(revoked.Key);
        using var other = await OpenAsync(kept.Key);

        await RevokeAsync(ann, "/api/v1/keys/" + revoked.About.Id);
        var form = Requests.Form().WithFile("a.txt", "Not for a key that was revoked."u8.ToArray());
        (await ann.PostAsync("/api/documents/upload", form)).EnsureSuccessStatusCode().Dispose();

        Assert.Equal(WebSocketMessageType.Close, (await HearAsync(socket)).Kind);
        Assert.Equal(4401, (int)socket.CloseStatus!);
        Assert.Equal(WebSocketMessageType.Text, (await HearAsync(other)).Kind);
    }

    [Fact]
    public async Task Feeds_of_all_tabs_end_with_the_sign_out_of_one_and_no_copy_of_the_cookie_is_good_any_more()
    {
        using var tab = await SignedInAsync("out-of-all-tabs");
        using var elsewhere = await SignedInAsync("out-of-all-tabs");
        using var account = _server.Account("out-of-all-tabs");
        await using var feed = await LiveFeedReader.OpenAsync(tab);
        await using var others = await LiveFeedReader.OpenAsync(elsewhere);
        await feed.SnapshotAsync();

        using (var signedOut = await tab.PostAsync("/sign-out", null))
            Assert.Equal(HttpStatusCode.SeeOther, signedOut.StatusCode);
        var job = await account.SubmittedAsync();

        while (await feed.NextAsync() is { } told)
            Assert.DoesNotContain(job.Id, told.Data, StringComparison.Ordinal);
        Assert.Equal("visitor", await KindAsync(tab));
        Assert.Equal("account", await KindAsync(elsewhere));
        await others.UntilFinishedAsync(job.Id);
        using var look = await tab.GetAsync($"/api/v1/jobs/{job.Id}");
        Assert.Equal(HttpStatusCode.NotFound, look.StatusCode);
    }

    [Fact]
    public async Task A_sign_out_holds_over_a_restart()
    {
        await using var first = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var tab = await SignedInAsync("out-for-good", first);
        using var stays = await SignedInAsync("out-for-good", first);
        using (await tab.DeleteAsync("/api/v1/me/session"))
            Assert.Equal("visitor", await KindAsync(tab));
        await first.KillAsync();

        await using var second = await ServerProcess.StartAsync(ServerProcess.Paused, first.Folder, $"http://{first.Address.Authority}");

        Assert.Equal("visitor", await KindAsync(tab));
        Assert.Equal("account", await KindAsync(stays));
    }

    [Fact]
    public async Task A_feed_and_a_socket_end_when_their_token_runs_out()
    {
        var token = new TokenIssuer(_server.Folder, TimeProvider.System).Issue("short", Role.User, ShortLife);
        using var short_ = _server.Nobody();
        short_.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var socket = await OpenAsync(token);
        await using var feed = await LiveFeedReader.OpenAsync(short_);
        await feed.SnapshotAsync();

        await EndAsync(feed);
        Assert.Equal(WebSocketMessageType.Close, (await HearAsync(socket)).Kind);
        Assert.Equal(4401, (int)socket.CloseStatus!);
        using var again = await short_.GetAsync("/api/v1/events");
        await again.ProblemAsync(HttpStatusCode.Unauthorized, ProblemCodes.Unauthorized);
    }

    [Fact]
    public async Task A_worker_that_waits_for_work_is_sent_away_when_its_key_is_revoked()
    {
        // An ask waits for a third of a lease.
        await using var patient = await ServerProcess.StartAsync(LendingServer.Config.Replace("3s", "60s", StringComparison.Ordinal));
        using var root = patient.Account("root", Role.Administrator);
        using var user = patient.Account("sender");
        var key = await MakeKeyAsync(root, "work");
        using var worker = patient.Nobody();
        worker.DefaultRequestHeaders.Add("X-API-Key", key.Key);
        var asking = worker.PostAsJsonAsync(
            "/api/v1/work/lease", new LeaseRequest("sent-away", 1, ["sort"], 1) { InlineBytesMax = 100 },
            WorkJson.Default.LeaseRequest);
        await Eventually.FoundAsync(async () =>
        {
            var view = await root.GetFromJsonAsync("/api/v1/operations/workers", OperationsJson.Default.WorkersView);
            return view!.Workers.SingleOrDefault(one => one is { Account: "root", Offered: > 0 });
        });

        await RevokeAsync(root, "/api/v1/keys/" + key.About.Id);
        var job = await user.SubmittedAsync("in.txt", "a secret"u8.ToArray(), ("kind", "sort"));

        using var answer = await asking;
        await answer.ProblemAsync(HttpStatusCode.Unauthorized, ProblemCodes.Unauthorized);
        Assert.Equal(0, (await user.GetJobAsync(job.Id)).Attempt);
    }

    /// <summary>Somebody with the cookie of a new sign-in, who goes on to send it whatever is answered.</summary>
    async Task<HttpClient> SignedInAsync(string name, ServerProcess? where = null)
    {
        var server = where ?? _server;
        var token = new TokenIssuer(server.Folder, TimeProvider.System).Issue(name, Role.User);
        using var stranger = server.Nobody();
        using var answer = await stranger.PostAsJsonAsync("/api/v1/me/session", new(token), WireJson.Wire.SessionRequest);
        var cookie = Assert.Single(answer.EnsureSuccessStatusCode().Headers.GetValues("Set-Cookie")).Split(';')[0];
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = server.Address,
        };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        return client;
    }

    static async Task<string> KindAsync(HttpClient client) =>
        (await client.GetFromJsonAsync("/api/v1/me", WireJson.Wire.MeView))!.User.Kind;

    HttpClient Holder(string key)
    {
        var client = _server.Nobody();
        client.DefaultRequestHeaders.Add("X-API-Key", key);
        return client;
    }

    static async Task<NewKeyView> MakeKeyAsync(HttpClient account, string scope)
    {
        using var made = await account.PostAsJsonAsync(
            "/api/v1/keys", new KeyRequest("for a stream", [scope], null), WireJson.Wire.KeyRequest);
        return (await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(WireJson.Wire.NewKeyView))!;
    }

    static async Task RevokeAsync(HttpClient account, string path)
    {
        using var revoked = await account.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
    }

    static async Task EndAsync(LiveFeedReader feed)
    {
        while (await feed.NextAsync() is not null)
        {
            // What was on its way; the feed's own patience bounds this.
        }
    }

    /// <summary>A socket that knows who it is.</summary>
    async Task<ClientWebSocket> OpenAsync(string token)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{_server.Address.Authority}/ws"), TestContext.Current.CancellationToken);
        foreach (var message in (string[])[$$"""{"type":"auth","token":"{{token}}"}""", """{"type":"ping"}"""])
        {
            await socket.SendAsync(
                Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        }

        Assert.Equal("pong", JsonDocument.Parse((await HearAsync(socket)).Text).RootElement.GetProperty("type").GetString());
        return socket;
    }

    static async Task<(WebSocketMessageType Kind, string Text)> HearAsync(ClientWebSocket socket)
    {
        using var late = new CancellationTokenSource(Patience);
        var buffer = new byte[64 * 1024];
        var heard = await socket.ReceiveAsync(buffer, late.Token);
        return (heard.MessageType, Encoding.UTF8.GetString(buffer, 0, heard.Count));
    }
}
