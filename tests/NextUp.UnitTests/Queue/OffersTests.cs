using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;
using NextUp.Actors.Workers;

namespace NextUp.UnitTests.Queue;

public sealed class OffersTests
{
    static readonly JobKind A = new("a");
    static readonly JobKind B = new("b");
    readonly Offers _offers = new();
    long _number;

    LeaseAsk Ask(string worker, int count, params JobKind[] kinds) =>
        new(++_number, new(WorkerId.Of("crew", worker), 1), kinds, count);

    static JobRecord Job(LeaseAsk ask) => new()
    {
        Sequence = new(1), Id = new(Guid.Empty), User = UserId.Account("u"), Kind = ask.Kinds[0], State = JobState.Processing,
        AcceptedAt = default, LineKey = new LineKey(1, new(1)), FileName = "f", FileSize = 1, Lease = ask.Lease,
    };

    [Fact]
    public void Room_is_what_was_asked_for_and_of_the_kinds_that_were_named()
    {
        _ = _offers.Open(Ask("one", 2, A));

        Assert.True(_offers.IsOpen(A));
        Assert.False(_offers.IsOpen(B));
        Assert.NotNull(_offers.Take(A));
        Assert.Null(_offers.Take(B));
        Assert.NotNull(_offers.Take(A));
        Assert.False(_offers.IsOpen(A));
        Assert.Null(_offers.Take(A));
    }

    [Fact]
    public void Work_spreads_who_waited_longest_is_first()
    {
        var (one, two) = (Ask("one", 2, A), Ask("two", 2, A));
        _ = (_offers.Open(one), _offers.Open(two));

        Assert.Equal([one, two, one, two], Enumerable.Range(0, 4).Select(_ => _offers.Take(A)));
    }

    [Fact]
    public async Task An_answer_comes_when_all_that_was_decided_for_it_is_stored_and_it_takes_no_more_after_the_first()
    {
        var ask = Ask("one", 5, A);
        var answer = _offers.Open(ask);
        _offers.Take(A);
        _offers.Take(A);

        _offers.Started(ask, Job(ask));
        Assert.False(answer.IsCompleted);
        Assert.False(_offers.IsOpen(A));
        _offers.Started(ask, Job(ask));

        Assert.Equal(2, (await answer).Count);
    }

    [Fact]
    public async Task A_worker_that_asks_anew_closes_what_it_asked_before_and_a_withdrawal_closes_only_its_own()
    {
        var (older, newer) = (Ask("one", 1, A), Ask("one", 1, A));
        var first = _offers.Open(older);
        var second = _offers.Open(newer);
        Assert.Empty(await first);

        _offers.Withdraw(older.Lease.Worker, older.Number);
        Assert.False(second.IsCompleted);
        _offers.Withdraw(newer.Lease.Worker, newer.Number);
        Assert.Empty(await second);
        Assert.False(_offers.IsOpen(A));
    }

    [Fact]
    public async Task What_was_decided_before_a_withdrawal_is_still_its_answer()
    {
        var ask = Ask("one", 3, A);
        var answer = _offers.Open(ask);
        _offers.Take(A);
        _offers.Withdraw(ask.Lease.Worker, ask.Number);
        Assert.False(answer.IsCompleted);

        _offers.Started(ask, Job(ask));

        Assert.Single(await answer);
    }

    [Fact]
    public async Task Whoever_waits_is_told_when_the_queue_gives_up()
    {
        var (one, two) = (Ask("one", 1, A), Ask("two", 1, B));
        Task[] answers = [_offers.Open(one), _offers.Open(two)];
        _offers.Take(A);

        _offers.Fail(new ActorForgottenException("gone"));

        foreach (var answer in answers)
            await Assert.ThrowsAsync<ActorForgottenException>(() => answer);
        Assert.False(_offers.IsOpen(A) || _offers.IsOpen(B));
    }

    [Fact]
    public async Task A_start_that_is_stored_after_its_ask_failed_harms_nobody()
    {
        var ask = Ask("w1", 1, [A]);
        var answer = _offers.Open(ask);
        Assert.Equal(ask, _offers.Take(A));

        _offers.Fail(new ActorForgottenException("The queue was rebuilt."));
        _offers.Started(ask, Job(ask));

        await Assert.ThrowsAsync<ActorForgottenException>(() => answer);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_more_starts_for_a_worker_than_it_asked_for_and_each_is_answered_once(int seed)
    {
        var random = new Random(seed);
        var open = new List<(LeaseAsk Ask, Task<IReadOnlyList<JobRecord>> Answer)>();
        var underWay = new List<LeaseAsk>();
        var decided = new Dictionary<long, int>();
        for (var step = 0; step < 5_000; step++)
        {
            switch (random.Next(4))
            {
                case 0:
                    var ask = Ask($"w{random.Next(6)}", 1 + random.Next(4), random.Next(2) == 0 ? [A] : [A, B]);
                    open.Add((ask, _offers.Open(ask)));
                    break;
                case 1 when _offers.Take(random.Next(2) == 0 ? A : B) is { } taken:
                    underWay.Add(taken);
                    decided[taken.Number] = decided.GetValueOrDefault(taken.Number) + 1;
                    break;
                case 2 when underWay.Count > 0:
                    var at = random.Next(underWay.Count);
                    _offers.Started(underWay[at], Job(underWay[at]));
                    underWay.RemoveAt(at);
                    break;
                case 3 when open.Count > 0 && random.Next(3) == 0:
                    var withdrawn = open[random.Next(open.Count)].Ask;
                    _offers.Withdraw(withdrawn.Lease.Worker, withdrawn.Number);
                    break;
            }
        }

        underWay.ForEach(ask => _offers.Started(ask, Job(ask)));
        open.ForEach(asked => _offers.Withdraw(asked.Ask.Lease.Worker, asked.Ask.Number));
        foreach (var (ask, answer) in open)
        {
            var given = (await answer).Count;
            Assert.Equal(decided.GetValueOrDefault(ask.Number), given);
            Assert.True(given <= ask.Count);
        }
    }
}
