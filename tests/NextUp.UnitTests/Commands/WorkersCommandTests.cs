using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NextUp.Client.Operations;
using NextUp.Client.Wire;
using NextUp.Server.Commands;
using NextUp.UnitTests.Client;

namespace NextUp.UnitTests.Commands;

public sealed class WorkersCommandTests : IDisposable
{
    readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    static Task<StubServer> ServerOf(WorkersView view) => StubServer.StartAsync(context =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(view, OperationsJson.Default.WorkersView));
    });

    [Fact]
    public async Task Each_worker_is_a_row_and_what_is_left_out_is_said()
    {
        await using var server = await ServerOf(new(
            [
                new("box-1", "crew", ["bibtex", "exams"], 3, ["a", "b", "c"], 5, Answers.Noon),
                new("box-2", "crew", [], 1, ["d"], 0, null),
            ],
            Count: 7));

        Assert.Equal(ExitCode.Ok, await _run.AtAsync(server, "workers"));

        var lines = _run.Out.TrimEnd().Split(Environment.NewLine);
        Assert.Matches("box-1 +crew +bibtex exams +3 +5 +[0-9-]+ 12:00:00Z", lines[1]);
        Assert.Matches("box-2 +crew +not known yet +1 +0 +not since the server's start", lines[2]);
        Assert.Equal("And 5 more.", lines[^1]);
    }

    [Fact]
    public async Task Nobody_is_said_so()
    {
        await using var server = await ServerOf(new([], 0));

        Assert.Equal(ExitCode.Ok, await _run.AtAsync(server, "workers"));

        Assert.Equal("Nobody works elsewhere for this server.", _run.Out.TrimEnd());
    }

    [Fact]
    public async Task What_runs_at_workers_is_told_apart_from_the_slots_in_use()
    {
        var queue = new QueueView(4, 2, 0, 0, 0, 0, Paused: false, null, new(0, 0, 0)) { RunningElsewhere = 4 };
        await using var server = await StubServer.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(context.Request.Path == "/api/v1/queue"
                ? JsonSerializer.Serialize(queue, WireJson.Wire.QueueView)
                : JsonSerializer.Serialize(
                    new(new("account", "ann"), IsAdministrator: false, [], 0), WireJson.Wire.MeView));
        });

        Assert.Equal(ExitCode.Ok, await _run.AtAsync(server, "status"));

        Assert.Contains("2 of 4 slots in use, 4 running at workers elsewhere, 0 waiting", _run.Out, StringComparison.Ordinal);
    }
}
