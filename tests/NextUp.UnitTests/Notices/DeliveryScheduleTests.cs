using NextUp.Actors.Notices;
using NextUp.Server.Notices.Delivery;
using NextUp.Server.Settings;

namespace NextUp.UnitTests.Notices;

public sealed class DeliveryScheduleTests
{
    static readonly SendOutcome Away = new SendOutcome.Away(503, "busy");

    static DeliverySchedule New(int attemptsMax = 10, int hours = 96, int seed = 1) => new(
        () => new NoticeSettings { AttemptsMax = attemptsMax, GiveUpAfter = TimeSpan.FromHours(hours) }, new Random(seed));

    [Fact]
    public void Attempts_spread_over_days_as_the_standard_suggests()
    {
        var notice = SomeNotice.Of();
        var now = notice.At;
        var schedule = New();
        var waits = new List<double>();
        while (true)
        {
            var change = schedule.After(notice, notice.Attempts + 1, Away, now, now);
            if (change.To != NoticeState.Waiting)
            {
                Assert.Equal(NoticeState.GivenUp, change.To);
                Assert.Contains("10 attempts", change.Disable!, StringComparison.Ordinal);
                break;
            }

            Assert.True(change.Holds);
            waits.Add((change.DueAt - now).TotalSeconds);
            now = change.DueAt;
            notice = notice with { Attempts = notice.Attempts + 1 };
        }

        double[] suggested = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
        Assert.Equal(suggested.Length, waits.Count);
        Assert.All(waits.Zip(suggested), pair => Assert.InRange(pair.First, pair.Second * 0.9, pair.Second * 1.1));
    }

    [Fact]
    public void Jitter_keeps_receivers_from_being_called_all_at_once() =>
        Assert.True(Enumerable.Range(1, 20).Select(seed => Due(New(seed: seed))).Distinct().Count() > 15);

    [Fact]
    public void A_span_ends_the_attempts_too()
    {
        var notice = SomeNotice.Of() with { Attempts = 3 };
        DateTimeOffset At(double hours) => notice.Since.AddHours(hours);
        var schedule = New(attemptsMax: 50, hours: 10);

        Assert.Equal(NoticeState.Waiting, schedule.After(notice, 4, Away, At(7), At(7)).To);
        Assert.Equal(NoticeState.GivenUp, schedule.After(notice, 4, Away, At(9), At(9)).To);
        Assert.False(schedule.IsTooOld(notice, At(10)));
        Assert.True(schedule.IsTooOld(notice, At(10.1)));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(3_600, 3_600)]
    [InlineData(9_000_000, 86_400)]
    public void A_receiver_may_ask_to_be_left_alone_for_a_day(int asked, int seconds)
    {
        var due = Due(New(), new SendOutcome.Away(429, "", TimeSpan.FromSeconds(asked)));
        Assert.InRange((due - SomeNotice.At).TotalSeconds, seconds * 0.9, seconds * 1.1);
    }

    [Fact]
    public void One_that_is_refused_lets_the_later_ones_pass()
    {
        var change = New().After(SomeNotice.Of(), 1, new SendOutcome.Refused(400, "no"), SomeNotice.At, SomeNotice.At);
        Assert.Equal((NoticeState.Waiting, false), (change.To, change.Holds));
    }

    [Fact]
    public void Gone_is_the_end_of_the_subscription()
    {
        var change = New().After(SomeNotice.Of(), 1, new SendOutcome.Gone(410, "bye"), SomeNotice.At, SomeNotice.At);
        Assert.Equal(NoticeState.GivenUp, change.To);
        Assert.Contains("410 bye", change.Disable!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trial_has_one_attempt_and_disables_nothing()
    {
        var change = New().After(SomeNotice.Of(NoticeType.Test), 1, Away, SomeNotice.At, SomeNotice.At);
        Assert.Equal((NoticeState.GivenUp, null), (change.To, change.Disable));
    }

    [Fact]
    public void An_answer_is_kept_within_its_limit()
    {
        var change = New().After(
            SomeNotice.Of(), 1, new SendOutcome.Delivered(200, new string('x', NoticeAttempt.AnswerLengthMax + 1)),
            SomeNotice.At, SomeNotice.At.AddSeconds(2));
        Assert.Equal(NoticeAttempt.AnswerLengthMax, change.Attempt.Answer.Length);
        Assert.Equal((NoticeState.Delivered, TimeSpan.FromSeconds(2)), (change.To, change.Attempt.Took));
    }

    static DateTimeOffset Due(DeliverySchedule schedule, SendOutcome? outcome = null) =>
        schedule.After(SomeNotice.Of(), 1, outcome ?? Away, SomeNotice.At, SomeNotice.At).DueAt;
}
