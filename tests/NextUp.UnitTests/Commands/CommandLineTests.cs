using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NextUp.Client.Visitors;
using NextUp.Client.Wire;
using NextUp.Server.Commands;
using NextUp.UnitTests.Client;

namespace NextUp.UnitTests.Commands;

public sealed class CommandLineTests : IDisposable
{
    readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("sbmit", "Did you mean")]
    [InlineData("submit", "FILE")]
    [InlineData("submit nowhere.bib", "nowhere.bib does not exist")]
    [InlineData("submit a.bib --when-busy never", "'refuse'")]
    [InlineData("submit a.bib --options [1]", "JSON object")]
    [InlineData("submit a.bib --options {", "JSON object")]
    [InlineData("list --limit 0", "1 to 10000")]
    [InlineData("list --limit 10001", "1 to 10000")]
    [InlineData("list --state sleeping", "'pending'")]
    [InlineData("status --server localhost:8080", "http://")]
    [InlineData("status --server ftp://x", "http://")]
    [InlineData("--json", "Say what to do")]
    [InlineData("token", "--user")]
    [InlineData("token --user a --days 0", "1 to 3650")]
    [InlineData("token --user a --days 3651", "1 to 3650")]
    [InlineData("token --user a --data nowhere", "nowhere is not there")]
    [InlineData("cleanup --retention-days -1", "0 to 36500")]
    [InlineData("cleanup --retention-days 36501", "0 to 36500")]
    [InlineData("cleanup --data nowhere", "nowhere is not there")]
    [InlineData("catalogue import nowhere.bib", "nowhere.bib does not exist")]
    public async Task What_cannot_be_is_answered_with_2_and_the_way_out(string line, string wayOut)
    {
        _run.NewFile("a.bib");

        Assert.Equal(ExitCode.BadInput, await _run.RunAsync(line.Split(' ')));
        Assert.Contains(wayOut, _run.Error, StringComparison.Ordinal);
        Assert.Empty(_run.Out);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("submit --help")]
    [InlineData("catalogue import --help")]
    public async Task Help_lists_the_exit_codes(string line)
    {
        Assert.Equal(ExitCode.Ok, await _run.RunAsync(line.Split(' ')));
        Assert.Contains("130  interrupted", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_3_and_how_to_start_one()
    {
        Assert.Equal(ExitCode.Unreachable, await _run.RunAsync("status", "--server", "http://127.0.0.1:1"));
        Assert.Contains("nextup serve", _run.Error, StringComparison.Ordinal);
        Assert.Contains("NEXTUP_SERVER", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, ProblemCodes.JobNotFound, ExitCode.Negative)]
    [InlineData(409, ProblemCodes.JobAlreadyFinished, ExitCode.Negative)]
    [InlineData(401, ProblemCodes.Unauthorized, ExitCode.BadInput)]
    [InlineData(400, ProblemCodes.InvalidRequest, ExitCode.BadInput)]
    [InlineData(503, ProblemCodes.StoreUnavailable, ExitCode.Unreachable)]
    public async Task A_refusal_is_told_in_the_servers_words(int status, string code, int exitCode)
    {
        await using var server = await StubServer.StartAsync(
            context => context.ProblemAsync(Answers.Problem(status, code, "The server's own words.")));

        Assert.Equal(exitCode, await _run.AtAsync(server, "cancel", "x"));
        Assert.StartsWith("The server's own words.", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_and_the_token_may_come_from_the_environment()
    {
        var seen = "";
        await using var server = await StubServer.StartAsync(context =>
        {
            seen = context.Request.Headers.Authorization.ToString();
            return context.JsonAsync(Answers.Job());
        });
        _run["NEXTUP_SERVER"] = server.Address.ToString();
        _run["NEXTUP_TOKEN"] = "from-the-environment";

        Assert.Equal(ExitCode.Ok, await _run.RunAsync("status", "0190-a"));
        Assert.Equal("Bearer from-the-environment", seen);
    }

    [Fact]
    public async Task A_visitor_is_remembered_for_each_server_in_a_file_of_their_own()
    {
        var seen = new List<string?>();
        RequestDelegate answer = context =>
        {
            seen.Add(context.Request.Cookies[VisitorCookie.Name]);
            context.Response.Headers.SetCookie = $"{VisitorCookie.Name}=v.sig; httponly";
            return context.JsonAsync(Answers.Job());
        };
        await using var one = await StubServer.StartAsync(answer);
        await using var other = await StubServer.StartAsync(answer);

        await _run.AtAsync(one, "status", "a");
        await _run.AtAsync(one, "status", "a");
        await _run.AtAsync(other, "status", "a");

        Assert.Equal([null, "v.sig", null], seen);
        var files = Directory.GetFiles(_run.ConfigFolder, "*", SearchOption.AllDirectories);
        Assert.Equal(2, files.Length);
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in files)
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task A_list_is_plain_aligned_lines_away_from_a_terminal()
    {
        await using var server = await StubServer.StartAsync(context => context.TextAsync(JsonSerializer.Serialize(
            new(
                [
                    Answers.Job("id-2", fileName: "b\u001b[2J.bib"),
                    Answers.Job("id-1", JobStateNames.Failed, error: "No entries."),
                ], null),
            WireJson.Wire.JobPage)));

        Assert.Equal(ExitCode.Ok, await _run.AtAsync(server, "list"));
        Assert.Equal(
            [
                "job   file       size    accepted              state",
                "id-2  b [2J.bib  1.2 kB  2026-11-22 12:00:00Z  pending  Next up",
                "id-1  a.bib      1.2 kB  2026-11-22 12:00:00Z  failed   No entries.",
            ],
            _run.Out.TrimEnd().Split(Environment.NewLine));
    }

    [Fact]
    public async Task A_limit_is_the_most_that_is_listed_and_says_that_there_is_more()
    {
        await using var server = await StubServer.StartAsync(context =>
        {
            var limit = int.Parse(context.Request.Query["limit"].ToString());
            return context.TextAsync(JsonSerializer.Serialize(
                new([.. Enumerable.Range(0, limit).Select(i => Answers.Job($"{i}"))], "more"), WireJson.Wire.JobPage));
        });

        Assert.Equal(ExitCode.Ok, await _run.AtAsync(server, "list", "--limit", "250", "--json"));

        using var answer = JsonDocument.Parse(_run.Out);
        Assert.Equal(250, answer.RootElement.GetProperty("jobs").GetArrayLength());
        Assert.True(answer.RootElement.GetProperty("more").GetBoolean());
        Assert.Equal(
            ["?limit=200", "?limit=50&after=more"],
            server.Requests.Select(request => request[request.IndexOf('?', StringComparison.Ordinal)..]));
    }

    [Theory]
    [InlineData(JobStateNames.Completed, ExitCode.Ok)]
    [InlineData(JobStateNames.Processing, ExitCode.Ok)]
    [InlineData(JobStateNames.Failed, ExitCode.Negative)]
    [InlineData(JobStateNames.Cancelled, ExitCode.Negative)]
    public async Task The_status_of_a_job_is_an_exit_code_too(string state, int exitCode)
    {
        await using var server = await StubServer.StartAsync(context => context.JsonAsync(Answers.Job(state: state)));

        Assert.Equal(exitCode, await _run.AtAsync(server, "status", "a"));
        Assert.Contains(state == JobStateNames.Processing ? "0 %" : state, _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_stands_alone_on_standard_output()
    {
        Assert.Equal(ExitCode.Ok, await _run.RunAsync("token", "--user", "ann", "--admin", "--data", "."));
        Assert.Equal(3, _run.Out.Trim().Split('.').Length);
        Assert.Contains("For ann, an administrator", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_catalogue_is_filled_from_a_bib_file_and_counted()
    {
        _run.NewFile(
            "w.bib", "@article{a, title={A long enough title}, author={Ann Bee}, year={2001}, doi={10.1000/x}}");

        Assert.Equal(ExitCode.Ok, await _run.RunAsync("catalogue", "import", "w.bib", "--data", "."));
        Assert.StartsWith("1 works read: 1 new", _run.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await _run.RunAsync("catalogue", "info", "--data", ".", "--json"));
        using var info = JsonDocument.Parse(_run.Out);
        Assert.Equal(1, info.RootElement.GetProperty("works").GetInt32());
    }

    [Fact]
    public async Task A_file_with_no_works_is_not_imported()
    {
        _run.NewFile("w.bib", "nothing here");

        Assert.Equal(ExitCode.BadInput, await _run.RunAsync("catalogue", "import", "w.bib", "--data", "."));
        Assert.NotEmpty(_run.Error);
    }
}
