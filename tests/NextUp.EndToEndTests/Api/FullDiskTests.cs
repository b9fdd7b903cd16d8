using System.Diagnostics;
using System.Net;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

public sealed class FullDiskTests
{
    [Fact]
    public async Task On_a_full_disk_nothing_is_acknowledged_and_the_server_recovers_by_itself()
    {
        var folder = Directory.CreateTempSubdirectory("nextup-e2e-").FullName;
        Assert.SkipUnless(
            await RunAsync("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder), "mounting needs root");
        try
        {
            await using var server = await ServerProcess.StartAsync(ServerProcess.Paused, folder);
            using var account = server.Account("ada");
            var accepted = new List<string>();
            var ballast = Path.Combine(folder, "ballast");
            await FillAsync(ballast);

            HttpStatusCode status;
            do
            {
                using var answer = await account.SubmitAsync("a.bib", Requests.BibOf(500), ("whenBusy", "hold"));
                status = answer.StatusCode;
                if (status == HttpStatusCode.Created)
                    accepted.Add((await answer.JobAsync()).Id);
                else
                    await AssertIsStoreUnavailableAsync(answer);
            }
            while (status == HttpStatusCode.Created);

            File.Delete(ballast);
            accepted.Add((await account.SubmittedAsync("after.bib", null, ("whenBusy", "hold"))).Id);
            Assert.Equal(accepted.Order(), (await account.ListAsync("?limit=200")).Jobs.Select(job => job.Id).Order());
            await server.KillAsync();
        }
        finally
        {
            await RunAsync("umount", folder);
            Directory.Delete(folder);
        }
    }

    static async Task AssertIsStoreUnavailableAsync(HttpResponseMessage answer)
    {
        var problem = await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, ProblemCodes.StoreUnavailable);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.DoesNotContain("/", problem.Detail, StringComparison.Ordinal);
    }

    /// <summary>Writes until nothing more fits.</summary>
    static async Task FillAsync(string path)
    {
        try
        {
            await using var file =
                new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
                await file.WriteAsync(new byte[16 * 1024]);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
        await process!.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
