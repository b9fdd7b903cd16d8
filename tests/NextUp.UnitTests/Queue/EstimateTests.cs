using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.UnitTests.Queue;

public sealed class EstimateTests
{
    static readonly JobKind Kind = new("a");

    [Fact]
    public void Nothing_is_estimated_from_nothing()
    {
        Assert.Null(new Estimate().StartOf((0, 0), [(Kind, 1)], slots: 1));
    }

    [Fact]
    public void Equal_jobs_on_one_slot_are_waited_for_exactly()
    {
        var estimate = Learned(Enumerable.Repeat(10.0, 50));
        var remaining = estimate.Remaining([(Kind, TimeSpan.FromSeconds(4))]);

        var start = estimate.StartOf(remaining!.Value, [(Kind, 3)], slots: 1)!;

        Assert.Equal(36, start.P50.TotalSeconds, 0.01);
        Assert.Equal(36, start.P90.TotalSeconds, 0.01);
    }

    [Fact]
    public void Ten_times_the_slots_make_the_wait_about_a_tenth()
    {
        var estimate = Learned(Enumerable.Range(0, 100).Select(i => 5.0 + (i % 10)));
        TimeSpan P50(int slots)
        {
            var busy = Enumerable.Range(0, slots).Select(i => (Kind, TimeSpan.FromSeconds(i % 5)));
            return estimate.StartOf(estimate.Remaining(busy)!.Value, [(Kind, 400)], slots)!.P50;
        }

        Assert.InRange(P50(1) / P50(10), 9, 11);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Nine_of_ten_jobs_behind_twenty_start_before_p90(int slots)
    {
        var random = new Random(11);
        double Draw() => -5 * Math.Log(1 - random.NextDouble());
        var estimate = Learned(Enumerable.Range(0, 256).Select(_ => Draw()));
        var running = Enumerable.Repeat((Kind, TimeSpan.Zero), slots);
        var start = estimate.StartOf(estimate.Remaining(running)!.Value, [(Kind, 20)], slots)!;

        var waits = Enumerable.Range(0, 4_000).Select(_ => Wait(slots, 20, Draw)).ToList();

        Assert.InRange(waits.Count(wait => wait <= start.P90.TotalSeconds) / 4_000.0, 0.82, 0.97);
        Assert.InRange(waits.Count(wait => wait <= start.P50.TotalSeconds) / 4_000.0, 0.35, 0.65);
    }

    [Fact]
    public void Only_the_last_jobs_count()
    {
        var estimate = Learned(Enumerable.Repeat(100.0, 50).Concat(Enumerable.Repeat(1.0, ServiceTimes.SamplesMax)));

        Assert.Equal(1, estimate.StartOf((0, 0), [(Kind, 1)], slots: 1)!.P90.TotalSeconds, 0.01);
    }

    static Estimate Learned(IEnumerable<double> seconds)
    {
        var estimate = new Estimate();
        foreach (var duration in seconds)
            estimate.Learn(Kind, TimeSpan.FromSeconds(duration));
        return estimate;
    }

    static double Wait(int slots, int ahead, Func<double> draw)
    {
        var free = Enumerable.Range(0, slots).Select(_ => draw()).ToArray();
        for (var i = 0; i < ahead; i++)
        {
            var first = Array.IndexOf(free, free.Min());
            free[first] += draw();
        }

        return free.Min();
    }
}
