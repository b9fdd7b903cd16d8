using NextUp.Actors.Queue;

namespace NextUp.UnitTests.Queue;

public sealed class CorrectionTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Jobs_that_waited_together_say_as_much_as_one()
    {
        var (one, many) = (new Correction(), new Correction());
        one.Learn(Noon, 100, 120, 50, 200);
        for (var i = 0; i < 1_000; i++)
            many.Learn(Noon, 100, 120, 50, 200);

        Assert.Equal(one.Apply(100, 120, 50), many.Apply(100, 120, 50));
        Assert.True(one.Apply(100, 120, 50).P90 > 120);
    }

    [Fact]
    public void A_line_says_as_much_where_few_of_it_were_promised_a_time()
    {
        Correction After(int every)
        {
            var correction = new Correction();
            for (var ahead = 64; ahead < 128; ahead += every)
                correction.Learn(Noon.AddSeconds(10 * ahead), 5 * ahead, 6 * ahead, ahead, 10 * ahead);
            return correction;
        }

        var (all, few) = (After(1).Apply(100, 120, 100), After(8).Apply(100, 120, 100));

        Assert.Equal(all.P90 - 120, few.P90 - 120, (all.P90 - 120) * 0.1);
    }

    [Fact]
    public void What_few_ahead_taught_moves_a_narrow_range_less_than_a_wide_one()
    {
        var correction = new Correction();
        for (var i = 0; i < 20; i++)
            correction.Learn(Noon.AddHours(i), 10, 20, 1, 100);

        var (wide, narrow) = (correction.Apply(10, 20, 1), correction.Apply(1_000, 1_020, 1_000));

        Assert.True(wide.P90 > 22, $"{wide}");
        Assert.InRange(narrow.P90, 1_021, 1_060);
    }

    [Fact]
    public void In_the_long_run_nine_of_ten_start_within_p90_however_wrong_the_forecast_is()
    {
        var (correction, random, hits) = (new Correction(), new Random(4), 0);
        for (var i = 0; i < 3_000; i++)
        {
            var waited = 100 + (300 * random.NextDouble());
            hits += i >= 1_000 && waited <= correction.Apply(60, 70, 8).P90 ? 1 : 0;
            correction.Learn(Noon.AddHours(i), 60, 70, 8, waited);
        }

        Assert.InRange(hits / 2_000.0, 0.88, 0.92);
    }

    [Fact]
    public void No_shift_goes_beyond_its_limit()
    {
        var correction = new Correction();
        for (var i = 0; i < 2_000; i++)
            correction.Learn(Noon.AddHours(i), 10, 11, 0, 3_000);

        Assert.Equal(Correction.ShiftMax, correction.Shifts.Max());
        Assert.Equal(11 * Math.Exp(2), correction.Apply(10, 11, 0).P90, 1e-6);
    }
}
