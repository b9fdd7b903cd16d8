using NextUp.Server.Operations;

namespace NextUp.UnitTests.Server;

public sealed class MachineLoadTests : IDisposable
{
    readonly TemporaryFolder _proc = new();
    readonly StoppedClock _clock = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void Processor_use_is_that_of_the_time_since_the_last_look()
    {
        Write(busy: 1_000, idle: 9_000, available: 4_194_304);
        var load = new MachineLoad(_clock, _proc.Path);
        load.Read();

        Write(busy: 1_300, idle: 9_100, available: 2_097_152);
        _clock.Pass(TimeSpan.FromSeconds(2));
        var view = load.Read();

        Assert.Equal(75, view.CpuPercent);
        Assert.Equal(75, view.MemoryPercent);
        Assert.Equal(2, view.MemoryAvailableGb);
    }

    [Fact]
    public void The_machine_is_looked_at_once_a_second_at_most()
    {
        Write(busy: 0, idle: 1_000, available: 4_194_304);
        var load = new MachineLoad(_clock, _proc.Path);
        var first = load.Read();

        Write(busy: 1_000, idle: 1_000, available: 0);
        _clock.Pass(TimeSpan.FromMilliseconds(999));
        Assert.Same(first, load.Read());
        _clock.Pass(TimeSpan.FromMilliseconds(1));
        Assert.NotSame(first, load.Read());
    }

    [Fact]
    public void Without_the_proc_files_the_runtime_is_asked()
    {
        var view = new MachineLoad(_clock, Path.Combine(_proc.Path, "missing")).Read();

        Assert.InRange(view.CpuPercent, 0, 100);
        Assert.InRange(view.MemoryPercent, 0, 100);
        Assert.True(view.MemoryAvailableGb > 0);
    }

    void Write(int busy, int idle, long available)
    {
        File.WriteAllText(Path.Combine(_proc.Path, "stat"), $"cpu  {busy} 0 0 {idle} 0 0 0 0 0 0\ncpu0 1 2 3 4\n");
        File.WriteAllText(
            Path.Combine(_proc.Path, "meminfo"),
            $"MemTotal:        8388608 kB\nMemFree: 1 kB\nMemAvailable:    {available} kB\n");
    }
}
