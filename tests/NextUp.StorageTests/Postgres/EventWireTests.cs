using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Storage.Postgres;

namespace NextUp.StorageTests.Postgres;

/// <summary>Events as they go from server to server.</summary>
public sealed class EventWireTests
{
    static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    static JobEvent Failed(string? reason, string user = "ann o'neill") => new(
        UserId.Account(user), 7, Noon, JobEventType.Failed, new JobId(new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11])), 2, reason);

    static JobEvent Back(JobEvent happened) => Assert.Single(EventWire.Read(Assert.Single(EventWire.Write([happened]))));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("Took 5 % longer\nthan it may: Größe = ∞ 🙂")]
    public void An_event_comes_out_as_it_went_in(string? reason) => Assert.Equal(Failed(reason), Back(Failed(reason)));

    [Fact]
    public void A_long_reason_is_cut_between_two_characters()
    {
        var longest = new string('x', EventWire.ReasonLengthMax);
        Assert.Equal(longest, Back(Failed(longest)).Reason);
        Assert.Equal(longest, Back(Failed(longest + "y")).Reason);
        Assert.Equal(longest[1..], Back(Failed(longest[1..] + "🙂")).Reason);
    }

    [Fact]
    public void Many_events_go_in_notices_that_the_database_takes()
    {
        var events = Enumerable.Range(0, 200).Select(number => Failed(new string('€', 300), $"user-{number}")).ToList();

        var notices = EventWire.Write(events).ToList();

        Assert.All(notices, notice => Assert.True(System.Text.Encoding.UTF8.GetByteCount(notice) <= EventWire.NoticeBytesMax));
        Assert.Equal(events, notices.SelectMany(EventWire.Read));
    }
}
