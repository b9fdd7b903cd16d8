using System.Globalization;

namespace NextUp.Bench.Documents;

/// <summary>
/// The most memory that any process which this one started, or they in turn, has held; looked at as often as a small program
/// lives. One that still is a copy of this process, about to become another program, does not count.
/// </summary>
sealed class ChildrenPeak : IDisposable
{
    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);

    readonly CancellationTokenSource _over = new();
    readonly Task _looking;

    public ChildrenPeak() => _looking = Task.Run(LookAsync);

    public long Bytes { get; private set; }

    public string Name { get; private set; } = "none";

    public void Dispose()
    {
        _over.Cancel();
        _looking.Wait();
        _over.Dispose();
    }

    async Task LookAsync()
    {
        using var timer = new PeriodicTimer(Between, TimeProvider.System);
        try
        {
            do
                Look(Environment.ProcessId);
            while (await timer.WaitForNextTickAsync(_over.Token));
        }
        catch (OperationCanceledException)
        {
            // The benchmark is over.
        }
    }

    void Look(int parent)
    {
        foreach (var child in Children(parent))
        {
            try
            {
                var peak = File.ReadLines($"/proc/{child}/status")
                    .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
                var program = File.ResolveLinkTarget($"/proc/{child}/exe", returnFinalTarget: false)?.FullName;
                if (peak is not null && program != Environment.ProcessPath
                    && long.Parse(peak.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10
                    is var bytes && bytes > Bytes)
                {
                    (Bytes, Name) = (bytes, Path.GetFileName(program) ?? "");
                }
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }

            Look(child);
        }
    }

    static List<int> Children(int process)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{process}/task")
                .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(child => int.Parse(child, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return []; // It has ended meanwhile.
        }
    }
}
