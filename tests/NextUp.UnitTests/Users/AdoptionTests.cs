using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.UnitTests.Users;

public sealed class AdoptionTests
{
    static readonly JobKind Kind = new("a");
    static readonly UserId Visitor = UserId.Visitor("v");
    static readonly UserId Account = UserId.Account("ann");
    static readonly KindPolicies LimitTwo = new([new() { Kind = Kind, ActivePerUserMax = 2 }]);

    [Fact]
    public void A_job_from_when_there_was_no_limit_keeps_no_place_and_only_counts()
    {
        var there = Job(1, Account, place: null);
        var first = Job(2, Visitor, place: 0);
        var second = Job(3, Visitor, place: 1);

        var seats = new Adoption(Visitor, Account, [first, second], [there]).Seats(LimitTwo, _ => false);

        Assert.Equal([new Change.Seat(first.Sequence, IsHeld: false, 0), new Change.Seat(second.Sequence, IsHeld: true, null)], seats);
    }

    [Fact]
    public void A_seat_says_whether_its_job_was_held()
    {
        var waiting = Job(1, Visitor, place: 0);
        var held = Job(2, Visitor, place: null) with { IsHeld = true };

        var seats = new Adoption(Visitor, Account, [waiting, held], []).Seats(LimitTwo, _ => false);

        Assert.Equal([false, true], seats.Select(seat => seat.WasHeld));
    }

    static JobRecord Job(long sequence, UserId user, int? place) => new()
    {
        Sequence = new(sequence), Id = new(Guid.Empty), User = user, Kind = Kind, State = JobState.Pending, Place = place,
        AcceptedAt = DateTimeOffset.UnixEpoch, LineKey = new(sequence, new(sequence)), FileName = "a.bib", FileSize = 1,
    };
}
