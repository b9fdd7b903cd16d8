using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace NextUp.Processors.Tools;

/// <summary>
/// Runs programs on files that may be made to harm.
/// </summary>
/// <remarks>
/// What is started is a chain of small programs that become one another and at last the tool: setsid makes a session and
/// with it a process group of its own, so that whatever the tool starts is ended with it; setpriv has the system kill it when
/// the thread that started it is gone, which is the death of this process; prlimit sets the limits that the system holds it
/// to; nice has it give way to the server. It sees an environment of a few variables, none of which is ours, and works in a
/// folder of its own.
///
/// A run comes to its end in one way only: the whole group is killed and the process is waited for, whether it ended by
/// itself, was too slow, said too much or was cancelled. So nothing is left behind. If this process dies first, the system
/// kills the tool; only what the tool has started itself, which none of ours does, would then go on, up to its limits.
/// </remarks>
public sealed class ToolRunner(Toolbox toolbox, TimeProvider clock)
{
    /// <summary>How much of the standard error is kept; the rest is read and dropped.</summary>
    public const int ErrorBytesMax = 8 << 10;

    /// <summary>How far a tool steps back behind the server, 0 to 19.</summary>
    const int Niceness = 10;

    /// <summary>What a .NET process takes beside its heap: code, stacks, the runtime's own.</summary>
    const long BesideHeapBytes = 192L << 20;

    /// <summary>Exit codes of a process that a signal ended: 128 and its number.</summary>
    const int CpuTimeOver = 128 + 24, FileTooLarge = 128 + 25;

    /// <summary>Where the tools are.</summary>
    public Toolbox Toolbox => toolbox;

    /// <summary>
    /// Runs a tool to its end. Throws <see cref="OperationCanceledException"/> when cancelled; nothing runs then any more.
    /// </summary>
    public async Task<ToolRun> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<string> command = [];
        foreach (var tool in ExternalTool.OfRunner)
        {
            if (toolbox.Find(tool) is not [var file]) return new ToolRun.Missing(tool);
            command.Add(file);
            command.AddRange(ArgumentsOf(tool, call));
        }

        if (toolbox.Find(call.Tool) is not { } found) return new ToolRun.Missing(call.Tool);
        command.AddRange(found);
        command.AddRange(call.Arguments);

        using var process = await ToolStarter.StartAsync(StartOf(call, command));
        try
        {
            return await FollowAsync(process, call, cancellationToken);
        }
        finally
        {
            await EndAsync(process);
        }
    }

    static string[] ArgumentsOf(ExternalTool tool, ToolCall call)
    {
        var limits = call.Limits;
        return tool.Name switch
        {
            "setpriv" => ["--pdeathsig", "KILL"],
            "prlimit" =>
            [
                // Past the first number the tool is told, past the second it is killed.
                Invariant($"--cpu={limits.CpuSecondsMax}:{limits.CpuSecondsMax + 1}"),
                // Not the address space: .NET and tesseract reserve much that they never use.
                Invariant($"--data={limits.MemoryBytesMax}"),
                Invariant($"--fsize={limits.FileBytesMax}"),
                "--core=0",
                "--nofile=256",
            ],
            "nice" => ["-n", Invariant($"{Niceness}")],
            _ => [],
        };
    }

    static ProcessStartInfo StartOf(ToolCall call, List<string> command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = call.Folder.FullPath,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        start.Environment["LANG"] = start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["HOME"] = start.Environment["TMPDIR"] = call.Folder.FullPath;
        // Tesseract would take every core for little gain.
        start.Environment["OMP_THREAD_LIMIT"] = "1";
        if (call.Tool == ExternalTool.Reader) ForDotnet(start, call.Limits);
        return start;
    }

    static void ForDotnet(ProcessStartInfo start, ToolLimits limits)
    {
        var heap = Math.Max(limits.MemoryBytesMax - BesideHeapBytes, limits.MemoryBytesMax / 2);
        start.Environment["DOTNET_GCHeapHardLimit"] = Invariant($"{heap:X}");
        start.Environment["DOTNET_gcServer"] = start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var name in (string[])["DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64"])
            if (Environment.GetEnvironmentVariable(name) is { } root) start.Environment[name] = root;
    }

    async Task<ToolRun> FollowAsync(Process process, ToolCall call, CancellationToken cancellationToken)
    {
        process.StandardInput.Close();
        using var late = new CancellationTokenSource(call.Limits.Wall, clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var output = new BoundedStream(process.StandardOutput.BaseStream, call.Limits.OutputBytesMax);
        var error = ErrorAsync(process.StandardError.BaseStream, over.Token);
        try
        {
            using var whole = new MemoryStream();
            await (call.Read?.Invoke(output, over.Token) ?? output.CopyToAsync(whole, over.Token));
            var said = await error;
            await process.WaitForExitAsync(over.Token);
            return process.ExitCode switch
            {
                CpuTimeOver => new ToolRun.TimedOut(call.Tool, Invariant($"{call.Limits.CpuSecondsMax} s of processor time")),
                FileTooLarge => new ToolRun.OutputTooLarge(call.Tool, call.Limits.FileBytesMax),
                var code => new ToolRun.Exited(call.Tool, code, said, whole.ToArray()),
            };
        }
        catch (ToolOutputException)
        {
            return new ToolRun.OutputTooLarge(call.Tool, call.Limits.OutputBytesMax);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new ToolRun.TimedOut(call.Tool, Invariant($"{call.Limits.Wall.TotalSeconds:0.#} s"));
        }
        finally
        {
            await over.CancelAsync();
            await error.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>What was said on the standard error, up to its limit; all of it is read, or the tool would stand still.</summary>
    static async Task<string> ErrorAsync(Stream stream, CancellationToken cancellationToken)
    {
        var kept = new MemoryStream();
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
            kept.Write(buffer, 0, (int)Math.Min(read, ErrorBytesMax - kept.Length));
        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }

    /// <summary>Kills what is left of the group and waits until the system has forgotten the process.</summary>
    static async Task EndAsync(Process process)
    {
        ToolStarter.KillGroup(process);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
