using System.Text.Json;
using NextUp.EndToEndTests.Notices;
using NextUp.EndToEndTests.Setup;
using NextUp.Server.Commands;

namespace NextUp.EndToEndTests.Commands;

/// <summary>The command line against the real server in a process of its own.</summary>
public sealed class CommandTests : IDisposable
{
    const string Entry =
        "@article{k, title={Computing Machinery and Intelligence}, author={Alan Turing}, year={1950}}\n";

    readonly string _folder = Directory.CreateTempSubdirectory("nextup-command-").FullName;
    readonly StringWriter _out = new();
    readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_bib_goes_in_and_comes_out_enriched()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Running);

        Assert.Equal(ExitCode.Ok, await RunAsync(server, "submit", NewFile("a.bib"), "--out", "results"));

        var saved = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "results")));
        Assert.Contains(
            "doi", await File.ReadAllTextAsync(saved, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains($"Saved {saved}", _out.ToString(), StringComparison.Ordinal);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task A_second_file_is_refused_held_or_put_in_the_firsts_place_as_asked()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);

        Assert.Equal(ExitCode.Ok, await RunAsync(server, "submit", NewFile("a.bib")));
        Assert.Contains("Next up", _out.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Negative, await RunAsync(server, "submit", NewFile("b.bib")));
        Assert.Contains("In the way: \"a.bib\"", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await RunAsync(server, "submit", NewFile("b.bib"), "--when-busy", "hold"));
        Assert.Contains("held", _out.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await RunAsync(server, "submit", NewFile("c.bib"), "--when-busy", "replace"));

        Assert.Equal(ExitCode.Ok, await RunAsync(server, "list", "--json"));
        using var list = JsonDocument.Parse(_out.ToString());
        Assert.Equal(
            ["c.bib pending", "b.bib pending", "a.bib cancelled"],
            list.RootElement.GetProperty("jobs").EnumerateArray().Select(job =>
                $"{job.GetProperty("fileName").GetString()} {job.GetProperty("state").GetString()}"));
    }

    [Fact]
    public async Task A_webhook_is_added_tried_listed_and_removed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(
            """{"bibtex":{"providers":["catalogue"]},"notices":{"allowHttp":true,"allowPrivateAddresses":true}}""");

        Assert.Equal(ExitCode.Ok, await RunAsync(
            server, "notices", "add", "webhook", receiver.Address.AbsoluteUri, "--events", "completed, failed", "--json"));
        using var added = JsonDocument.Parse(_out.ToString());
        var id = added.RootElement.GetProperty("id").GetString()!;
        Assert.StartsWith("whsec_", added.RootElement.GetProperty("secret").GetString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await RunAsync(server, "notices", "test", id));
        Assert.Contains("delivered. 204", _out.ToString(), StringComparison.Ordinal);
        Assert.Equal("notice.test", Assert.Single(receiver.Posts).Type);
        Assert.Equal(ExitCode.Ok, await RunAsync(server, "notices", "list"));
        Assert.Contains("completed,failed", _out.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await RunAsync(server, "notices", "remove", id));
        Assert.Equal(ExitCode.Negative, await RunAsync(server, "notices", "remove", id));
        Assert.Contains("You have no subscription", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, await RunAsync(server, "notices", "add", "webhook", "nonsense"));
    }

    [Fact]
    public async Task A_key_is_made_good_for_what_it_was_made_for_and_revoked()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Running);
        Assert.Equal(ExitCode.Ok, await RunAsync(null, "token", "--user", "ada", "--data", server.Folder));
        var token = _out.ToString().Trim();

        Assert.Equal(ExitCode.Ok, await RunAsync(server, "key", "create", "laptop", "--days", "7", "--scope", "read", "--token", token));
        var key = _out.ToString().Trim();
        Assert.Equal(ExitCode.Ok, await RunAsync(server, "list", "--token", key));
        Assert.Equal(ExitCode.Negative, await RunAsync(server, "submit", NewFile("a.bib"), "--token", key));

        Assert.Equal(ExitCode.Ok, await RunAsync(server, "key", "list", "--token", token, "--json"));
        using var keys = JsonDocument.Parse(_out.ToString());
        var id = keys.RootElement.GetProperty("keys")[0].GetProperty("id").GetString()!;
        Assert.Equal(ExitCode.Ok, await RunAsync(server, "key", "revoke", id, "--token", token));
        Assert.Equal(ExitCode.BadInput, await RunAsync(server, "list", "--token", key));
        Assert.Equal(ExitCode.BadInput, await RunAsync(server, "key", "create", "", "--token", token));
    }

    [Fact]
    public async Task A_job_is_made_again_with_the_work_that_was_chosen()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Running);
        var odd = NewFile("a.bib", "@article{odd, title={No such title in any catalogue}}\n");
        await RunAsync(server, "submit", odd, "--watch", "--json");
        using var first = JsonDocument.Parse(_out.ToString());
        var id = first.RootElement.GetProperty("results")[0].GetProperty("job").GetProperty("id").GetString()!;

        Assert.Equal(ExitCode.BadInput, await RunAsync(server, "again", id, "--accept", "odd"));
        Assert.Equal(ExitCode.BadInput, await RunAsync(server, "again", id, "--accept", "even=10.1000/xyz"));
        Assert.Contains("even", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await RunAsync(
            server, "again", id, "--failed", "--accept", "odd=10.1093/mind/LIX.236.433", "--out", "results"));

        var saved = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "results")));
        Assert.Contains(
            "chosen by user", await File.ReadAllTextAsync(saved, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_is_cancelled_once()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        await RunAsync(server, "submit", NewFile("a.bib"), "--json");
        using var answer = JsonDocument.Parse(_out.ToString());
        var id = answer.RootElement.GetProperty("results")[0].GetProperty("job").GetProperty("id").GetString()!;

        Assert.Equal(ExitCode.Ok, await RunAsync(server, "cancel", id));
        Assert.Equal(ExitCode.Negative, await RunAsync(server, "cancel", id));
        Assert.Equal(ExitCode.Negative, await RunAsync(server, "status", id));
        Assert.Contains("cancelled: Cancelled by user", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_made_beside_the_server_is_an_account_there()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        await RunAsync(server, "token", "--user", "ann", "--admin", "--data", server.Folder);
        var token = _out.ToString().Trim();

        Assert.Equal(ExitCode.Ok, await RunAsync(server, "status", "--token", token));
        Assert.StartsWith("You are ann, an administrator", _out.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, await RunAsync(server, "status", "--token", token + "x"));
    }

    [Fact]
    public async Task A_sweep_asks_the_server_that_runs_and_does_it_itself_where_none_does()
    {
        var data = Path.Combine(_folder, "data");
        Directory.CreateDirectory(data);
        await using (var server = await ServerProcess.StartAsync(ServerProcess.Running, data))
        {
            await RunAsync(server, "submit", NewFile("a.bib"), "--watch");

            Assert.Equal(ExitCode.Negative, await RunAsync(server, "cleanup"));
            Assert.Contains("administrator's token", _error.ToString(), StringComparison.Ordinal);
            Assert.Equal(ExitCode.Ok, await RunAsync(
                server, "cleanup", "--dry-run", "--delete-old-jobs", "--retention-days", "0", "--data", data));
            Assert.Contains("would delete: completed since", _out.ToString(), StringComparison.Ordinal);
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(ExitCode.Ok, await RunAsync(
            null, "cleanup", "--delete-old-jobs", "--retention-days", "0", "--data", data, "--json"));
        using var swept = JsonDocument.Parse(_out.ToString());
        Assert.Equal(1, swept.RootElement.GetProperty("completed").GetInt32());
        Assert.Equal("delete", swept.RootElement.GetProperty("touched")[0].GetProperty("action").GetString());

        Assert.Equal(ExitCode.Ok, await RunAsync(null, "cleanup", "--data", data, "--json"));
        using var after = JsonDocument.Parse(_out.ToString());
        Assert.Equal(0, after.RootElement.GetProperty("total").GetInt32());
    }

    string NewFile(string name, string content = Entry)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    Task<int> RunAsync(ServerProcess? server, params string[] args)
    {
        _out.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        var surroundings = new Surroundings
        {
            Out = _out,
            Error = _error,
            IsTerminal = false,
            Variable = name => name == "NEXTUP_SERVER" ? server?.Address.ToString() : null,
            WorkingFolder = _folder,
            ConfigFolder = Path.Combine(_folder, "config"),
            Clock = TimeProvider.System,
            Random = new Random(1),
        };
        return CommandLine.RunAsync(args, surroundings, TestContext.Current.CancellationToken);
    }
}
