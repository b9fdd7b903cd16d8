using NextUp.Actors.Jobs;

namespace NextUp.UnitTests.Queue;

public sealed class StartWindowTests
{
    static readonly TimeZoneInfo Vienna = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");
    static readonly DayOfWeek[] EveryDay = Enum.GetValues<DayOfWeek>();

    static DateTimeOffset Utc(int month, int day, int hour, int minute = 0, int second = 0) =>
        new(2026, month, day, hour, minute, second, TimeSpan.Zero);

    static StartWindows Of(string from, string to, params DayOfWeek[] days) =>
        new([new(days.Length == 0 ? EveryDay : days, TimeOnly.Parse(from), TimeOnly.Parse(to))], Vienna);

    [Fact]
    public void A_window_is_open_from_its_first_instant_to_before_its_last()
    {
        var night = Of("09:00", "17:00");

        Assert.False(night.IsOpen(Utc(1, 5, 7, 59, 59)));
        Assert.True(night.IsOpen(Utc(1, 5, 8)));
        Assert.True(night.IsOpen(Utc(1, 5, 15, 59, 59)));
        Assert.False(night.IsOpen(Utc(1, 5, 16)));
    }

    [Fact]
    public void A_window_across_midnight_belongs_to_the_day_it_begins_on()
    {
        var night = Of("22:00", "06:00", DayOfWeek.Friday); // 2 January 2026 is one.

        Assert.False(night.IsOpen(Utc(1, 2, 3)));
        Assert.True(night.IsOpen(Utc(1, 2, 21)));
        Assert.True(night.IsOpen(Utc(1, 3, 4, 59)));
        Assert.False(night.IsOpen(Utc(1, 3, 5)));
        Assert.False(night.IsOpen(Utc(1, 3, 21)));
        Assert.Equal(Utc(1, 9, 21), night.NextChange(Utc(1, 3, 5)));
    }

    [Fact]
    public void A_window_that_ends_when_it_begins_lasts_for_24_hours()
    {
        var day = Of("12:00", "12:00", DayOfWeek.Saturday);

        Assert.Equal(Utc(1, 3, 11), day.NextChange(Utc(1, 1, 0)));
        Assert.Equal(Utc(1, 4, 11), day.NextChange(Utc(1, 3, 11)));
    }

    [Fact]
    public void A_kind_that_is_always_open_never_changes() =>
        Assert.Null(Of("00:00", "00:00").NextChange(Utc(1, 1, 0)));

    [Fact]
    public void In_the_night_in_which_an_hour_is_left_out_the_window_is_that_hour_shorter()
    {
        var night = Of("22:00", "06:00"); // 29 March 2026, 01:00 UTC: 02:00 becomes 03:00.

        Assert.Equal(Utc(3, 28, 21), night.NextChange(Utc(3, 28, 12)));
        Assert.Equal(Utc(3, 29, 4), night.NextChange(Utc(3, 28, 21)));
        Assert.Equal(Utc(3, 29, 20), night.NextChange(Utc(3, 29, 4)));
    }

    [Fact]
    public void A_window_inside_the_hour_that_is_left_out_does_not_come_that_day() =>
        Assert.Equal(Utc(3, 30, 0, 15), Of("02:15", "02:45").NextChange(Utc(3, 28, 2)));

    [Fact]
    public void A_window_inside_the_hour_that_comes_twice_comes_twice()
    {
        var window = Of("02:15", "02:45"); // 25 October 2026, 01:00 UTC: 03:00 becomes 02:00.

        Assert.Equal(Utc(10, 25, 0, 15), window.NextChange(Utc(10, 24, 12)));
        Assert.Equal(Utc(10, 25, 0, 45), window.NextChange(Utc(10, 25, 0, 15)));
        Assert.Equal(Utc(10, 25, 1, 15), window.NextChange(Utc(10, 25, 0, 45)));
        Assert.Equal(Utc(10, 25, 1, 45), window.NextChange(Utc(10, 25, 1, 15)));
        Assert.Equal(Utc(10, 26, 1, 15), window.NextChange(Utc(10, 25, 1, 45)));
    }

    [Fact]
    public void The_next_change_is_the_first_instant_at_which_it_is_otherwise()
    {
        TimeZoneInfo[] zones =
            [Vienna, TimeZoneInfo.Utc, TimeZoneInfo.FindSystemTimeZoneById("Australia/Lord_Howe"),
                TimeZoneInfo.FindSystemTimeZoneById("Asia/Kathmandu"), TimeZoneInfo.FindSystemTimeZoneById("America/St_Johns")];
        var random = new Random(5);
        for (var round = 0; round < 300; round++)
        {
            var windows = new StartWindows(
                [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => AnyWindow(random))], zones[random.Next(5)]);
            var now = Utc(1, 1, 0).AddSeconds(random.Next(365 * 24 * 3600));
            var next = windows.NextChange(now);

            // The plain way: minute by minute.
            var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
            DateTimeOffset? expected = null;
            for (var i = 1; i <= 15 * 24 * 60 && expected is null; i++)
                expected = windows.IsOpen(minute.AddMinutes(i)) != windows.IsOpen(now) ? minute.AddMinutes(i) : null;
            Assert.Equal(expected, next);
        }
    }

    static StartWindow AnyWindow(Random random) => new(
        [.. EveryDay.Where(_ => random.Next(2) == 0).DefaultIfEmpty(DayOfWeek.Monday)],
        new TimeOnly(random.Next(24), random.Next(60)), new TimeOnly(random.Next(24), random.Next(60)));
}
