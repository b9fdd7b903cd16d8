using Microsoft.AspNetCore.Http;
using NextUp.Server.Commands;
using NextUp.UnitTests.Client;

namespace NextUp.UnitTests.Commands;

public sealed class HealthCommandTests : IDisposable
{
    readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    static Task<StubServer> StandbyAsync() => StubServer.StartAsync(context =>
    {
        context.Response.ContentType = "application/json";
        if (context.Request.Path == "/health/live")
            return context.Response.WriteAsync("""{"status": "live"}""");
        context.Response.StatusCode = 503;
        return context.Response.WriteAsync("""{"status": "standby", "reasons": ["Another server has the store."]}""");
    });

    [Fact]
    public async Task A_server_that_stands_by_is_live_and_not_ready_and_is_asked_once()
    {
        await using var server = await StandbyAsync();

        Assert.Equal(ExitCode.Negative, await _run.AtAsync(server, "health"));
        Assert.Equal(["standby", "Another server has the store."], _run.Out.TrimEnd().Split(Environment.NewLine));
        Assert.Equal(ExitCode.Ok, await _run.AtAsync(server, "health", "--live"));
        Assert.Equal("live", _run.Out.TrimEnd());
        Assert.Equal(["GET /health/ready", "GET /health/live"], server.Requests);
    }

    [Fact]
    public async Task What_hinders_nobody_is_told_of_a_server_that_is_ready()
    {
        await using var server = await StubServer.StartAsync(
            context => context.Response.WriteAsync("""{"status": "ready", "remarks": ["tesseract is missing."]}"""));

        Assert.Equal(ExitCode.Ok, await _run.AtAsync(server, "health"));
        Assert.Equal(["ready", "tesseract is missing."], _run.Out.TrimEnd().Split(Environment.NewLine));
    }

    [Fact]
    public async Task Nobody_there_somebody_else_there_and_no_answer_in_time_are_no_answer()
    {
        Assert.Equal(ExitCode.Unreachable, await _run.RunAsync("health", "--server", "http://127.0.0.1:1"));

        await using var other = await StubServer.StartAsync(context => context.Response.WriteAsync("<html>"));
        Assert.Equal(ExitCode.Unreachable, await _run.AtAsync(other, "health"));
        Assert.Contains("no NextUp", _run.Error, StringComparison.Ordinal);

        await using var silent = await StubServer.StartAsync(
            context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        Assert.Equal(ExitCode.Unreachable, await _run.AtAsync(silent, "health", "--timeout", "1"));
        Assert.Contains("within 1 s", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", ExitCode.BadInput)]
    [InlineData("1", ExitCode.Unreachable)]
    [InlineData("600", ExitCode.Unreachable)]
    [InlineData("601", ExitCode.BadInput)]
    public async Task A_timeout_is_from_a_second_to_ten_minutes(string seconds, int exitCode) =>
        Assert.Equal(exitCode, await _run.RunAsync("health", "--server", "http://127.0.0.1:1", "--timeout", seconds));
}
