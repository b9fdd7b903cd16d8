using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NextUp.Processors.Tools;

/// <summary>
/// Starts processes on one thread that lives as long as this process does. The system kills a tool when the thread that
/// started it ends (PR_SET_PDEATHSIG), and threads of the pool come and go.
/// </summary>
static partial class ToolStarter
{
    const int KillSignal = 9;

    static readonly BlockingCollection<Action> Waiting = [];
    static readonly Lazy<Thread> Starter = new(() =>
    {
        var thread = new Thread(Work) { IsBackground = true, Name = "tool starter" };
        thread.Start();
        return thread;
    });

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        _ = Starter.Value;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Waiting.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception error)
            {
                started.SetException(error);
            }
        });
        return started.Task;
    }

    /// <summary>Kills a process that was started here, and all that it started.</summary>
    public static void KillGroup(Process process)
    {
        // The group has the id of its first process, which may be over while others of the group are not. Before setsid
        // has run there is no such group, and the process is alone.
        _ = Kill(-process.Id, KillSignal);
        if (!process.HasExited) process.Kill();
    }

    static void Work()
    {
        foreach (var start in Waiting.GetConsumingEnumerable()) start();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
