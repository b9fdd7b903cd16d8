using System.Net;
using System.Text;
using System.Text.Json;
using NextUp.Client.Wire;

namespace NextUp.EndToEndTests.Setup;

/// <summary>Reads the live feed line by line, knowing nothing of the server's code.</summary>
sealed class LiveFeedReader : IAsyncDisposable
{
    static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(60);

    readonly CancellationTokenSource _late = new(PatienceMax);
    readonly HttpResponseMessage _answer;
    readonly StreamReader _lines;

    LiveFeedReader(HttpResponseMessage answer, Stream stream) => (_answer, _lines) = (answer, new StreamReader(stream));

    public sealed record Event(string Name, long? Id, string Data);

    /// <param name="after">Sent as Last-Event-ID; null begins now.</param>
    public static async Task<LiveFeedReader> OpenAsync(HttpClient client, long? after = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        if (after is { } number)
            request.Headers.Add("Last-Event-ID", $"{number}");
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new LiveFeedReader(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event, or null when the server ended the stream.</summary>
    public async Task<Event?> NextAsync()
    {
        string name = "message";
        long? id = null;
        var data = new StringBuilder();
        while (await _lines.ReadLineAsync(_late.Token) is { } line)
        {
            if (line.Length == 0 && data.Length > 0)
                return new Event(name, id, data.ToString());
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = long.Parse(line[4..]);
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data.Append(line[6..]);
        }

        return null;
    }

    public async Task<Event> NextAsync(string name)
    {
        while (true)
        {
            var next =
                await NextAsync() ?? throw new EndOfStreamException($"The feed ended before an event {name} came.");
            if (next.Name == name)
                return next;
        }
    }

    public async Task<SnapshotEvent> SnapshotAsync() =>
        JsonSerializer.Deserialize((await NextAsync(LiveEventNames.Snapshot)).Data, WireJson.Wire.SnapshotEvent)!;

    public async Task<JobChangedEvent> ChangeAsync()
    {
        var next = await NextAsync(LiveEventNames.Job);
        var change = JsonSerializer.Deserialize(next.Data, WireJson.Wire.JobChangedEvent)!;
        Assert.Equal(next.Id, change.Number);
        return change;
    }

    public async Task<JobView> UntilFinishedAsync(string id)
    {
        while (true)
        {
            var change = await ChangeAsync();
            if (change.Job.Id == id && JobStateNames.IsFinished(change.Job.State))
                return change.Job;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _late.CancelAsync();
        _late.Dispose();
        _lines.Dispose();
        _answer.Dispose();
    }
}
