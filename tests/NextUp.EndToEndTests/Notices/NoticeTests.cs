using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using NextUp.Client.Notices;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Notices;

public sealed class NoticeTests : IAsyncLifetime
{
    const string Config = """
        {"queue":{"slots":2},"bibtex":{"providers":["catalogue"]},
         "notices":{"allowHttp":true,"allowPrivateAddresses":true,"subscriptionsPerUserMax":3,"timeout":"30s"}}
        """;

    ServerProcess _server = null!;

    public async ValueTask InitializeAsync() => _server = await ServerProcess.StartAsync(Config);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_webhook_is_told_each_wanted_event_once_in_order_and_signed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var owner = _server.Visitor();
        using var other = _server.Visitor();
        var subscription = await AddAsync(owner, new("webhook", $"{receiver.Address}hook", ["queued", "started", "completed"]));
        await other.SubmittedAsync("other.bib");

        var job = await owner.SubmittedAsync("mine.bib");
        await Eventually.IsTrueAsync(() => receiver.Posts.Count >= 3);

        var posts = receiver.Posts;
        Assert.Equal(["job.queued", "job.started", "job.completed"], posts.Select(post => post.Type));
        Assert.Equal(3, posts.Select(post => post.Id).Distinct().Count());
        Assert.All(posts, post =>
        {
            Assert.Equal("/hook", post.Path);
            Assert.Equal(job.Id, post.Json.GetProperty("data").GetProperty("id").GetString());
            Assert.Equal("mine.bib", post.Json.GetProperty("data").GetProperty("fileName").GetString());
            Assert.Equal(Signature(subscription.Secret!, post), post.Headers["webhook-signature"]);
        });

