namespace NextUp.UnitTests.Queue.Loads;

/// <summary>The loads that the estimate is held to, in tests and in the benchmark.</summary>
public static class KnownLoads
{
    static readonly KindLoad Steady = KindLoad.Of("steady", random => 20 + (20 * random.NextDouble()));
    static readonly KindLoad Memoryless = KindLoad.Of("memoryless", random => KindLoad.Exponential(random, 30));
    static readonly KindLoad Heavy = KindLoad.Of("lognormal", random => KindLoad.Lognormal(random, 20, 1));
    static readonly KindLoad Pareto = KindLoad.Of("pareto", random => KindLoad.Pareto(random, 10, 1.8));
    static readonly KindLoad BySize = KindLoad.BySize("by-size", 300, 0.4);

    static readonly KindLoad[] Three =
        [Heavy with { Share = 0.5 }, BySize with { Share = 0.3 }, Memoryless with { Share = 0.2 }];

    public static IReadOnlyList<Load> All { get; } =
        [.. ((int[])[1, 4, 20]).SelectMany(OneKind), .. KindSlots(), .. ((int[])[1, 4, 20]).SelectMany(Disturbed)];

    static IEnumerable<Load> OneKind(int slots)
    {
        foreach (var kind in (KindLoad[])[Steady, Memoryless, Heavy, Pareto, BySize])
        {
            var load = new Load { Name = $"{kind.Kind} steady, {slots}", Slots = slots, Kinds = [kind], Use = 0.97 };
            yield return load;
            yield return load with { Name = $"{kind.Kind} bursts, {slots}", Use = 0.8, Burst = 60 * Math.Sqrt(slots) };
        }

        yield return new() { Name = $"lognormal days, {slots}", Slots = slots, Kinds = [Heavy], Use = 0.9, Day = 2_000 };
    }

    static IEnumerable<Load> KindSlots()
    {
        yield return new() { Name = "three kinds, 4", Kinds = Three, Use = 0.95 };
        yield return new() { Name = "three kinds in bursts, 20", Kinds = Three, Slots = 20, Use = 0.8, Burst = 200 };
        yield return new()
        {
            Name = "kind slots, 4", Kinds = [Heavy with { Slots = 2, Share = 0.5 }, BySize with { Share = 0.5 }],
            Use = 0.85, Burst = 60,
        };
        yield return new()
        {
            Name = "kind slots, 20", Kinds = [Heavy with { Slots = 5, Share = 0.2 }, BySize with { Share = 0.8 }],
            Slots = 20, Use = 0.9, Burst = 100,
        };
    }

    static IEnumerable<Load> Disturbed(int slots)
    {
        var heavy = new Load { Name = "", Slots = slots, Kinds = [Heavy], Use = 0.95, Burst = 30 };
        yield return heavy with { Name = $"urgent jobs, {slots}", UrgentShare = 0.2 };
        yield return heavy with { Name = $"retries, {slots}", RetryShare = 0.15 };
        yield return heavy with { Name = $"cancels, {slots}", Kinds = [Memoryless], Use = 1.1, CancelRate = 1 / 2_000.0 };
        yield return heavy with
        {
            Name = $"all at once, {slots}", Kinds = Three, UrgentShare = 0.1, RetryShare = 0.1, CancelRate = 1 / 5_000.0,
        };
    }
}
