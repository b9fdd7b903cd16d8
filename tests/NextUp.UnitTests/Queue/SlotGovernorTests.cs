using NextUp.Actors.Queue;

namespace NextUp.UnitTests.Queue;

public sealed class SlotGovernorTests
{
    const int SamplesAnHour = 720;

    /// <summary>A machine on which each job takes its share, and something else takes more or less of it.</summary>
    sealed class Machine(int seed)
    {
        readonly Random _random = new(seed);

        public double CpuPerJob { get; set; } = 6;

        public double MemoryPerJob { get; set; } = 2;

        public double Other { get; set; } = 10;

        public double Noise { get; set; } = 4;

        public int Waiting { get; set; } = int.MaxValue;

        public (double Cpu, double Memory, int Running) With(int slots)
        {
            var running = Math.Min(slots, Waiting);
            return (
                Math.Clamp(Other + (CpuPerJob * running) + (Noise * (_random.NextDouble() - 0.5) * 2), 0, 100),
                Math.Clamp(20 + (MemoryPerJob * running) + (_random.NextDouble() * 2), 0, 100),
                running);
        }
    }

    static List<int> Run(SlotGovernor governor, Machine machine, int samples)
    {
        List<int> slots = [];
        for (var i = 0; i < samples; i++)
        {
            var (cpu, memory, running) = machine.With(governor.Slots);
            slots.Add(governor.Observe(cpu, memory, running));
        }

        return slots;
    }

    static int Reversals(List<int> slots)
    {
        var (reversals, direction) = (0, 0);
        for (var i = 1; i < slots.Count; i++)
        {
            var step = Math.Sign(slots[i] - slots[i - 1]);
            if (step == 0)
                continue;
            if (direction != 0 && step != direction)
                reversals++;
            direction = step;
        }

        return reversals;
    }

    [Fact]
    public void Under_a_steady_load_it_comes_near_the_target_and_does_not_swing()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var machine = new Machine(seed)
            {
                CpuPerJob = 0.5 + (random.NextDouble() * 25), Other = random.NextDouble() * 40, Noise = random.NextDouble() * 12,
            };
            var targets = new LoadTargets(1, 1 + random.Next(200));
            var governor = new SlotGovernor(targets, 1 + random.Next(100));

            Run(governor, machine, SamplesAnHour / 2);
            var slots = Run(governor, machine, 4 * SamplesAnHour);

            // Each time a number turns out to be too many the pause before it is tried again doubles.
            Assert.True(Reversals(slots) <= 16, $"seed {seed}: {Reversals(slots)} reversals in four hours");
            var cpu = machine.Other + (machine.CpuPerJob * slots.Average());
            var memory = 20 + (machine.MemoryPerJob * slots.Average());
            var canMove = machine.CpuPerJob < 2 * SlotGovernor.Band;
            Assert.True(
                !canMove || slots[^1] == targets.Floor || slots[^1] == targets.Ceiling
                    || Math.Abs(cpu - targets.CpuPercent) < (2 * SlotGovernor.Band) + machine.CpuPerJob
                    || Math.Abs(memory - targets.MemoryPercent) < 2 * SlotGovernor.Band,
                $"seed {seed}: {slots.Average():0.0} slots, {cpu:0} % of {targets.CpuPercent} %");
        }
    }

    [Fact]
    public void It_stays_between_floor_and_ceiling_and_moves_by_small_steps_whatever_it_measures()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            var targets = new LoadTargets(2, 40);
            var governor = new SlotGovernor(targets, 20);
            var before = governor.Slots;
            for (var i = 0; i < 5_000; i++)
            {
                var now = governor.Observe(random.NextDouble() * 100, random.NextDouble() * 100, random.Next(60));
                Assert.InRange(now, targets.Floor, targets.Ceiling);
                Assert.True(Math.Abs(now - before) <= Math.Max(1, before / 8), $"from {before} to {now}");
                before = now;
            }
        }
    }

    [Fact]
    public void A_load_that_comes_from_elsewhere_takes_slots_away_and_gives_them_back()
    {
        var machine = new Machine(1) { CpuPerJob = 5 };
        var governor = new SlotGovernor(new(1, 30), 4);
        var calm = Run(governor, machine, SamplesAnHour)[^1];

        machine.Other = 60;
        var busy = Run(governor, machine, SamplesAnHour)[^1];
        machine.Other = 10;
        var again = Run(governor, machine, 2 * SamplesAnHour + 1_440)[^1];

        Assert.InRange(calm, 12, 15);
        Assert.InRange(busy, 2, 5);
        Assert.InRange(again, 12, 15);
    }

    [Fact]
    public void Memory_counts_as_the_processors_do()
    {
        var machine = new Machine(1) { CpuPerJob = 1, MemoryPerJob = 8 };
        var governor = new SlotGovernor(new(1, 30), 20);

        Assert.InRange(Run(governor, machine, SamplesAnHour)[^1], 7, 9);
    }

    [Fact]
    public void Slots_that_nobody_uses_do_not_become_more()
    {
        var governor = new SlotGovernor(new(1, 30), 4);

        Assert.Equal(4, Run(governor, new(1) { Waiting = 3 }, SamplesAnHour)[^1]);
    }

    [Fact]
    public void It_begins_inside_its_bounds()
    {
        Assert.Equal(10, new SlotGovernor(new(10, 20), 4).Slots);
        Assert.Equal(20, new SlotGovernor(new(10, 20), 40).Slots);
    }
}
