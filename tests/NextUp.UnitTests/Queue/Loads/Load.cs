using NextUp.Actors.Jobs;

namespace NextUp.UnitTests.Queue.Loads;

/// <summary>How jobs come to a queue that is played through, and how long they take.</summary>
public sealed record Load
{
    public required string Name { get; init; }

    /// <summary>What is hard about it, where that is told: see <see cref="DrawnLoads"/>.</summary>
    public string Class { get; init; } = "";

    public int Slots { get; init; } = 4;

    public required IReadOnlyList<KindLoad> Kinds { get; init; }

    /// <summary>Work that arrives over work that the slots can do.</summary>
    public double Use { get; init; } = 0.95;

    /// <summary>How many jobs arrive together, on average; 1 is one by one.</summary>
    public double Burst { get; init; } = 1;

    /// <summary>
    /// The rate of arrivals swings between half as much again and half as much; a swing is this many jobs long. 0 is never.
    /// </summary>
    public int Day { get; init; }

    /// <summary>The share of jobs that come with the head start.</summary>
    public double UrgentShare { get; init; }

    public TimeSpan HeadStart { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The share of attempts that fail and are made again.</summary>
    public double RetryShare { get; init; }

    /// <summary>Cancellations per second of waiting.</summary>
    public double CancelRate { get; init; }
}

/// <param name="Draw">The seconds that a job of so many bytes takes.</param>
public sealed record KindLoad(
    JobKind Kind, double Share, int? Slots, Func<Random, long> Size, Func<Random, long, double> Draw)
{
    /// <summary>The mean of a job's time, found by trying.</summary>
    public double Mean(Random random)
    {
        var sum = 0.0;
        for (var i = 0; i < 200_000; i++)
            sum += Draw(random, Size(random));
        return sum / 200_000;
    }

    public static KindLoad Of(string kind, Func<Random, double> draw, double share = 1, int? slots = null) =>
        new(new(kind), share, slots, static _ => 10_000, (random, _) => draw(random));

    /// <summary>Sizes over many powers of two; the time grows with the size.</summary>
    public static KindLoad BySize(
        string kind, double secondsPerMegabyte, double sigma, double share = 1, int? slots = null) =>
        new(
            new(kind), share, slots,
            static random => (long)(1_000 * Math.Exp(4 + (1.2 * Normal(random)))),
            (random, size) => 1 + (size / 1e6 * secondsPerMegabyte * Math.Exp(sigma * Normal(random))));

    public static double Exponential(Random random, double mean) => -mean * Math.Log(1 - random.NextDouble());

    public static double Lognormal(Random random, double median, double sigma) => median * Math.Exp(sigma * Normal(random));

    public static double Pareto(Random random, double smallest, double index) =>
        smallest * Math.Pow(1 - random.NextDouble(), -1 / index);

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
