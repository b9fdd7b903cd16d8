namespace NextUp.Actors.Queue;

/// <summary>Between which bounds the slots follow the machine's load, and how much load is wanted.</summary>
/// <param name="Floor">Never fewer slots, however loaded the machine is.</param>
/// <param name="Ceiling">Never more, however idle it is.</param>
/// <param name="CpuPercent">The processors' load to stay near, 0 to 100.</param>
/// <param name="MemoryPercent">The memory in use to stay near, 0 to 100.</param>
public sealed record LoadTargets(int Floor, int Ceiling, int CpuPercent = 80, int MemoryPercent = 85);

/// <summary>
/// How many slots suit the machine's load, from samples taken at a steady pace. Four things keep it from swinging: the load
/// is smoothed; nothing changes inside a band around the targets; after a change the load is given time to show it; and a
/// number that turned out to be too many is not tried again for a while, which doubles each time it turns out so again.
/// No clock, no store, no await.
/// </summary>
public sealed class SlotGovernor(LoadTargets targets, int slots)
{
    /// <summary>The pace it is made for.</summary>
    public static readonly TimeSpan SamplePause = TimeSpan.FromSeconds(5);

    /// <summary>Percentage points around a target in which nothing changes.</summary>
    public const double Band = 5;

    /// <summary>Samples after a change before the next one: the smoothed load has shown nine tenths of it by then.</summary>
    public const int SettleSamples = 7;

    /// <summary>Samples before a number that was too many is tried again: one minute at first, two hours at last.</summary>
    const int HoldSamplesMin = 12;
    const int HoldSamplesMax = 1_440;

    /// <summary>A step is one slot, or this share of the slots where that is more.</summary>
    const int StepShare = 8;

    const double Smoothing = 0.3;

    double? _cpu;
    double? _memory;
    int _sinceChange = SettleSamples;
    int _tooMany = int.MaxValue;
    int _hold = HoldSamplesMin;
    int _holdLeft;

    public int Slots { get; private set; } = Math.Clamp(slots, targets.Floor, targets.Ceiling);

    /// <summary>Takes a sample and answers how many slots there should be from now on.</summary>
    /// <param name="running">Jobs that run: slots that nobody uses are no reason for more.</param>
    public int Observe(double cpuPercent, double memoryPercent, int running)
    {
        _cpu = Smoothed(_cpu, cpuPercent);
        _memory = Smoothed(_memory, memoryPercent);
        _holdLeft = Math.Max(0, _holdLeft - 1);
        if (++_sinceChange <= SettleSamples)
            return Slots;

        var over = Math.Max(_cpu.Value - targets.CpuPercent, _memory.Value - targets.MemoryPercent);
        if (over > Band)
            Lower();
        else if (over < -Band && running >= Slots)
            Raise();
        return Slots;
    }

    void Lower()
    {
        if (Slots <= targets.Floor)
            return;

        // About the same number was too many again: it is tried more and more rarely.
        var isAgain = _tooMany == int.MaxValue || Slots >= _tooMany - (2 * Step);
        _hold = isAgain ? Math.Min(_hold * 2, HoldSamplesMax) : HoldSamplesMin;
        (_tooMany, _holdLeft) = (Slots, _hold);
        Change(Math.Max(targets.Floor, Slots - Step));
    }

    void Raise()
    {
        var more = Slots + Step;
        if (more >= _tooMany)
            more = _holdLeft > 0 ? _tooMany - 1 : Math.Max(_tooMany, Slots + 1);
        more = Math.Min(more, targets.Ceiling);
        if (more <= Slots)
            return;
        if (_tooMany < int.MaxValue && Slots >= _tooMany + Step)
            (_tooMany, _hold) = (int.MaxValue, HoldSamplesMin); // It went well this time: the machine has room again.
        Change(more);
    }

    int Step => Math.Max(1, Slots / StepShare);

    void Change(int to) => (Slots, _sinceChange) = (to, 0);

    static double Smoothed(double? before, double sample) =>
        before is { } known ? known + (Smoothing * (sample - known)) : sample;
}
