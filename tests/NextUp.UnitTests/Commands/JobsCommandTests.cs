using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NextUp.Client.Cleanup;
using NextUp.Server.Commands;
using NextUp.UnitTests.Client;

namespace NextUp.UnitTests.Commands;

public sealed class JobsCommandTests : IDisposable
{
    static readonly CaredJobView Job = new(
        "01900000-0000-7000-8000-000000000001", "bibtex", "a1b2", null, "failed", IsHeld: false, 10, 0, 3, 3, 3, Answers.Noon,
        null, null, null, null, Answers.Noon, 40, "looking up", "The server stopped.");

    readonly CommandRun _run = new();
    readonly ConcurrentQueue<string> _asked = [];

    public void Dispose() => _run.Dispose();

    Task<StubServer> StartAsync() => StubServer.StartAsync(async context =>
    {
        _asked.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        context.Response.ContentType = "application/json";
        var detail = new CaredJobDetail(
            Job, [new(Answers.Noon, "started", 1, null), new(Answers.Noon, "failed", 3, "The server stopped.")], "As written.", ["last"]);
        var json = context.Request.Path.Value!.EndsWith("/jobs", StringComparison.Ordinal)
            ? JsonSerializer.Serialize(new([Job], null), CleanupJson.Default.CaredJobPage)
            : context.Request.Method == "GET" ? JsonSerializer.Serialize(detail, CleanupJson.Default.CaredJobDetail)
            : JsonSerializer.Serialize(Job, CleanupJson.Default.CaredJobView);
        await context.Response.WriteAsync(json);
    });

    [Theory]
    [InlineData("jobs list", "GET /api/v1/operations/jobs?limit=20&setAside=false")]
    [InlineData("jobs list --set-aside --limit 5", "GET /api/v1/operations/jobs?limit=5&setAside=true")]
    [InlineData("jobs list --state failed", "GET /api/v1/operations/jobs?limit=20&setAside=false&state=failed")]
    [InlineData("jobs show 7", "GET /api/v1/operations/jobs/7")]
    [InlineData("jobs retry 7", "POST /api/v1/operations/jobs/7/retry")]
    [InlineData("jobs cancel 7", "POST /api/v1/operations/jobs/7/cancel")]
    [InlineData("jobs set-aside 7", "POST /api/v1/operations/jobs/7/set-aside")]
    [InlineData("jobs discard 7", "POST /api/v1/operations/jobs/7/discard")]
    public async Task An_operators_wish_is_sent_as_it_was_typed(string typed, string sent)
    {
        await using var server = await StartAsync();

        Assert.Equal(ExitCode.Ok, await _run.AtAsync(server, typed.Split(' ')));

        Assert.Equal([sent], _asked);
        Assert.Contains("failed, set aside", _run.Out, StringComparison.Ordinal);
        Assert.Contains("a1b2", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_evidence_is_told_a_line_each()
    {
        await using var server = await StartAsync();

        await _run.AtAsync(server, "jobs", "show", "7");

        Assert.Contains("started, attempt 1", _run.Out, StringComparison.Ordinal);
        Assert.Contains("failed, attempt 3: The server stopped.", _run.Out, StringComparison.Ordinal);
        Assert.Contains("As written.", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_and_set_aside_do_not_go_together()
    {
        await using var server = await StartAsync();

        Assert.Equal(ExitCode.BadInput, await _run.AtAsync(server, "jobs", "list", "--state", "failed", "--set-aside"));
        Assert.Empty(_asked);
    }
}