        var deliveries = await PageAsync(owner, subscription.Id);
        Assert.Equal(posts.Reverse().Select(post => post.Id), deliveries.Deliveries.Select(one => one.Id));
        var shown = await owner.GetFromJsonAsync($"/api/v1/notices/{subscription.Id}", NoticeJson.Wire.NoticeSubscriptionView);
        Assert.Null(shown!.Secret);
    }

    [Fact]
    public async Task What_a_killed_server_had_not_delivered_arrives_after_the_next_start_under_the_same_id()
    {
        var hangs = true;
        await using var receiver = await WebhookReceiver.StartAsync(context => hangs
            ? HangAsync(context.RequestAborted) : Task.CompletedTask);
        var account = _server.Account("ann");
        await AddAsync(account, new("webhook", receiver.Address.AbsoluteUri, ["queued", "started", "completed"]));
        var job = await account.SubmittedAsync();
        await account.FinishedAsync(job.Id);
        await Eventually.IsTrueAsync(() => receiver.Posts.Count == 1);

        // In the middle of the first delivery, with two more in the outbox that nobody has begun.
        await _server.KillAsync();
        hangs = false;
        await using var again = await ServerProcess.StartAsync(Config, _server.Folder);
        await Eventually.IsTrueAsync(() => receiver.Posts.Count >= 4);

        var posts = receiver.Posts;
        Assert.Equal(["job.queued", "job.queued", "job.started", "job.completed"], posts.Select(post => post.Type));
        Assert.Equal(posts[0].Id, posts[1].Id);
        Assert.Equal(posts[0].Body, posts[1].Body);
        Assert.Equal(3, posts.Select(post => post.Id).Distinct().Count());
        account.Dispose();
    }

    [Fact]
    public async Task A_receiver_that_fails_is_tried_again_and_gone_disables()
    {
        var answers = new Queue<int>([500, 204, 410]);
        await using var receiver = await WebhookReceiver.StartAsync(context =>
        {
            context.Response.StatusCode = answers.Dequeue();
            return Task.CompletedTask;
        });
        using var owner = _server.Visitor();
        var subscription = await AddAsync(owner, new("webhook", receiver.Address.AbsoluteUri, ["completed"]));

        await owner.FinishedAsync((await owner.SubmittedAsync()).Id);
        await Eventually.IsTrueAsync(() => receiver.Posts.Count == 2);
        await owner.FinishedAsync((await owner.SubmittedAsync()).Id);
        await Eventually.IsTrueAsync(() => GetAsync(owner, subscription.Id).GetAwaiter().GetResult().State == "disabled");

        Assert.Equal(receiver.Posts[0].Id, receiver.Posts[1].Id);
        Assert.Contains("410", (await GetAsync(owner, subscription.Id)).Reason!, StringComparison.Ordinal);
        var page = await PageAsync(owner, subscription.Id);
        Assert.Equal(["gave-up", "delivered"], page.Deliveries.Select(one => one.State));
        Assert.Equal([500, 204], page.Deliveries[1].Attempts.Select(attempt => attempt.Status ?? 0));
    }

    [Fact]
    public async Task A_trial_and_a_replay_arrive_and_a_rotated_secret_signs_beside_the_old_one()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var owner = _server.Visitor();
        var subscription = await AddAsync(owner, new("webhook", receiver.Address.AbsoluteUri));
        using var rotated = await owner.PostAsync($"/api/v1/notices/{subscription.Id}/rotate-secret", null);
        var secret = (await rotated.Content.ReadFromJsonAsync(NoticeJson.Wire.NoticeSubscriptionView))!.Secret!;

        using var test = await owner.PostAsync($"/api/v1/notices/{subscription.Id}/test", null);
        Assert.Equal(HttpStatusCode.Accepted, test.StatusCode);
        await Eventually.IsTrueAsync(() => receiver.Posts.Count == 1
            && PageAsync(owner, subscription.Id).GetAwaiter().GetResult().Deliveries[0].State == "delivered");
        var first = receiver.Posts[0];
        Assert.Equal("notice.test", first.Type);
        Assert.Equal(
            $"{Signature(secret, first)} {Signature(subscription.Secret!, first)}", first.Headers["webhook-signature"]);

        using var replay = await owner.PostAsync($"/api/v1/notices/{subscription.Id}/deliveries/{first.Id}/replay", null);
        Assert.Equal(HttpStatusCode.Accepted, replay.StatusCode);
        await Eventually.IsTrueAsync(() => receiver.Posts.Count == 2);
        Assert.Equal(first.Id, receiver.Posts[1].Id);
    }

    [Fact]
    public async Task A_browser_gets_a_message_that_only_it_can_read_with_the_servers_proof()
    {
        await using var service = await WebhookReceiver.StartAsync();
        using var owner = _server.Visitor();
        using var browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var q = browser.ExportParameters(includePrivateParameters: false).Q;
        var keys = new BrowserKeys(
            Base64Url.EncodeToString([0x04, .. q.X!, .. q.Y!]), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
        var wish = new NoticeWish("push", $"{service.Address}send/token", ["completed"], Keys: keys);
        var subscription = await AddAsync(owner, wish);
        using var again = await owner.PostAsJsonAsync("/api/v1/notices", wish, NoticeJson.Wire.NoticeWish);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.DoesNotContain("token", subscription.Target, StringComparison.Ordinal);

        await owner.FinishedAsync((await owner.SubmittedAsync()).Id);
        await Eventually.IsTrueAsync(() => service.Posts.Count == 1);

        var post = service.Posts[0];
        var key = await owner.GetFromJsonAsync("/api/v1/notices/push-key", NoticeJson.Wire.PushKeyView);
        Assert.Equal("aes128gcm", post.Headers["Content-Encoding"]);
        Assert.EndsWith($", k={key!.PublicKey}", post.Headers["Authorization"], StringComparison.Ordinal);
        Assert.True(int.Parse(post.Headers["TTL"]) > 0);
        Assert.Equal(65, post.Body[20]);
        Assert.DoesNotContain("a.bib", Encoding.Latin1.GetString(post.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wishes_that_cannot_be_are_refused_with_the_way_out()
    {
        using var owner = _server.Visitor();
        foreach (var unfit in (string[])[
            """{"channel":"fax","target":"https://example.org/"}""",
            """{"channel":"webhook"}""",
            """{"channel":"webhook","target":"ftp://example.org/"}""",
            """{"channel":"webhook","target":"https://e.org/","events":["lunch"]}""",
            """{"channel":"webhook","target":"https://e.org/","events":[]}""",
            """{"channel":"push","target":"https://e.org/"}""",
            """{"channel":"mail","target":"ann@example.org"}"""])
            await RefusedAsync(owner, unfit, HttpStatusCode.UnprocessableEntity, ProblemCodes.UnfitNotice);
        await RefusedAsync(owner, "nonsense", HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);
        await RefusedAsync(owner, "", HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);

        for (var i = 0; i < 3; i++)
            await AddAsync(owner, new("webhook", $"https://example.org/{i}"));
        const string known = """{"channel":"webhook","target":"https://example.org/0"}""";
        const string more = """{"channel":"webhook","target":"https://example.org/3"}""";
        await RefusedAsync(owner, known, HttpStatusCode.Conflict, ProblemCodes.NoticeExists);
        await RefusedAsync(owner, more, HttpStatusCode.TooManyRequests, ProblemCodes.NoticeLimitReached);
    }

    [Fact]
    public async Task A_subscription_can_be_paused_relabelled_and_deleted()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var owner = _server.Visitor();
        var subscription = await AddAsync(owner, new("webhook", receiver.Address.AbsoluteUri, ["completed"]));

        var paused = await PatchAsync(owner, subscription.Id, new("my bot", ["failed", "completed"], "paused"));
        Assert.Equal(("my bot", "paused"), (paused.Label, paused.State));
        Assert.Equal(["completed", "failed"], paused.Events);
        using var test = await owner.PostAsync($"/api/v1/notices/{subscription.Id}/test", null);
        await test.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.NoticeInTheWay);
        await owner.FinishedAsync((await owner.SubmittedAsync()).Id);
        Assert.Empty((await PageAsync(owner, subscription.Id)).Deliveries);

        await PatchAsync(owner, subscription.Id, new(State: "active"));
        await owner.FinishedAsync((await owner.SubmittedAsync()).Id);
        await Eventually.IsTrueAsync(() => receiver.Posts.Count == 1);

        using var deleted = await owner.DeleteAsync($"/api/v1/notices/{subscription.Id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await owner.GetAsync($"/api/v1/notices/{subscription.Id}");
        await gone.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NoticeNotFound);
    }

    static async Task HangAsync(CancellationToken end)
    {
        var never = new TaskCompletionSource();
        await using (end.Register(() => never.TrySetResult()))
            await never.Task;
    }

    static async Task RefusedAsync(HttpClient client, string json, HttpStatusCode status, string code)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/api/v1/notices", body);
        await answer.ProblemAsync(status, code);
    }

    static async Task<NoticeSubscriptionView> AddAsync(HttpClient client, NoticeWish wish)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/notices", wish, NoticeJson.Wire.NoticeWish);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync(NoticeJson.Wire.NoticeSubscriptionView))!;
    }

    static async Task<NoticeSubscriptionView> PatchAsync(HttpClient client, string id, NoticeAmendment amendment)
    {
        using var answer = await client.PatchAsJsonAsync($"/api/v1/notices/{id}", amendment, NoticeJson.Wire.NoticeAmendment);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync(NoticeJson.Wire.NoticeSubscriptionView))!;
    }

    static async Task<NoticeSubscriptionView> GetAsync(HttpClient client, string id) =>
        (await client.GetFromJsonAsync($"/api/v1/notices/{id}", NoticeJson.Wire.NoticeSubscriptionView))!;

    static async Task<NoticeDeliveryPage> PageAsync(HttpClient client, string id) =>
        (await client.GetFromJsonAsync($"/api/v1/notices/{id}/deliveries", NoticeJson.Wire.NoticeDeliveryPage))!;

    static string Signature(string secret, ReceivedPost post) => "v1," + Convert.ToBase64String(HMACSHA256.HashData(
        Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes(post.SignedText)));
}
