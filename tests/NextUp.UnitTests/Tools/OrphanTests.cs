using System.Diagnostics;
using NextUp.Processors.Tools;

namespace NextUp.UnitTests.Tools;

/// <summary>A process that is killed on the spot leaves no tool behind. It is this one's own program, told to run a tool.</summary>
public sealed class OrphanTests
{
    /// <summary>Set for the process that is to be killed: the folder it works in.</summary>
    const string Variable = "NEXTUP_TEST_TOOL_FOLDER";

    [Fact]
    public async Task A_tool_dies_with_the_process_that_runs_it_though_that_is_killed()
    {
        var folder = Directory.CreateTempSubdirectory("nextup-orphans-").FullName;
        var pipe = Path.Combine(folder, "pid");
        using var process = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "NextUp.UnitTests"),
            ["-explicit", "only", "-method", $"*.{nameof(OrphanTests)}.{nameof(Runs_a_tool)}"])
        {
            Environment = { [Variable] = folder }, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        try
        {
            await UntilAsync(() => File.Exists(pipe));
            var tool = int.Parse(File.ReadAllText(pipe));
            Assert.True(IsAlive(tool));

            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await UntilAsync(() => !IsAlive(tool));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What the process that is killed does.</summary>
    [Fact(Explicit = true)]
    public async Task Runs_a_tool()
    {
        using var folder = new ToolFolder(Environment.GetEnvironmentVariable(Variable)!);
        const string script = "echo $$ > ../pid.new; mv ../pid.new ../pid; exec sleep 600";
        await new ToolRunner(new Toolbox(), TimeProvider.System).RunAsync(
            new(new("sh", "dash"), folder, ["-c", script]) { Limits = new() { Wall = TimeSpan.FromMinutes(5) } },
            TestContext.Current.CancellationToken);
    }

    static async Task UntilAsync(Func<bool> isSo)
    {
        var late = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(late.Elapsed < TimeSpan.FromSeconds(30));
            await Task.Yield();
        }
    }

    /// <summary>A zombie is not: it is only not yet waited for.</summary>
    static bool IsAlive(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
