using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NextUp.Client.Steering;
using NextUp.Server.Commands;
using NextUp.UnitTests.Client;

namespace NextUp.UnitTests.Commands;

public sealed class SteerCommandTests : IDisposable
{
    static readonly SteeringView Now = new(
        IsPaused: true,
        [new("queue", null, null, "a new disk", "olga", Answers.Noon), new("user", null, "ann", null, "olga", Answers.Noon)],
        8, "otto", Answers.Noon);

    readonly CommandRun _run = new();
    readonly ConcurrentQueue<string> _bodies = [];

    public void Dispose() => _run.Dispose();

    Task<StubServer> StartAsync() => StubServer.StartAsync(async context =>
    {
        using var body = new StreamReader(context.Request.Body);
        _bodies.Enqueue($"{context.Request.Path} {await body.ReadToEndAsync(TestContext.Current.CancellationToken)}");
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(JsonSerializer.Serialize(Now, SteeringJson.Default.SteeringView));
    });

    [Theory]
    [InlineData("pause", "/api/v1/operations/pause {\"scope\":\"queue\",\"kind\":null,\"user\":null,\"reason\":null}")]
    [InlineData("pause --reason why", "/api/v1/operations/pause {\"scope\":\"queue\",\"kind\":null,\"user\":null,\"reason\":\"why\"}")]
    [InlineData("pause --kind bibtex", "/api/v1/operations/pause {\"scope\":\"kind\",\"kind\":\"bibtex\",\"user\":null,\"reason\":null}")]
    [InlineData("resume --user ann", "/api/v1/operations/resume {\"scope\":\"user\",\"kind\":null,\"user\":\"ann\",\"reason\":null}")]
    [InlineData("slots 8", "/api/v1/operations/slots {\"slots\":8}")]
    [InlineData("slots settings", "/api/v1/operations/slots {\"slots\":null}")]
    [InlineData("slots", "/api/v1/operations/steering ")]
    public async Task An_order_is_sent_as_it_was_typed(string typed, string sent)
    {
        await using var server = await StartAsync();

        Assert.Equal(ExitCode.Ok, await _run.AtAsync(server, typed.Split(' ')));

        Assert.Equal([sent], _bodies);
    }

    [Fact]
    public async Task What_holds_now_is_told_a_line_each()
    {
        await using var server = await StartAsync();

        await _run.AtAsync(server, "slots");

        var lines = _run.Out.TrimEnd().Split(Environment.NewLine);
        Assert.Equal("Up to 8 jobs run at once, set by otto.", lines[0]);
        Assert.StartsWith("The queue is paused since ", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" by olga: a new disk", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("The user ann is paused since ", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("slots 0", "1 to 10000")]
    [InlineData("slots 10001", "1 to 10000")]
    [InlineData("slots many", "settings")]
    [InlineData("pause --kind bibtex --user ann", "not both")]
    public async Task What_cannot_be_meant_is_refused_with_the_way_out(string typed, string wayOut)
    {
        await using var server = await StartAsync();

        Assert.Equal(ExitCode.BadInput, await _run.AtAsync(server, typed.Split(' ')));

        Assert.Contains(wayOut, _run.Error, StringComparison.Ordinal);
        Assert.Empty(_bodies);
    }

    [Theory]
    [InlineData("--priority", "10", "0 (none) to 9")]
    [InlineData("--not-before", "2026-03-01T22:00", "offset")]
    public async Task A_wish_that_is_none_is_refused_before_anything_is_sent(string option, string value, string wayOut)
    {
        await using var server = await StartAsync();

        Assert.Equal(ExitCode.BadInput, await _run.AtAsync(server, "submit", _run.NewFile("a.bib"), option, value));

        Assert.Contains(wayOut, _run.Error, StringComparison.Ordinal);
        Assert.Empty(_bodies);
    }

    [Fact]
    public async Task Wishes_of_order_and_time_are_sent_with_the_file()
    {
        await using var server = await StartAsync();

        await _run.AtAsync(
            server, "submit", _run.NewFile("a.bib"), "--priority", "3", "--not-before", "2026-03-01T22:00+01:00");

        var body = Assert.Single(_bodies);
        Assert.Contains("name=\"priority\"\r\n\r\n3\r\n", body, StringComparison.Ordinal);
        Assert.Contains("name=\"notBefore\"\r\n\r\n2026-03-01T21:00:00+00:00\r\n", body, StringComparison.Ordinal);
    }
}
