using System.Collections.Concurrent;

namespace NextUp.HostTests.Simulation;

/// <summary>
/// Environment switches: NEXTUP_SIM_SEEDS (how many, 10,000 by default), NEXTUP_SIM_FROM (the first), NEXTUP_SIM_STEPS.
/// A failing seed is replayed by <c>NEXTUP_SIM_FROM=seed NEXTUP_SIM_SEEDS=1</c>.
/// </summary>
public sealed class SimulationTests
{
    const int SeedsDefault = 10_000;
    const int StepsDefault = 250;

    [Fact]
    public void Every_rule_holds_in_every_world()
    {
        var from = Setting("NEXTUP_SIM_FROM", 1);
        var seeds = Setting("NEXTUP_SIM_SEEDS", SeedsDefault);
        var steps = Setting("NEXTUP_SIM_STEPS", StepsDefault);
        ConcurrentBag<string> broken = [];
        long jobs = 0;
        long moved = 0;
        var taken = from - 1;
        void Work()
        {
            while (broken.IsEmpty && Interlocked.Increment(ref taken) is var seed && seed < from + seeds)
            {
                using var simulation = new Simulation(seed);
                try
                {
                    simulation.Run(steps);
                    Interlocked.Add(ref jobs, simulation.Jobs);
                    Interlocked.Add(ref moved, simulation.Moved);
                }
                catch (Exception error)
                {
                    broken.Add($"NEXTUP_SIM_FROM={seed} NEXTUP_SIM_SEEDS=1 NEXTUP_SIM_STEPS={steps} (step {simulation.Steps}): "
                        + $"{error.Message}\n{error.StackTrace}");
                }
            }
        }

        // Threads of their own: the hosts of other tests live on the pool, and would wait for it all that time.
        List<Thread> threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work))];
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.True(broken.IsEmpty, string.Join("\n", broken));

        // A simulation in which nothing is ever accepted would pass too.
        Assert.True(jobs > seeds, $"only {jobs} jobs were accepted in {seeds} worlds");
        Assert.True(moved > seeds / 2, $"only {moved} unfinished jobs moved to an account in {seeds} worlds");
    }

    [Fact]
    public void A_seed_gives_the_same_world_each_time()
    {
        const int seeds = 40;
        List<uint> Traces() => [.. Enumerable.Range(1, seeds).Select(seed =>
        {
            using var simulation = new Simulation(seed);
            simulation.Run(StepsDefault);
            return simulation.Trace;
        })];
        var first = Traces();

        // In some few worlds the store is away from the start, and nothing is ever stored.
        Assert.True(first.Distinct().Count() > seeds * 3 / 4, "worlds of different seeds are alike");
        Assert.Equal(first, Traces());
    }

    static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;
}
