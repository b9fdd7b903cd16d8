using NextUp.Actors.Statistics;

namespace NextUp.UnitTests.Statistics;

public sealed class DurationHistogramTests
{
    [Fact]
    public void Quantiles_are_within_the_error_of_the_true_ones()
    {
        var random = new Random(17);
        var durations = Enumerable.Range(0, 20_000)
            .Select(_ => TimeSpan.FromMicroseconds(Math.Exp(random.NextDouble() * 25))).Order().ToList();
        var histogram = new DurationHistogram();
        durations.ForEach(histogram.Add);

        foreach (var quantile in new[] { 0.01, 0.5, 0.9, 0.99, 1.0 })
        {
            var exact = durations[(int)Math.Ceiling(quantile * durations.Count) - 1];
            var error = Math.Abs((histogram.Quantile(quantile)!.Value - exact).TotalMicroseconds);
            Assert.True(error <= (exact.TotalMicroseconds * DurationHistogram.ErrorMax) + 1, $"{quantile}: off by {error}");
        }
    }

    [Fact]
    public void Short_durations_are_exact_and_a_clock_set_back_is_zero()
    {
        var histogram = new DurationHistogram();
        histogram.Add(TimeSpan.FromSeconds(-5));
        histogram.AddMicroseconds(15);

        Assert.Equal(TimeSpan.Zero, histogram.Quantile(0.5));
        Assert.Equal(TimeSpan.FromMicroseconds(15), histogram.Quantile(1));
        Assert.Equal(15, histogram.SumMicroseconds);
    }

    [Fact]
    public void The_longest_duration_stands_for_all_longer_ones()
    {
        var histogram = new DurationHistogram();
        histogram.Add(TimeSpan.MaxValue);
        histogram.Add(DurationHistogram.DurationMax);

        Assert.InRange(histogram.Quantile(1)!.Value / DurationHistogram.DurationMax, 0.96, 1.04);
        Assert.Equal(2, histogram.CountAtMost(TimeSpan.MaxValue));
    }

    [Fact]
    public void An_empty_one_has_no_quantile()
    {
        Assert.Null(new DurationHistogram().Quantile(0.5));
        Assert.Equal(TimeSpan.Zero, new DurationHistogram().Mean);
    }

    [Fact]
    public void What_is_written_is_read_back_and_merging_is_adding()
    {
        var random = new Random(4);
        var (whole, parts) = (new DurationHistogram(), new DurationHistogram());
        for (var part = 0; part < 5; part++)
        {
            var one = new DurationHistogram();
            for (var i = 0; i < random.Next(50); i++)
            {
                var microseconds = random.NextInt64(1L << random.Next(1, 46));
                one.AddMicroseconds(microseconds);
                whole.AddMicroseconds(microseconds);
            }

            ReadOnlySpan<byte> written = Bytes(one);
            parts.Add(DurationHistogram.Read(ref written));
            Assert.True(written.IsEmpty);
        }

        Assert.Equal(Bytes(whole), Bytes(parts));
        Assert.Equal(whole.Count, parts.Count);
    }

    [Fact]
    public void What_was_read_answers_as_what_was_counted_before_and_after_something_is_added()
    {
        var random = new Random(23);
        var counted = new DurationHistogram();
        for (var i = 0; i < 300; i++)
            counted.AddMicroseconds(random.NextInt64(1L << random.Next(1, 46)));
        ReadOnlySpan<byte> written = Bytes(counted);
        var read = DurationHistogram.Read(ref written);

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(Bytes(counted), Bytes(read));
            foreach (var quantile in new[] { 0, 0.001, 0.5, 0.9, 0.99, 1.0 })
                Assert.Equal(counted.Quantile(quantile), read.Quantile(quantile));
            for (var i = 0; i < 46; i++)
                Assert.Equal(counted.CountAtMost(TimeSpan.FromMicroseconds(1L << i)), read.CountAtMost(TimeSpan.FromMicroseconds(1L << i)));
            Assert.Equal((counted.Count, counted.SumMicroseconds), (read.Count, read.SumMicroseconds));
            counted.AddMicroseconds(round * 1_000);
            read.AddMicroseconds(round * 1_000);
        }
    }

    [Fact]
    public void Counts_up_to_a_duration_never_fall_with_it()
    {
        var random = new Random(8);
        var histogram = new DurationHistogram();
        for (var i = 0; i < 1_000; i++)
            histogram.AddMicroseconds(random.NextInt64(1L << random.Next(1, 40)));
        var counts = Enumerable.Range(0, 42).Select(i => histogram.CountAtMost(TimeSpan.FromMicroseconds(1L << i))).ToList();

        Assert.Equal(counts.Order(), counts);
        Assert.Equal(1_000, counts[^1]);
    }

    static byte[] Bytes(DurationHistogram histogram)
    {
        var bytes = new List<byte>();
        histogram.WriteTo(bytes);
        return [.. bytes];
    }
}
