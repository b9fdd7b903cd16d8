using System.Diagnostics;
using System.Text;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Work;

/// <summary>The workers of samples/workers do what they say.</summary>
public sealed class SampleTests(LendingServer lending) : IClassFixture<LendingServer>
{
    readonly ServerProcess _server = lending.Process;

    [Fact]
    public async Task The_worker_in_python_counts_and_drains_when_it_is_asked_to_end()
    {
        Assert.SkipUnless(IsThere("python3"), "python3 is not installed here.");
        using var user = _server.Account("python");
        await using var worker = WorkerProcess.Run(
            _server, "python3", [Sample("worker.py"), "--server", _server.Address.ToString(), "--slots", "2"]);

        foreach (var text in (string[])["one two\nthree\n", "four"])
        {
            var job = await user.SubmittedAsync("in.txt", Encoding.UTF8.GetBytes(text), ("kind", "count"));
            var done = await user.FinishedAsync(job.Id);
            Assert.Equal(JobStateNames.Completed, done.State);
            var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
            Assert.Equal(words, done.Summary!.Value.GetProperty("words").GetInt32());
        }

        await worker.SignalAsync("TERM");
        Assert.Equal((0, ""), await worker.EndAsync());
    }

    [Fact]
    public async Task The_worker_in_shell_sorts()
    {
        Assert.SkipUnless(IsThere("curl"), "curl is not installed here.");
        using var user = _server.Account("shell");
        await using var worker = WorkerProcess.Run(_server, "sh", [Sample("worker.sh"), "sort", "1"]);

        var job = await user.SubmittedAsync("in.txt", "b\na\n"u8.ToArray(), ("kind", "sort"));

        Assert.Equal(JobStateNames.Completed, (await user.FinishedAsync(job.Id)).State);
        Assert.Equal("a\nb\n", await user.GetStringAsync($"/api/v1/jobs/{job.Id}/result"));
        Assert.Equal((0, ""), await worker.EndAsync());
    }

    static string Sample(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Actors.sln")))
            folder = Path.GetDirectoryName(folder.TrimEnd('/'))!;
        return Path.Combine(folder, "samples", "workers", name);
    }

    static bool IsThere(string program)
    {
        using var which = Process.Start(new ProcessStartInfo("which", [program]) { RedirectStandardOutput = true });
        which!.WaitForExit();
        return which.ExitCode == 0;
    }
}
