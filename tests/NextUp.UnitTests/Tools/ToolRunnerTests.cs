using System.Text;
using NextUp.Processors.Tools;

namespace NextUp.UnitTests.Tools;

/// <summary>What the runner does with tools that end, hang, flood, eat and multiply; the tool is a shell with a script.</summary>
public sealed class ToolRunnerTests : IDisposable
{
    static readonly ExternalTool Shell = new("sh", "dash");

    readonly string workspace = Directory.CreateTempSubdirectory("nextup-tools-").FullName;
    readonly ToolRunner runner = new(new Toolbox(), TimeProvider.System);

    public void Dispose() => Directory.Delete(workspace, recursive: true);

    [Fact]
    public async Task A_tool_hands_back_its_code_its_output_and_what_it_complained_of()
    {
        var run = Assert.IsType<ToolRun.Exited>(await RunAsync("echo out; echo wrong >&2; exit 3"));

        Assert.Equal((3, "out\n", "wrong\n"), (run.Code, Encoding.UTF8.GetString(run.Output), run.Error));
        Assert.Equal("sh ended with code 3: wrong", run.Sentence);
    }

    [Fact]
    public async Task A_tool_sees_nothing_of_our_environment_and_works_in_its_folder()
    {
        Environment.SetEnvironmentVariable("NEXTUP_SECRET_OF_TEST", "secret");
        using var folder = new ToolFolder(workspace);
        var run = Assert.IsType<ToolRun.Exited>(await RunAsync("env; pwd", folder));

        var said = Encoding.UTF8.GetString(run.Output);
        Assert.DoesNotContain("NEXTUP", said, StringComparison.Ordinal);
        Assert.EndsWith(folder.FullPath + "\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_tool_is_named_with_its_package_and_its_setting()
    {
        using var folder = new ToolFolder(workspace);
        var toolbox = new Toolbox(new Dictionary<string, string> { ["pdftotext"] = "/nowhere/pdftotext" });
        var run = await new ToolRunner(toolbox, TimeProvider.System).RunAsync(
            new(ExternalTool.PdfToText, folder, []), TestContext.Current.CancellationToken);

        var sentence = Assert.IsType<ToolRun.Missing>(run).Sentence;
        Assert.Contains("apt-get install poppler-utils", sentence, StringComparison.Ordinal);
        Assert.Contains("tools.pdftotext", sentence, StringComparison.Ordinal);
        Assert.Contains(sentence, toolbox.Missing());
    }

    [Fact]
    public async Task Output_at_its_limit_is_taken_and_one_byte_more_is_not()
    {
        var limits = new ToolLimits { OutputBytesMax = 5 };

        Assert.Equal(5, Assert.IsType<ToolRun.Exited>(await RunAsync("printf 12345", limits: limits)).Output.Length);
        var over = Assert.IsType<ToolRun.OutputTooLarge>(await RunAsync("printf 123456; sleep 60", limits: limits));
        Assert.Equal("sh made more than 5 bytes of this file.", over.Sentence);
    }

    [Fact]
    public async Task A_file_at_its_limit_is_written_and_a_larger_one_ends_the_tool()
    {
        var limits = new ToolLimits { FileBytesMax = 4096 };

        Assert.Equal(0, Assert.IsType<ToolRun.Exited>(await RunAsync(Write(4096), limits: limits)).Code);
        Assert.IsType<ToolRun.OutputTooLarge>(await RunAsync("exec " + Write(4097), limits: limits));

        static string Write(int bytes) => $"head -c {bytes} /dev/zero > file";
    }

    [Fact]
    public async Task Processor_time_past_its_limit_ends_the_tool()
    {
        var run = await RunAsync("while :; do :; done", limits: new() { CpuSecondsMax = 1 });

        Assert.Contains("1 s of processor time", Assert.IsType<ToolRun.TimedOut>(run).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_past_its_limit_ends_the_tool_and_all_that_it_started()
    {
        var run = await RunAsync("sleep 3601 & sleep 3602", limits: new() { Wall = TimeSpan.FromMilliseconds(300) });

        Assert.Equal("sh did not come to its end within 0.3 s.", Assert.IsType<ToolRun.TimedOut>(run).Sentence);
        AssertGone("360[12]");
    }

    [Fact]
    public async Task Memory_past_its_limit_is_not_given()
    {
        const string eat = """exec awk 'BEGIN { s = "x"; while (length(s) < 300000000) s = s s }'""";
        var run = Assert.IsType<ToolRun.Exited>(await RunAsync(eat, limits: new() { MemoryBytesMax = 64 << 20 }));

        Assert.NotEqual(0, run.Code);
    }

    [Fact]
    public async Task Errors_are_kept_up_to_their_limit_however_many_there_are()
    {
        var run = Assert.IsType<ToolRun.Exited>(await RunAsync("head -c 1000000 /dev/zero | tr '\\0' x >&2"));

        Assert.Equal(ToolRunner.ErrorBytesMax, run.Error.Length);
    }

    [Fact]
    public async Task A_cancelled_tool_is_gone_when_the_call_returns_with_all_that_it_started()
    {
        using var cancel = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        using var folder = new ToolFolder(workspace);
        var running = runner.RunAsync(
            new(Shell, folder, ["-c", "sleep 3603 & echo here; sleep 3604"])
            {
                Read = async (output, cancellationToken) =>
                {
                    await output.ReadExactlyAsync(new byte[5], cancellationToken);
                    started.SetResult();
                    await output.ReadExactlyAsync(new byte[1], cancellationToken);
                },
            },
            cancel.Token);
        await started.Task;
        Assert.NotEmpty(Running("360[34]"));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        AssertGone("360[34]");
    }

    [Fact]
    public async Task What_a_tool_leaves_behind_is_ended_with_it()
    {
        // Its output is closed, so nothing but the group leads to it.
        var run = await RunAsync("sleep 3605 >/dev/null 2>&1 & exit 0");

        Assert.IsType<ToolRun.Exited>(run);
        AssertGone("3605");
    }

    [Fact]
    public async Task A_folder_goes_with_all_that_is_in_it()
    {
        string path;
        using (var folder = new ToolFolder(workspace))
        {
            await RunAsync("mkdir a; echo b > a/b", folder);
            path = folder.FullPath;
            Assert.True(File.Exists(folder.PathOf("a/b")));
        }

        Assert.False(Directory.Exists(path));
        Assert.True(Directory.Exists(workspace));
    }

    async Task<ToolRun> RunAsync(string script, ToolFolder? folder = null, ToolLimits? limits = null)
    {
        using var own = new ToolFolder(workspace);
        return await runner.RunAsync(
            new(Shell, folder ?? own, ["-c", script]) { Limits = limits ?? ToolLimits.Default },
            TestContext.Current.CancellationToken);
    }

    /// <summary>A killed process may take the system a moment to take out of its list.</summary>
    static void AssertGone(string seconds) =>
        Assert.True(SpinWait.SpinUntil(() => Running(seconds).Count == 0, TimeSpan.FromSeconds(30)));

    /// <summary>Sleeps of that length that run or were never waited for.</summary>
    static List<string> Running(string seconds) =>
    [
        .. Directory.EnumerateFiles("/proc", "cmdline", new EnumerationOptions
            {
                RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true,
            })
            .Select(ReadOrNothing)
            .Where(command => System.Text.RegularExpressions.Regex.IsMatch(command, $"^sleep\0{seconds}\0")),
    ];

    static string ReadOrNothing(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
