using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.OrleansTests.Silos;
using NextUp.StorageTests.Postgres;

namespace NextUp.OrleansTests.Servers;

/// <summary>Two server processes on one PostgreSQL: what a key opened on one ends when the other revokes the key.</summary>
public sealed class RevokedKeyTests : IAsyncDisposable
{
    /// <summary>Two seconds until the next look, and time for a machine that does much else.</summary>
    static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(10);

    readonly PostgresServer _postgres;
    readonly List<string> _folders = [];
    readonly List<ServerProcess> _servers = [];

    public RevokedKeyTests()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        _postgres = PostgresServer.Start();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        _postgres.Dispose();
        _folders.ForEach(folder => Directory.Delete(folder, recursive: true));
    }

    [Fact]
    public async Task A_feed_on_one_server_ends_when_another_revokes_its_key_whichever_owns_the_store()
    {
        await StartAsync();
        await StartAsync();

        await EndsAsync(openedOn: _servers[0], revokedOn: _servers[1]);
        await EndsAsync(openedOn: _servers[1], revokedOn: _servers[0]);
    }

    static async Task EndsAsync(ServerProcess openedOn, ServerProcess revokedOn)
    {
        using var ann = revokedOn.Account("ann");
        var (revoked, kept) = (await MakeKeyAsync(ann), await MakeKeyAsync(ann));
        using var program = Holder(openedOn, revoked);
        using var other = Holder(openedOn, kept);
        await using var feed = await LiveFeedReader.OpenAsync(program);
        await using var others = await LiveFeedReader.OpenAsync(other);
        await feed.SnapshotAsync();

        using var answer = await ann.DeleteAsync("/api/v1/keys/" + revoked.About.Id);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var since = Stopwatch.GetTimestamp();

        while (await feed.NextAsync() is not null)
        {
            // The queue's counts come until then.
        }

        var took = Stopwatch.GetElapsedTime(since);
        TestContext.Current.TestOutputHelper?.WriteLine($"The feed ended {took.TotalSeconds:0.0} s after its key was revoked.");
        Assert.True(took < EndsWithin, $"{took}");

        // What begins after that is told to who may still hear of it.
        await others.UntilFinishedAsync((await ann.SubmittedAsync()).Id);
    }

    async Task StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("nextup-revoked-").FullName;
        _folders.Add(folder);
        var server = await ServerProcess.StartAsync(
            $$$"""
            {"store": {"kind": "postgres", "connection": "{{{_postgres.Connection("revoked")}}}"},
             "cluster": {"host": "orleans", "siloPort": {{{SiloPorts.Next()}}}}, "bibtex": {"providers": ["catalogue"]}}
            """,
            folder);
        _servers.Add(server);
        await server.SaysAsync("ready");
    }

    static HttpClient Holder(ServerProcess server, NewKeyView key)
    {
        var client = server.Nobody();
        client.DefaultRequestHeaders.Add("X-API-Key", key.Key);
        return client;
    }

    static async Task<NewKeyView> MakeKeyAsync(HttpClient account)
    {
        using var made = await account.PostAsJsonAsync(
            "/api/v1/keys", new KeyRequest("for a feed", ["read"], null), WireJson.Wire.KeyRequest);
        return (await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(WireJson.Wire.NewKeyView))!;
    }
}
