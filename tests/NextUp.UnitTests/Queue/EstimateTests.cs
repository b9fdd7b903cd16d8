using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.UnitTests.Queue;

public sealed class EstimateTests
{
    static readonly JobKind Kind = new("a");
    static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_is_estimated_from_too_few_samples()
    {
        Assert.Null(StartBehind(1, Learned(Enumerable.Repeat(10.0, ServiceTimes.SamplesMin - 1))));
        Assert.NotNull(StartBehind(1, Learned(Enumerable.Repeat(10.0, ServiceTimes.SamplesMin))));
    }

    [Fact]
    public void Nothing_is_estimated_without_slots()
    {
        Assert.Null(StartBehind(1, Learned(Enumerable.Repeat(10.0, 50)), slots: 0));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public void Equal_jobs_on_one_slot_are_waited_for_exactly(int ahead)
    {
        var start = StartBehind(ahead, Learned(Enumerable.Repeat(10.0, 50)), 1, TimeSpan.FromSeconds(4))!;

        Assert.Equal(6 + (10 * ahead), start.P50.TotalSeconds, 0.05);
        Assert.Equal(6 + (10 * ahead), start.P90.TotalSeconds, 0.05);
    }

    [Fact]
    public void A_job_that_has_run_long_is_expected_to_run_longer_where_times_have_a_heavy_tail()
    {
        var times = Enumerable.Range(0, 500).Select(i => Math.Pow(1 - (i / 500.0), -1 / 1.5)).ToList();

        var fresh = StartBehind(0, Learned(times), 1, TimeSpan.Zero)!;
        var old = StartBehind(0, Learned(times), 1, TimeSpan.FromSeconds(50))!;

        Assert.True(old.P50 > 5 * fresh.P50, $"{old} after {fresh}");
    }

    [Fact]
    public void Ten_times_the_slots_make_the_wait_about_a_tenth()
    {
        TimeSpan P50(int slots) =>
            StartBehind(400, Learned(Enumerable.Range(0, 100).Select(i => 5.0 + (i % 10))), slots, TimeSpan.FromSeconds(2))!.P50;

        Assert.InRange(P50(1) / P50(10), 9, 11);
    }

    [Fact]
    public void The_near_and_the_far_part_of_the_line_meet_without_a_step()
    {
        var random = new Random(3);
        var estimate = Learned(Enumerable.Range(0, 500).Select(_ => -10 * Math.Log(1 - random.NextDouble())));
        var last = TimeSpan.Zero;
        for (var ahead = 0; ahead < 60; ahead++)
        {
            var p50 = StartBehind(ahead, estimate, 4, TimeSpan.FromSeconds(5))!.P50;
            Assert.InRange((p50 - last).TotalSeconds, -0.5, 5);
            last = p50;
        }
    }

    [Fact]
    public void Large_files_ahead_are_waited_for_longer_than_small_ones()
    {
        var estimate = new Estimate(new(1));
        for (var i = 0; i < 200; i++)
        {
            estimate.Ran(Kind, SizeClass.Of(10_000), TimeSpan.FromSeconds(2), isRetried: false);
            estimate.Ran(Kind, SizeClass.Of(10_000_000), TimeSpan.FromSeconds(200), isRetried: false);
        }

        Assert.Equal(20, StartBehind(10, estimate, size: 10_000)!.P50.TotalSeconds, 3.0);
        Assert.InRange(StartBehind(10, estimate, size: 10_000_000)!.P50.TotalSeconds, 1_900, 2_250);
    }

    [Fact]
    public void A_size_that_was_never_seen_is_judged_by_those_next_to_it()
    {
        var estimate = new Estimate(new(1));
        for (var i = 0; i < 200; i++)
        {
            estimate.Ran(Kind, SizeClass.Of(10_000), TimeSpan.FromSeconds(1), isRetried: false);
            estimate.Ran(Kind, SizeClass.Of(40_000), TimeSpan.FromSeconds(4), isRetried: false);
        }

        Assert.InRange(StartBehind(10, estimate, size: 160_000)!.P50.TotalSeconds, 120, 200);
    }

    [Fact]
    public void Only_the_last_jobs_count()
    {
        var estimate = Learned(Enumerable.Repeat(100.0, 50).Concat(Enumerable.Repeat(1.0, ServiceTimes.SamplesMax)));

        Assert.Equal(5, StartBehind(5, estimate)!.P90.TotalSeconds, 1.01);
    }

    [Fact]
    public void Attempts_that_are_made_again_make_the_wait_longer()
    {
        var estimate = new Estimate(new(1));
        for (var i = 0; i < 400; i++)
            estimate.Ran(Kind, default, TimeSpan.FromSeconds(10), isRetried: i % 2 == 0);

        Assert.InRange(StartBehind(100, estimate)!.P50.TotalSeconds, 1_800, 2_200);
    }

    [Fact]
    public void What_was_learned_survives_being_stored()
    {
        var random = new Random(5);
        var estimate = Learned(Enumerable.Range(0, 300).Select(_ => 30 * random.NextDouble()));
        var again = new Estimate(new(1));
        again.Restore(estimate.TakeToKeep(Noon)!);

        var before = StartBehind(40, estimate)!;
        var after = StartBehind(40, again)!;

        Assert.Equal(before.P50.TotalSeconds, after.P50.TotalSeconds, before.P50.TotalSeconds / 1_000);
        Assert.Equal(before.P90.TotalSeconds, after.P90.TotalSeconds, before.P90.TotalSeconds / 1_000);
    }

    [Fact]
    public void What_was_learned_is_stored_once_in_a_while_and_only_where_there_is_news()
    {
        var estimate = Learned(Enumerable.Repeat(10.0, 5));

        Assert.NotNull(estimate.TakeToKeep(Noon));
        Assert.Null(estimate.TakeToKeep(Noon));
        Assert.Null(estimate.TakeToKeep(Noon + (2 * Estimate.KeepEvery)));
        estimate.Ran(Kind, default, TimeSpan.FromSeconds(1), isRetried: false);
        Assert.Null(estimate.TakeToKeep(Noon + (2 * Estimate.KeepEvery)));
        Assert.NotNull(estimate.TakeToKeep(Noon + (3 * Estimate.KeepEvery)));
    }

    [Fact]
    public void Content_that_cannot_be_read_is_left_out()
    {
        var whole = Learned(Enumerable.Repeat(10.0, 50)).TakeToKeep(Noon)!.Content;
        foreach (var broken in (byte[][])[[], [99], whole[..40], [.. whole.Select(_ => (byte)255)]])
        {
            var estimate = new Estimate(new(1));
            estimate.Restore(new(Kind, broken));
            Assert.Equal(0, estimate.Figures[0].Samples);
        }
    }

    [Fact]
    public void A_long_line_of_a_kind_with_few_slots_holds_nobody_else_up_where_jobs_are_cancelled()
    {
        var (other, estimate, line) = (new JobKind("b"), Learned(Enumerable.Repeat(10.0, 50)), new Line());
        for (var i = 0; i < ServiceTimes.SamplesMin; i++)
            estimate.Ran(other, default, TimeSpan.FromSeconds(10), isRetried: false);
        LineKey KeyOf(int i) => new(LineKey.Microseconds(Noon) + i, new(i));
        for (var i = 0; i < 200; i++)
            line.Insert(Kind, KeyOf(i));
        line.Insert(other, KeyOf(200));
        estimate.Pass(Noon - TimeSpan.FromMinutes(1), 200);
        estimate.Pass(Noon, 200);
        estimate.Left(KeyOf(-1));

        var others = Enumerable.Repeat((other, default(SizeClass), TimeSpan.FromSeconds(4)), 3);
        estimate.Look(
            Noon, line, new(4, kind => kind == Kind ? 1 : null), [(Kind, default, TimeSpan.Zero), .. others], []);

        Assert.Equal(6, estimate.StartOf(Noon, line, other, KeyOf(200))!.P50.TotalSeconds, 0.05);
    }

    static Estimate Learned(IEnumerable<double> seconds)
    {
        var estimate = new Estimate(new(1));
        foreach (var duration in seconds)
            estimate.Ran(Kind, default, TimeSpan.FromSeconds(duration), isRetried: false);
        return estimate;
    }

    static StartEstimate? StartBehind(
        int ahead, Estimate estimate, int slots = 1, TimeSpan? elapsed = null, long size = 0)
    {
        var line = new Line();
        LineKey key = default;
        for (var i = 0; i <= ahead; i++)
        {
            key = new LineKey(LineKey.Microseconds(Noon) + i, new(i)) { Size = SizeClass.Of(size) };
            line.Insert(Kind, key);
        }

        var running = elapsed is { } ran ? Enumerable.Repeat((Kind, SizeClass.Of(size), ran), slots) : [];
        estimate.Look(Noon, line, new(slots, _ => null), running, []);
        return estimate.StartOf(Noon, line, Kind, key);
    }
}
