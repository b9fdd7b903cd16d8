using System.Diagnostics;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Server.Commands;
using NextUp.Server.Users;

namespace NextUp.EndToEndTests.Commands;

/// <summary>Ctrl+C as the real process gets it.</summary>
public sealed class InterruptTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Ctrl_C_while_watching_leaves_the_job_and_says_how_to_follow_it_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the signal is sent by Linux' own tools");
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        var file = Path.Combine(server.Folder, "a.bib");
        await File.WriteAllTextAsync(file, Requests.Bib, TestContext.Current.CancellationToken);
        using var late = new CancellationTokenSource(Patience);

        using var watching = Watch(server, file);
        var error = watching.StandardError.ReadToEndAsync(late.Token);
        Assert.StartsWith("a.bib: job ", await watching.StandardOutput.ReadLineAsync(late.Token));
        Assert.StartsWith("a.bib: Next up", await watching.StandardOutput.ReadLineAsync(late.Token));
        using var kill = Process.Start("kill", ["-INT", $"{watching.Id}"]);
        await watching.WaitForExitAsync(late.Token);

        using var owner = server.Account("ann");
        var job = Assert.Single((await owner.ListAsync()).Jobs);
        Assert.Equal(ExitCode.Interrupted, watching.ExitCode);
        Assert.Equal(JobStateNames.Pending, job.State);
        Assert.Equal(
            $"a.bib goes on without you. Follow it again with: nextup watch {job.Id}", (await error).TrimEnd());
        Assert.Empty(await watching.StandardOutput.ReadToEndAsync(late.Token));
    }

    static Process Watch(ServerProcess server, string file)
    {
        var token = new TokenIssuer(server.Folder, TimeProvider.System).Issue("ann", isAdministrator: false);

        // Who runs tests in the background of a shell hands down an ignored SIGINT; a person at a terminal does not.
        var start = new ProcessStartInfo("env",
        [
            "--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "nextup.dll"), "submit", file,
            "--watch", "--server", server.Address.ToString(), "--token", token,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
