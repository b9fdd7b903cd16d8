using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using NextUp.EndToEndTests.Setup;
using NextUp.Server.Users;

namespace NextUp.EndToEndTests.Documents;

/// <summary>The vectorization contract: upload, status, and the WebSocket, as a front end of that system meets them.</summary>
public sealed class SocketTests(RunningServer server) : IClassFixture<RunningServer>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly ServerProcess _server = server.Process;

    [Fact]
    public async Task The_upload_is_answered_at_once_and_the_status_follows()
    {
        using var user = _server.Account("contract");

        var uploaded = await PostAsync(user, "document", "a.txt", "Words for the contract.");

        Assert.Equal("queued_for_processing", uploaded.GetProperty("status").GetString());
        Assert.Equal("a.txt", uploaded.GetProperty("fileName").GetString());
        Assert.Equal(23, uploaded.GetProperty("fileSize").GetInt64());
        Assert.Equal("Document uploaded successfully and queued for processing", uploaded.GetProperty("message").GetString());
        Assert.NotEmpty(uploaded.GetProperty("jobId").GetString()!);
        var id = uploaded.GetProperty("documentId").GetString()!;
        await user.SettledAsync(id);
        var status = JsonDocument.Parse(await user.GetStringAsync($"/api/documents/{id}/status/")).RootElement;
        Assert.Equal(
            ["documentId", "filename", "status", "error", "createdAt", "startedAt", "completedAt"],
            status.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("completed", "a.txt"), (status.GetProperty("status").GetString(), status.GetProperty("filename").GetString()));
        Assert.Equal(JsonValueKind.Null, status.GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task The_contract_wants_a_token_and_a_file()
    {
        using var nobody = _server.Nobody();
        using var refused = await nobody.PostAsync("/api/documents/upload", Requests.Form().WithFile("a.txt", [65]));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);

        using var user = _server.Account("contract");
        using var none = await user.PostAsync("/api/documents/upload", Requests.Form(("other", "x")));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, none.StatusCode);
    }

    [Fact]
    public async Task Nothing_is_told_before_auth_and_what_happens_after_it()
    {
        using var user = _server.Account("listener");
        using var socket = await ConnectAsync();
        await SayAsync(socket, Auth("listener"));
        await SayAsync(socket, """{"type":"ping"}""");
        Assert.Equal("pong", (await HearAsync(socket)).GetProperty("type").GetString());

        var uploaded = await PostAsync(user, "file", "live.txt", "Told as it happens.");

        var heard = new List<JsonElement>();
        do
            heard.Add(await HearAsync(socket));
        while (heard[^1].GetProperty("type").GetString() != "document_processed");
        var processed = heard[^1].GetProperty("data");
        Assert.Equal(uploaded.GetProperty("documentId").GetString(), processed.GetProperty("documentId").GetString());
        Assert.Equal("live.txt", processed.GetProperty("filename").GetString());
        Assert.Equal("completed", processed.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, processed.GetProperty("error").ValueKind);
        Assert.NotEqual(JsonValueKind.Null, processed.GetProperty("processedAt").ValueKind);
        Assert.All(heard.SkipLast(1), message =>
        {
            Assert.Equal("job_progress", message.GetProperty("type").GetString());
            var data = message.GetProperty("data");
            Assert.Equal(uploaded.GetProperty("jobId").GetString(), data.GetProperty("jobId").GetString());
            Assert.InRange(data.GetProperty("progress").GetInt32(), 0, 100);
            Assert.NotEmpty(data.GetProperty("message").GetString()!);
        });

        // What is told to be processed can be found.
        Assert.Single((await user.SearchAsync("happens")).Hits);
    }

    [Theory]
    [InlineData("""{"type":"auth","token":"nonsense"}""")]
    [InlineData("""{"type":"auth"}""")]
    [InlineData("""{"type":"ping"}""")]
    [InlineData("no json")]
    public async Task A_first_message_that_is_no_good_auth_closes_with_4401(string first)
    {
        using var socket = await ConnectAsync();
        await SayAsync(socket, first);

        Assert.Equal(4401, await ClosedAsync(socket));
    }

    [Fact]
    public async Task Silence_closes_too()
    {
        using var socket = await ConnectAsync();

        Assert.Equal(4401, await ClosedAsync(socket));
    }

    [Fact]
    public async Task A_message_past_the_bound_closes()
    {
        using var socket = await ConnectAsync();
        await SayAsync(socket, new string('x', 17 * 1024));

        Assert.Equal(1009, await ClosedAsync(socket));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_comes_back_is_told_what_was_missed(bool saysWhatItSaw)
    {
        var name = $"returner-{saysWhatItSaw}";
        using var user = _server.Account(name);
        long seen;
        using (var socket = await ConnectAsync())
        {
            await SayAsync(socket, Auth(name));
            await PostAsync(user, "file", "first.txt", $"The first one {saysWhatItSaw}.");
            JsonElement last;
            do
                last = await HearAsync(socket);
            while (last.GetProperty("type").GetString() != "document_processed");
            seen = last.GetProperty("eventId").GetInt64();
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        }

        var missed = await PostAsync(user, "file", "second.txt", $"The second one {saysWhatItSaw}.");
        await user.SettledAsync(missed.GetProperty("documentId").GetString()!);
        using var again = await ConnectAsync();
        await SayAsync(again, saysWhatItSaw ? Auth(name)[..^1] + $",\"lastEventId\":{seen}}}" : Auth(name));

        JsonElement told;
        do
            told = await HearAsync(again);
        while (told.GetProperty("type").GetString() != "document_processed");
        Assert.Equal("second.txt", told.GetProperty("data").GetProperty("filename").GetString());
    }

    [Fact]
    public async Task Events_go_to_their_own_user_only()
    {
        using var other = await ConnectAsync();
        await SayAsync(other, Auth("eavesdropper"));
        await SayAsync(other, """{"type":"ping"}""");
        Assert.Equal("pong", (await HearAsync(other)).GetProperty("type").GetString());
        using var user = _server.Account("speaker");
        var uploaded = await PostAsync(user, "file", "private.txt", "Nobody else hears of this.");
        await user.SettledAsync(uploaded.GetProperty("documentId").GetString()!);

        await SayAsync(other, """{"type":"ping"}""");

        Assert.Equal("pong", (await HearAsync(other)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_page_of_an_origin_that_is_not_listed_cannot_connect()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "https://elsewhere.example");

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(_server), CancellationToken.None));
    }

    [Fact]
    public async Task A_page_of_a_listed_origin_connects_and_uploads()
    {
        await using var open = await ServerProcess.StartAsync(
            """{"server":{"origins":["https://front.example"]},"bibtex":{"providers":["catalogue"]}}""");
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "https://front.example");
        await socket.ConnectAsync(Address(open), CancellationToken.None);
        await SayAsync(socket, """{"type":"auth","token":"nonsense"}""");
        Assert.Equal(4401, await ClosedAsync(socket));

        using var user = open.Account("front");
        user.DefaultRequestHeaders.Add("Origin", "https://front.example");
        using var answer = await user.PostAsync("/api/documents/upload", Requests.Form().WithFile("a.txt", "words"u8.ToArray()));
        Assert.Equal("https://front.example", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    string Auth(string name) =>
        $$"""{"type":"auth","token":"{{new TokenIssuer(_server.Folder, TimeProvider.System).Issue(name, Role.User)}}"}""";

    static Uri Address(ServerProcess server) => new($"ws://{server.Address.Authority}/ws");

    async Task<ClientWebSocket> ConnectAsync()
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(Address(_server), CancellationToken.None);
        return socket;
    }

    static Task SayAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    static async Task<JsonElement> HearAsync(ClientWebSocket socket)
    {
        using var late = new CancellationTokenSource(Patience);
        var buffer = new byte[64 * 1024];
        var heard = await socket.ReceiveAsync(buffer, late.Token);
        Assert.Equal(WebSocketMessageType.Text, heard.MessageType);
        return JsonDocument.Parse(buffer.AsMemory(0, heard.Count)).RootElement;
    }

    static async Task<int> ClosedAsync(ClientWebSocket socket)
    {
        using var late = new CancellationTokenSource(Patience);
        var heard = await socket.ReceiveAsync(new byte[1024], late.Token);
        Assert.Equal(WebSocketMessageType.Close, heard.MessageType);
        return (int)socket.CloseStatus!;
    }

    static async Task<JsonElement> PostAsync(HttpClient user, string field, string name, string text)
    {
        using var answer = await user.PostAsync(
            "/api/documents/upload", Requests.Form().WithFile(name, Encoding.UTF8.GetBytes(text), field));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }
}
