using NextUp.UnitTests.Queue.Loads;

namespace NextUp.UnitTests.Queue;

/// <summary>
/// The estimate's promise, kept over loads that it does not know: nine of ten jobs start within p90, and p50 is near. Jobs
/// that stand in one line have the same luck, so a short play says little about one load: the loads are judged together
/// closely and each by itself loosely. <c>-- estimate</c> of the benchmarks plays them, and the large bursts, at length.
/// </summary>
public sealed class EstimateLoadTests(ITestOutputHelper output)
{
    const int Jobs = 1_500;
    const int Learning = 400;

    const double BurstMax = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Nine_of_ten_jobs_start_within_p90_and_p50_is_near(int seed)
    {
        var loads = KnownLoads.All.Where(load => load.Burst <= BurstMax).Where((_, i) => i % 2 == seed % 2);
        var played = loads.Select(load => (Load: load, Result: new LoadedQueue(load, seed).Play(Jobs, Learning))).ToList();
        foreach (var (load, result) in played)
            output.WriteLine($"{load.Name}: {result}");

        Assert.InRange(played.Average(load => load.Result.Within), 0.85, 0.95);
        Assert.InRange(played.Average(load => load.Result.WithinLater), 0.85, 0.96);
        Assert.InRange(played.Average(load => load.Result.Error), 0, 0.15);
        Assert.All(played, load => Assert.InRange(load.Result.Within, 0.5, 1));
        Assert.All(played, load => Assert.InRange(load.Result.Error, 0, 0.35));
        Assert.All(played, load => Assert.Equal(0, load.Result.Unknown));
    }

    [Fact]
    public void The_same_seed_gives_the_same_estimates()
    {
        var load = KnownLoads.All.First(load => load.Name == "all at once, 4");

        Assert.Equal(new LoadedQueue(load, 3).Play(300, 0), new LoadedQueue(load, 3).Play(300, 0));
    }

    [Fact]
    public void What_is_measured_of_the_estimate_is_what_came_true()
    {
        var queue = new LoadedQueue(KnownLoads.All.First(load => load.Name == "lognormal bursts, 4"), 5);

        var result = queue.Play(1_000, 0);

        var figures = Assert.Single(queue.Figures);
        Assert.Equal(result.Within, figures.AtFirst.WithinP90, 3);
        Assert.InRange(figures.Later.Count, 100, figures.AtFirst.Count);
    }
}
