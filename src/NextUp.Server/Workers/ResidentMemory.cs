using System.Diagnostics;
using System.Globalization;

namespace NextUp.Server.Workers;

/// <summary>How much memory a process and all that it started take.</summary>
static class ResidentMemory
{
    /// <summary>Processes that are added up; more are no worker's.</summary>
    const int ProcessesMax = 1_000;

    /// <summary>
    /// What they hold that no file backs, in bytes: a mapped file's pages can be dropped at any time and would count for
    /// every process that maps it. Where there is no /proc, the working set of the process alone.
    /// </summary>
    public static long OfTree(Process process)
    {
        if (!OperatingSystem.IsLinux())
        {
            process.Refresh();
            return process.HasExited ? 0 : process.WorkingSet64;
        }

        var sum = 0L;
        var found = new List<int> { process.Id };
        for (var i = 0; i < found.Count && i < ProcessesMax; i++)
        {
            try
            {
                sum += AnonymousBytes(File.ReadLines($"/proc/{found[i]}/status"));
                found.AddRange(ChildrenOf(found[i]));
            }
            catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
            {
                // It is over: it takes nothing any more.
            }
        }

        return sum;
    }

    /// <summary>Of the lines of a status file (proc_pid_status(5)).</summary>
    internal static long AnonymousBytes(IEnumerable<string> status)
    {
        var kilobytes = 0L;
        foreach (var line in status)
        {
            if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is ["RssAnon:" or "RssShmem:", var number, "kB"])
                kilobytes += long.Parse(number, CultureInfo.InvariantCulture);
        }

        return kilobytes * 1024;
    }

    /// <summary>A child belongs to the thread that started it.</summary>
    static IEnumerable<int> ChildrenOf(int process) => Directory.EnumerateDirectories($"/proc/{process}/task")
        .SelectMany(thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(id => int.Parse(id, CultureInfo.InvariantCulture));
}
