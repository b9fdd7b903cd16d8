using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NextUp.Client.Wire;
using NextUp.Server.Commands;
using NextUp.UnitTests.Client;

namespace NextUp.UnitTests.Commands;

public sealed class SubmitCommandTests : IDisposable
{
    static readonly JsonElement Counts = JsonElement.Parse("""{"fieldsAdded":12}""");

    readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_watched_job_is_told_from_the_line_to_its_saved_result()
    {
        await using var server = await StubServer.StartAsync(context => Path(context) switch
        {
            "POST /api/v1/jobs" => context.JsonAsync(Answers.Job(position: 5), 201),
            "GET /api/v1/events" => TellAsync(context),
            "GET /api/v1/jobs/0190-a" => context.JsonAsync(Answers.Job(position: 5)),
            "GET /api/v1/jobs/0190-a/log" => LogAsync(context, "[1/2] found", "[2/2] last words"),
            "GET /api/v1/jobs/0190-a/result" => ResultAsync(context),
            var other => throw new InvalidOperationException(other),
        });
        var file = _run.NewFile("a.bib");
        _run.NewFile("a-enriched.bib", "already here");

        Assert.Equal(ExitCode.Ok, await _run.AtAsync(server, "submit", file, "--watch"));

        var saved = System.IO.Path.Combine(_run.Folder, "a-enriched (2).bib");
        Assert.Equal(
            [
                "a.bib: job 0190-a, Position #5 (4 jobs ahead)",
                "a.bib: Position #5 (4 jobs ahead)",
                "a.bib: 2nd in line",
                "a.bib: started",
                "a.bib: [1/2] found",
                "a.bib: 50 % searching (50 of 100)",
                "a.bib: [2/2] last words",
                "a.bib: completed: 12 fields added",
                $"Saved {saved}",
            ],
            _run.Out.TrimEnd().Split(Environment.NewLine));
        Assert.Equal("@book{done}", await File.ReadAllTextAsync(saved, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(_run.Folder, ".*part"));
        Assert.Empty(_run.Error);

        static async Task TellAsync(HttpContext context)
        {
            await context.TellSnapshotAsync(1);
            await context.TellPositionAsync("0190-a", 2);
            await context.TellJobAsync(2, "started", Answers.Job(state: JobStateNames.Processing));
            await context.TellProgressAsync(
                Answers.Job(state: JobStateNames.Processing, percent: 50, step: "searching"),
                new LogLineView(1, Answers.Noon, "[1/2] found"));
            await context.TellJobAsync(
                3, "completed", Answers.Job(state: JobStateNames.Completed) with { Summary = Counts });
            await context.StayOpenAsync();
        }
    }

    [Fact]
    public async Task A_job_that_ended_before_anybody_looked_is_not_waited_for()
    {
        await using var server = await StubServer.StartAsync(context => Path(context) switch
        {
            "POST /api/v1/jobs" => context.JsonAsync(Answers.Job(), 201),
            "GET /api/v1/events" => QuietAsync(context),
            "GET /api/v1/jobs/0190-a" =>
                context.JsonAsync(Answers.Job(state: JobStateNames.Failed, error: "No entries.")),
            "GET /api/v1/jobs/0190-a/log" => LogAsync(context),
            var other => throw new InvalidOperationException(other),
        });

        Assert.Equal(ExitCode.Negative, await _run.AtAsync(server, "submit", _run.NewFile("a.bib"), "--watch"));
        Assert.Equal("a.bib: failed: No entries.", _run.Error.TrimEnd());
        Assert.DoesNotContain("failed", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupting_leaves_the_job_and_says_how_to_follow_it_again()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var server = await StubServer.StartAsync(async context =>
        {
            switch (Path(context))
            {
                case "POST /api/v1/jobs":
                    await context.JsonAsync(Answers.Job(), 201);
                    break;
                case "GET /api/v1/jobs/0190-a":
                    await context.JsonAsync(Answers.Job());
                    await interrupt.CancelAsync();
                    break;
                default:
                    await QuietAsync(context);
                    break;
            }
        });

        var exitCode = await _run.RunUntilAsync(
            interrupt.Token, "submit", _run.NewFile("a.bib"), "--watch", "--json",
            "--server", server.Address.ToString());

        Assert.Equal(ExitCode.Interrupted, exitCode);
        Assert.Contains("nextup watch 0190-a", _run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Contains("cancel", StringComparison.Ordinal));
        using var answer = JsonDocument.Parse(_run.Out);
        Assert.Equal(
            "0190-a", answer.RootElement.GetProperty("results")[0].GetProperty("job").GetProperty("id").GetString());
    }

    [Fact]
    public async Task One_refused_file_does_not_keep_the_others_back()
    {
        var posts = 0;
        await using var server = await StubServer.StartAsync(context => ++posts == 2
            ? context.ProblemAsync(Answers.Problem(
                429, ProblemCodes.JobLimitReached, "You already have a job in progress.", Answers.Job("first")))
            : context.JsonAsync(Answers.Job($"job-{posts}"), 201));

        var exitCode = await _run.AtAsync(
            server, "submit", _run.NewFile("a.bib"), _run.NewFile("b.bib"), _run.NewFile("c.bib"), "--json");

        Assert.Equal(ExitCode.Negative, exitCode);
        using var answer = JsonDocument.Parse(_run.Out);
        Assert.Equal(
            ["job-1", null, "job-3"],
            answer.RootElement.GetProperty("results").EnumerateArray().Select(result =>
                result.GetProperty("job") is { ValueKind: JsonValueKind.Object } job
                    ? job.GetProperty("id").GetString()
                    : null));
        Assert.StartsWith("b.bib: You already have a job in progress.", _run.Error, StringComparison.Ordinal);
        Assert.Contains("--when-busy hold", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_name_among_files_submits_none()
    {
        await using var server = await StubServer.StartAsync(context => context.JsonAsync(Answers.Job(), 201));

        Assert.Equal(ExitCode.BadInput, await _run.AtAsync(server, "submit", _run.NewFile("a.bib"), "nowhere.bib"));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_terminal_is_drawn_on_and_what_is_in_a_name_stays_text()
    {
        using var run = new CommandRun { IsTerminal = true };
        await using var server = await StubServer.StartAsync(context =>
            context.JsonAsync(Answers.Job(fileName: "[red]x[/].bib"), 201));

        Assert.Equal(ExitCode.Ok, await run.AtAsync(server, "submit", run.NewFile("a.bib")));
        Assert.Contains("[red]x[/].bib", run.Out, StringComparison.Ordinal);
    }

    static string Path(HttpContext context) => $"{context.Request.Method} {context.Request.Path}";

    static async Task QuietAsync(HttpContext context)
    {
        await context.TellSnapshotAsync(1);
        await context.StayOpenAsync();
    }

    static Task LogAsync(HttpContext context, params string[] all)
    {
        var after = int.Parse(context.Request.Query["after"].ToString());
        LogLineView[] lines = [.. all.Select((text, i) => new LogLineView(i + 1, Answers.Noon, text)).Skip(after)];
        return context.TextAsync(JsonSerializer.Serialize(new(lines, after + lines.Length), WireJson.Wire.LogPage));
    }

    static Task ResultAsync(HttpContext context)
    {
        context.Response.Headers.ContentDisposition = "attachment; filename=\"a-enriched.bib\"";
        return context.TextAsync("@book{done}", 200, "application/x-bibtex");
    }
}
