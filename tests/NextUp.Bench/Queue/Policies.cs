using System.Diagnostics;
using NextUp.HostTests.Policies.Load;

namespace NextUp.Bench.Queue;

/// <summary>
/// Jobs of many users through all policies at once, each stored write held against the rules. The load and its checks are
/// those of the host tests, at length.
/// </summary>
static class Policies
{
    const double Mebibyte = 1024 * 1024;

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var size = new LoadSize(
            Arguments.Int(arguments, "jobs", 100_000), Arguments.Int(arguments, "users", 1_000),
            Arguments.Int(arguments, "unfinished", 10_000))
        {
            Seed = Arguments.Int(arguments, "seed", 1),
            Factor = Arguments.Int(arguments, "factor", 60),
        };
        var folder = Directory.CreateTempSubdirectory("nextup-bench-").FullName;
        var watch = Stopwatch.StartNew();
        using var load = new PolicyLoad(size, folder);
        await load.RunAsync();
        var process = Process.GetCurrentProcess();
        foreach (var (what, count) in load.Ledger.Counts)
            await output.WriteLineAsync($"{count,10:N0}  {what}");
        await output.WriteLineAsync(
            $"{load.Ledger.Accepted:N0} jobs of {size.Users:N0} users in {watch.Elapsed.TotalSeconds:N0} s, "
            + $"{load.Ledger.Accepted / watch.Elapsed.TotalSeconds:N0} a second with all checks, "
            + $"{process.TotalProcessorTime.TotalSeconds:N0} s of processor, {process.PeakWorkingSet64 / Mebibyte:N0} MiB at most, "
            + $"store {new FileInfo(Path.Combine(folder, "nextup.db")).Length / Mebibyte:N0} MiB");
        foreach (var violation in load.Ledger.Violations)
            await output.WriteLineAsync(violation);
        await output.WriteLineAsync($"violations: {load.Ledger.ViolationsCount}");
        Directory.Delete(folder, recursive: true);
    }
}
