namespace NextUp.UnitTests.Queue.Loads;

/// <summary>
/// Loads that nobody chose, drawn by a seed: nothing of the estimate can have been made for them. A class says what is hard
/// about a load: nothing, that jobs come in bursts, or that some jobs take a hundred times as long as others.
/// </summary>
public static class DrawnLoads
{
    public const string Steady = "steady";
    public const string Bursty = "bursty";
    public const string HeavyTailed = "heavy-tailed";

    const double JobsMin = 8_000;

    /// <summary>Jobs of one line had the same luck: this many times the length of a line is played.</summary>
    const double LinesMin = 50;

    /// <summary>So many loads, the three classes in turn.</summary>
    public static IEnumerable<Load> Draw(int seed, int count)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
            yield return Draw(random, (i % 3) switch { 0 => Steady, 1 => Bursty, _ => HeavyTailed }, i);
    }

    /// <summary>How many jobs of a load say enough about it; a share of them suffices as witnesses.</summary>
    /// <param name="length">1 for enough to judge a load by itself.</param>
    public static int JobsOf(Load load, double length) =>
        (int)(length * (JobsMin + (LinesMin * load.Burst / Math.Max(0.05, 1 - load.Use))));

    static Load Draw(Random random, string @class, int number)
    {
        var isInBursts = @class == Bursty || (@class == HeavyTailed && Chance(random, 0.5));
        var slots = (int)Between(random, 1, 32);
        var kinds = Enumerable.Range(0, 1 + random.Next(3)).Select(i => DrawKind(random, @class, i)).ToList();
        var use = isInBursts ? 0.6 + (0.3 * random.NextDouble()) : 0.85 + (0.12 * random.NextDouble());
        if (kinds.Count > 1 && Chance(random, 0.4))
            kinds[0] = kinds[0] with { Slots = SlotsFor(kinds, use * slots, random) };
        return new()
        {
            Name = $"{@class} {number}",
            Class = @class,
            Slots = slots,
            Kinds = kinds,
            Use = use,
            Burst = isInBursts ? Between(random, 10, 400) : 1,
            Day = Chance(random, 0.25) ? (int)Between(random, 500, 5_000) : 0,
            UrgentShare = Chance(random, 0.3) ? Between(random, 0.02, 0.3) : 0,
            HeadStart = TimeSpan.FromMinutes(Between(random, 1, 60)),
            RetryShare = Chance(random, 0.3) ? Between(random, 0.02, 0.2) : 0,
            CancelRate = Chance(random, 0.3) ? 1 / Between(random, 1_000, 20_000) : 0,
        };
    }

    static KindLoad DrawKind(Random random, string @class, int number)
    {
        var mean = Between(random, 2, 120);
        var form = random.Next(3);
        var (sigma, index) = (0.2 + (0.5 * random.NextDouble()), Between(random, 1.6, 2.5));
        var kind = (@class == HeavyTailed, form) switch
        {
            (false, 0) => KindLoad.Of($"even{number}", own => mean * (0.5 + own.NextDouble())),
            (false, 1) => KindLoad.Of($"memoryless{number}", own => KindLoad.Exponential(own, mean)),
            (false, _) => KindLoad.Of($"normal{number}", own => KindLoad.Lognormal(own, mean, sigma)),
            (true, 0) => KindLoad.Of($"lognormal{number}", own => KindLoad.Lognormal(own, mean / 2, 0.7 + sigma)),
            (true, 1) => KindLoad.Of($"pareto{number}", own => KindLoad.Pareto(own, mean / 2, index)),
            (true, _) => KindLoad.BySize($"by-size{number}", 9 * mean, sigma),
        };
        return kind with { Share = 0.2 + random.NextDouble() };
    }

    /// <summary>A limit under which the first kind's jobs can be done: up to twice as many slots as they need.</summary>
    static int SlotsFor(List<KindLoad> kinds, double busy, Random random)
    {
        var work = kinds.Select(kind => kind.Share * kind.Mean(random)).ToList();
        return 1 + (int)(busy * work[0] / work.Sum() * (1 + random.NextDouble()));
    }

    static bool Chance(Random random, double share) => random.NextDouble() < share;

    /// <summary>Evenly by the logarithm.</summary>
    static double Between(Random random, double least, double most) =>
        least * Math.Pow(most / least, random.NextDouble());
}
