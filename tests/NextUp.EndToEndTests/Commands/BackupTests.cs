using System.Collections.Concurrent;
using System.Net;
using System.Text;
using NextUp.Client.Documents;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Documents;
using NextUp.EndToEndTests.Setup;
using NextUp.Server.Commands;
using NextUp.Server.Users;

namespace NextUp.EndToEndTests.Commands;

/// <summary>A backup is made beside a server that works, and a server is started on it.</summary>
public sealed class BackupTests : IDisposable
{
    const int Users = 4;

    readonly string _folder = Directory.CreateTempSubdirectory("nextup-backup-").FullName;
    readonly StringWriter _out = new();
    readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_acknowledged_before_a_backup_is_there_after_a_restore_and_tokens_stay_good()
    {
        var backup = Path.Combine(_folder, "backup");
        var done = new ConcurrentQueue<(string User, JobView Job)>();
        byte[] result;
        string document, token;
        await using (var server = await ServerProcess.StartAsync(ServerProcess.Running))
        {
            using var enough = new CancellationTokenSource();
            var load = Enumerable.Range(0, Users).Select(user => SubmitAsync(server, $"user-{user}", done, enough.Token)).ToArray();
            using var ada = server.Account("ada");
            var large = await ada.SubmittedAsync("large.bib", Requests.BibOf(2_000));
            Assert.Equal(JobStateNames.Completed, (await ada.FinishedAsync(large.Id)).State);
            result = await ada.GetByteArrayAsync($"/api/v1/jobs/{large.Id}/result");
            document = (await ada.ProcessedAsync("pump.txt", Uploads.Pump)).Id;
            token = new TokenIssuer(server.Folder, TimeProvider.System).Issue("ada", Role.User);
            await Eventually.IsTrueAsync(() => done.Count >= 10);
            var before = done.ToArray();

            Assert.Equal(ExitCode.Ok, await RunAsync("backup", backup, "--data", server.Folder));

            await enough.CancelAsync();
            await Task.WhenAll(load);
            await server.KillAsync();
            done = new(before);
        }

        await using var restored = await ServerProcess.StartAsync(ServerProcess.Running, backup);
        using var again = restored.Nobody();
        again.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var jobs = (await again.ListAsync()).Jobs;
        var back = Assert.Single(jobs, job => job.FileName == "large.bib");
        Assert.Equal(result, await again.GetByteArrayAsync($"/api/v1/jobs/{back.Id}/result"));
        Assert.Equal(document, Assert.Single((await again.SearchAsync("Which pump failed?")).Hits).Document);
        Assert.Equal(JobStateNames.Completed, (await again.DocumentAsync(document)).State);
        foreach (var (user, job) in done)
        {
            using var account = restored.Account(user);
            using var answer = await account.GetAsync($"/api/v1/jobs/{job.Id}/result");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var next = await again.SubmittedAsync("next.bib");
        Assert.Equal(JobStateNames.Completed, (await again.FinishedAsync(next.Id)).State);
    }

    [Fact]
    public async Task Where_the_jobs_are_in_PostgreSQL_it_says_so_and_copies_nothing()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        Server.Standby.OpenedStore.Mark(data);

        Assert.Equal(ExitCode.BadInput, await RunAsync("backup", "backup", "--data", data));

        Assert.Contains("pg_dump", _error.ToString(), StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(_folder, "backup")));
    }

    [Fact]
    public async Task What_is_in_a_backup_is_told_to_programs_too()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);

        Assert.Equal(ExitCode.Ok, await RunAsync("backup", "backup", "--data", server.Folder, "--json"));

        Assert.Contains("\"name\": \"nextup.db\"", _out.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, await RunAsync("backup", "backup", "--data", server.Folder));
        Assert.Contains("is there already", _error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>One job after the other; those that are completed, and were told so, are kept.</summary>
    static async Task SubmitAsync(
        ServerProcess server, string user, ConcurrentQueue<(string User, JobView Job)> done, CancellationToken enough)
    {
        using var account = server.Account(user);
        await using var feed = await LiveFeedReader.OpenAsync(account, after: 0);
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var job = await account.SubmittedAsync($"{i}.bib", Encoding.UTF8.GetBytes(Requests.Bib));
            Assert.Equal(JobStateNames.Completed, (await feed.UntilFinishedAsync(job.Id)).State);
            done.Enqueue((user, job));
        }
    }

    Task<int> RunAsync(params string[] args)
    {
        _out.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        var surroundings = new Surroundings
        {
            Out = _out,
            Error = _error,
            IsTerminal = false,
            Variable = _ => null,
            WorkingFolder = _folder,
            ConfigFolder = Path.Combine(_folder, "config"),
            Clock = TimeProvider.System,
            Random = new Random(1),
        };
        return CommandLine.RunAsync(args, surroundings, TestContext.Current.CancellationToken);
    }
}
