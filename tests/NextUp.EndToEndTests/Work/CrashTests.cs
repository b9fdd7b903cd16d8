using System.Net.Http.Json;
using NextUp.Client.Cleanup;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Work;

/// <summary>
/// Work that takes its process with it, each time: after so many crashes the job is set aside, and operators see why. It
/// asks a service that never answers, so it is at work when its process is killed.
/// </summary>
public sealed class CrashTests
{
    const int CrashesMax = 2;
    const string Jobs = "/api/v1/operations/jobs";

    [Fact]
    public async Task A_job_with_which_the_server_is_killed_too_often_is_set_aside_with_its_evidence()
    {
        var folder = Directory.CreateTempSubdirectory("nextup-e2e-").FullName;
        using var service = new SilentReceiver();
        string? job = null;
        for (var crash = 1; crash <= CrashesMax; crash++)
        {
            await using var server = await ServerProcess.StartAsync(Config(service, "here"), folder);
            using var user = server.Account("ada");
            job ??= (await user.SubmittedAsync("killer.bib")).Id;
            await AtWorkAsync(user, job, crash);
            await server.KillAsync();
        }

        await using (var server = await ServerProcess.StartAsync(Config(service, "here"), folder))
            await AssertSetAsideAsync(server, job!);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_job_with_which_workers_are_killed_too_often_is_set_aside_with_its_evidence()
    {
        using var service = new SilentReceiver();
        await using var server = await ServerProcess.StartAsync(Config(service, "workers"));
        using var user = server.Account("ada");
        var job = (await user.SubmittedAsync("killer.bib")).Id;
        for (var crash = 1; crash <= CrashesMax; crash++)
        {
            await using var worker = WorkerProcess.Start(
                server, server.Folder + "-work", "--name", "doomed", "--config", Path.Combine(server.Folder, "test-settings.json"));
            await AtWorkAsync(user, job, crash);
            await worker.SignalAsync("KILL");
            await worker.EndAsync();
        }

        await AssertSetAsideAsync(server, job);
        Directory.Delete(server.Folder + "-work", recursive: true);
    }

    static Task<JobView> AtWorkAsync(HttpClient user, string job, int attempt) => Eventually.FoundAsync(async () =>
        await user.GetJobAsync(job) is { State: JobStateNames.Processing } running && running.Attempt == attempt ? running : null);

    static async Task AssertSetAsideAsync(ServerProcess server, string job)
    {
        using var operators = server.Operator("olga");
        using var root = server.Account("root", NextUp.Server.Users.Role.Administrator);
        var aside = await Eventually.FoundAsync(async () => (await operators.GetFromJsonAsync(
            $"{Jobs}?setAside=true", CleanupJson.Default.CaredJobPage))!.Jobs.FirstOrDefault(one => one.Id == job));

        Assert.Equal((JobStateNames.Failed, CrashesMax, CrashesMax), (aside.State, aside.Crashes, aside.Attempt));
        Assert.NotNull(aside.SetAsideAt);
        var evidence = (await root.GetFromJsonAsync($"{Jobs}/{job}", CleanupJson.Default.CaredJobDetail))!;
        Assert.Equal(CrashesMax, evidence.History.Count(happened => happened.Type == "started"));
        Assert.Equal("failed", evidence.History[^1].Type);
        Assert.Contains("2 times", evidence.Error, StringComparison.Ordinal);
        using var user = server.Account("ada");
        using var retry = await user.PostAsync($"/api/v1/jobs/{job}/retry", null);
        await retry.ProblemAsync(System.Net.HttpStatusCode.Conflict, ProblemCodes.JobSetAside);
    }

    static string Config(SilentReceiver service, string workedBy) => $$"""
        {"workers": {"lease": "2s"},
         "bibtex": {"providers": ["crossref"], "crossref": {"baseAddress": "{{service.Address}}", "timeout": "60s"} },
         "kinds": {"bibtex": {"workedBy": "{{workedBy}}", "crashesMax": {{CrashesMax}}, "attemptsMax": 9, "retryDelay": "10ms"} } }
        """;
}
