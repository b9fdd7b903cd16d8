using System.Globalization;
using NextUp.Client.Wire;

namespace NextUp.Server.Operations;

/// <summary>
/// How busy the machine is, from /proc; where there is none, this process's share of the processors and the runtime's
/// view of memory. Measured once a second at most, over the time since the last measurement.
/// </summary>
sealed class MachineLoad(TimeProvider clock, string procFolder = "/proc")
{
    static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    const double BytesPerGigabyte = 1024.0 * 1024 * 1024;

    readonly Lock _lock = new();
    long _measuredAt;
    (double Busy, double Total) _processors;
    MachineView? _view;

    public MachineView Read()
    {
        lock (_lock)
        {
            if (_view is { } fresh && clock.GetElapsedTime(_measuredAt) < Freshness)
                return fresh;

            var processors = ReadProcessors() ?? ReadOwnProcess();
            var total = processors.Total - _processors.Total;
            var percent = total > 0 ? 100 * (processors.Busy - _processors.Busy) / total : 0;
            var (memoryTotal, memoryAvailable) = ReadMemory() ?? ReadRuntimeMemory();
            _processors = processors;
            _measuredAt = clock.GetTimestamp();
            return _view = new MachineView(
                Math.Round(Math.Clamp(percent, 0, 100), 1),
                Math.Round(memoryTotal > 0 ? 100 * (1 - memoryAvailable / memoryTotal) : 0, 1),
                Math.Round(memoryAvailable / BytesPerGigabyte, 2));
        }
    }

    /// <summary>
    /// Busy and total time of all processors since the machine started, in ticks of /proc/stat (proc(5)).
    /// </summary>
    (double Busy, double Total)? ReadProcessors()
    {
        if (FirstLine("stat") is not { } line || !line.StartsWith("cpu ", StringComparison.Ordinal))
            return null;

        // user nice system idle iowait irq softirq steal; guest time is counted inside user already.
        double total = 0, idle = 0;
        var column = 0;
        foreach (var field in line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8))
        {
            if (!double.TryParse(field, CultureInfo.InvariantCulture, out var ticks))
                return null;

            total += ticks;
            if (column is 3 or 4)
                idle += ticks;
            column++;
        }

        return (total - idle, total);
    }

    (double Total, double Available)? ReadMemory()
    {
        double? total = null, available = null;
        foreach (var line in Lines("meminfo"))
        {
            total ??= Kilobytes(line, "MemTotal:");
            available ??= Kilobytes(line, "MemAvailable:");
        }

        return total is { } all && available is { } free ? (all * 1024, free * 1024) : null;
    }

    (double Busy, double Total) ReadOwnProcess() =>
        (Environment.CpuUsage.TotalTime.TotalSeconds,
            clock.GetElapsedTime(0).TotalSeconds * Environment.ProcessorCount);

    static (double Total, double Available) ReadRuntimeMemory()
    {
        var memory = GC.GetGCMemoryInfo();
        return (memory.TotalAvailableMemoryBytes, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
    }

    static double? Kilobytes(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal)
        && double.TryParse(
            line.AsSpan(name.Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture, out var value) ? value : null;

    string? FirstLine(string file) => Lines(file).FirstOrDefault();

    string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(procFolder, file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
