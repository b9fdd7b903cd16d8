using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;

namespace NextUp.UnitTests.Queue;

public sealed class HeadStartTests
{
    static readonly HeadStarts Starts = new()
    {
        Levels = [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(20)],
        SmallFileBytesMax = 1_000,
        SmallFile = TimeSpan.FromMinutes(1),
    };

    [Fact]
    public void A_level_has_its_span_and_levels_past_the_list_the_last_one() => Assert.Equal(
        [TimeSpan.Zero, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(20)],
        new[] { 0, 1, 2, 9 }.Select(level => Starts.Of(level, 5_000)));

    [Theory]
    [InlineData(1_000, 1)]
    [InlineData(1_001, 0)]
    public void A_file_is_small_up_to_the_limit_and_no_further(long bytes, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Starts.Of(0, bytes));

    [Fact]
    public void Without_a_limit_no_file_is_small() => Assert.Equal(TimeSpan.Zero, new HeadStarts().Of(0, 0));

    [Fact]
    public void A_small_files_span_comes_on_top_of_its_levels() =>
        Assert.Equal(TimeSpan.FromMinutes(6), Starts.Of(1, 10));

    [Fact]
    public void A_strict_level_goes_before_every_lower_one_however_long_that_waits()
    {
        var strict = Starts with { IsStrict = true };
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var old = LineKey.Of(now, strict.Of(8, 10), new(1));
        var fresh = LineKey.Of(now.AddYears(50), strict.Of(9, 5_000), new(2));

        Assert.True(fresh < old);
        Assert.True(old < LineKey.Of(now, strict.Of(0, 10), new(3)));
    }

    [Fact]
    public void A_head_start_says_why()
    {
        Assert.Null(Starts.Reason(0, 5_000));
        Assert.Equal("Priority 2: 20 minutes head start.", Starts.Reason(2, 5_000));
        Assert.Equal("A small file: 60 seconds head start.", Starts.Reason(0, 5));
        Assert.Equal("Priority 1 and a small file: 6 minutes head start.", Starts.Reason(1, 5));
        Assert.Equal("Priority 1: before all of lower priority.", (Starts with { IsStrict = true }).Reason(1, 5_000));
    }

    [Theory]
    [InlineData(0, 0, 100)] // The same as the other: its very place.
    [InlineData(30, 0, 100)] // Less urgent than the other: back to where the other arrived.
    [InlineData(0, 30, 100)] // More urgent: no further ahead than the other was.
    [InlineData(0, 5_000, -3_000)] // So urgent that it would be further ahead if it had come just now: there.
    public void A_replacement_takes_the_others_arrival_but_nobodys_place(long other, long own, long at)
    {
        var replaced = Job(new(100 - other, new(7))) with { HeadStart = TimeSpan.FromTicks(other * 10) };
        var fresh = new Standing(2_000 - own, own, "why");

        var standing = Standing.Replacing(fresh, replaced);

        Assert.Equal(own == 5_000 ? at : Math.Max(replaced.LineKey.At, 100 - own), standing.At);
        Assert.True(standing.At >= replaced.LineKey.At || standing == fresh);
        Assert.Equal(standing.At < standing.At + standing.HeadStart, standing.Reason is not null);
    }

    static JobRecord Job(LineKey key) => new()
    {
        Sequence = key.Sequence,
        Id = default,
        User = UserId.Account("ann"),
        Kind = new("a"),
        State = JobState.Pending,
        AcceptedAt = default,
        LineKey = key,
        FileName = "a",
        FileSize = 1,
    };
}
