using NextUp.Actors.Queue;
using NextUp.Actors.Users;
using NextUp.Server.Queue;

namespace NextUp.UnitTests.Server;

public sealed class WaitWordsTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    static readonly TimeZoneInfo Vienna = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");

    [Fact]
    public void A_window_says_from_when_by_its_own_clock()
    {
        Assert.Equal("starts from 22:00 Europe/Vienna", WaitWords.Of(new QueueWait.Closed(Now.AddHours(9), Vienna), Now)!.Text);
        Assert.Equal("starts from Mon 22:00 Europe/Vienna", WaitWords.Of(new QueueWait.Closed(Now.AddHours(81), Vienna), Now)!.Text);
        Assert.Equal(Now.AddHours(9), WaitWords.Of(new QueueWait.Closed(Now.AddHours(9), Vienna), Now)!.Until);
        Assert.Null(WaitWords.Of(new QueueWait.Closed(null, Vienna), Now)!.Until);
    }

    [Fact]
    public void A_pause_gives_the_operators_reason_and_never_who_they_are()
    {
        var pause = new Pause(new PauseTarget.OfUser(UserId.Account("ann")), "too many", "olga", Now);

        Assert.Equal("Your jobs are paused: too many", WaitWords.OfPause(pause));
        Assert.Equal("Your jobs are paused by an operator.", WaitWords.OfPause(pause with { Reason = null }));
        Assert.Equal("Jobs of this kind are paused: too many", WaitWords.OfPause(pause with { Target = new PauseTarget.OfKind(new("a")) }));
        Assert.Equal("The queue is paused: too many", WaitWords.OfPause(pause with { Target = new PauseTarget.Everything() }));
    }

    [Fact]
    public void Who_came_in_before_is_told_in_counts_by_cause()
    {
        Assert.Null(WaitWords.Of((Overtaken?)null));
        Assert.Null(WaitWords.Of((Overtaken?)default(Overtaken)));
        Assert.Equal(
            "2 urgent or small jobs came in before you; 1 job before you is tried again",
            WaitWords.Of(new Overtaken(2, 1, 0, 0))!.Text);
        Assert.Equal(
            "1 job before you had asked for this time; 3 jobs before you were paused and may start again",
            WaitWords.Of(new Overtaken(0, 0, 1, 3))!.Text);
    }
}
