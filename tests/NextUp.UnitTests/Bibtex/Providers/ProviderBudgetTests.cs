using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Providers;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Providers;

public sealed class ProviderBudgetTests
{
    static readonly UserId Ada = UserId.Account("ada");
    static readonly UserId Bob = UserId.Account("bob");
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly HandClock _clock = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_user_with_a_thousand_requests_delays_another_users_one_by_one_turn()
    {
        using var budget = Budget(requests: 5, concurrency: 5);
        var adas = Enumerable.Range(0, 1_000).Select(_ => budget.WaitForTurnAsync(Ada, Cancel)).ToList();
        Assert.Equal(5, FinishDealt(adas));
        var bobs = budget.WaitForTurnAsync(Bob, Cancel);

        _clock.Advance(Second + TimeSpan.FromMilliseconds(2));

        Assert.True(bobs.IsCompletedSuccessfully);
        Assert.Equal(4, adas.Count(turn => turn.IsCompleted));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_user_who_waits_is_passed_twice_by_another_in_any_random_run(int seed)
    {
        var random = new Random(seed);
        var turns = new UserTurns<(UserId User, int Number)>();
        var passes = new Dictionary<(UserId, UserId), int>();
        var waiting = new Dictionary<UserId, Queue<(int Number, LinkedListNode<(UserId, int)> Node)>>();
        for (var step = 0; step < 10_000; step++)
        {
            var user = UserId.Account($"user-{random.Next(20)}");
            var lane = waiting.TryGetValue(user, out var known) ? known : waiting[user] = new();
            switch (random.Next(5))
            {
                case <= 1:
                    lane.Enqueue((step, turns.Enqueue(user, (user, step))));
                    break;
                case 2 when lane.Count > 0:
                    turns.Remove(user, lane.Dequeue().Node);
                    if (lane.Count == 0)
                        Forget(user);
                    break;
                case > 2 when turns.TryDequeue(out var dealt):
                    Assert.Equal(waiting[dealt.User].Dequeue().Number, dealt.Number);
                    Forget(dealt.User);
                    foreach (var other in waiting.Where(pair => pair.Value.Count > 0 && pair.Key != dealt.User))
                    {
                        var pair = (dealt.User, other.Key);
                        var times = passes[pair] = passes.GetValueOrDefault(pair) + 1;
                        Assert.True(times <= 1, $"{dealt.User} passed {other.Key} twice: seed {seed}, step {step}");
                    }

                    break;
            }

            Assert.Equal(waiting.Values.Sum(queue => queue.Count), turns.Count);
        }

        // Once dealt to, or gone, a user's wait begins anew, and so does what others may pass.
        void Forget(UserId user)
        {
            foreach (var pair in passes.Keys.Where(pair => pair.Item2 == user).ToList())
                passes.Remove(pair);
        }
    }

    [Theory]
    [InlineData(1, 5, 1_000)]
    [InlineData(2, 10, 1_000)]
    [InlineData(3, 1, 3_000)]
    [InlineData(4, 50, 300_000)]
    public void Within_any_interval_no_more_start_than_announced(int seed, int requests, int intervalMilliseconds)
    {
        var random = new Random(seed);
        var interval = TimeSpan.FromMilliseconds(intervalMilliseconds);
        var step = interval / 200; // A start is seen at the end of the step in which it was dealt.
        using var budget = new ProviderBudget("test", new(requests, interval, 64, null), null, _clock);
        var starts = new List<DateTimeOffset>();
        var waiting = new List<Task<ProviderTurn>>();
        for (var i = 0; i < 4_000; i++)
        {
            if (waiting.Count < 100 && random.Next(8) == 0)
                waiting.AddRange(Enumerable.Range(0, random.Next(requests)).Append(0).Select(
                    _ => budget.WaitForTurnAsync(UserId.Account($"{random.Next(5)}"), Cancel)));
            _clock.Advance(step);
            starts.AddRange(Enumerable.Repeat(_clock.GetUtcNow(), FinishDealt(waiting)));
        }

        Assert.True(starts.Count > requests * 8, "the run was too short to say anything");
        for (var i = requests; i < starts.Count; i++)
            Assert.True(starts[i] - starts[i - requests] >= interval - step, $"seed {seed}, start {i}");
    }

    [Fact]
    public async Task No_more_run_at_once_than_announced()
    {
        using var budget = Budget(requests: 100, concurrency: 3);
        var turns = Enumerable.Range(0, 5).Select(_ => budget.WaitForTurnAsync(Ada, Cancel)).ToList();

        Assert.Equal(3, turns.Count(turn => turn.IsCompleted));
        (await turns[0]).Dispose();
        (await turns[0]).Dispose(); // A second time changes nothing.
        Assert.Equal(4, turns.Count(turn => turn.IsCompleted));
    }

    [Fact]
    public void What_an_answer_announces_holds_from_then_on()
    {
        using var budget = Budget(requests: 1, concurrency: 1);
        var turns = Enumerable.Range(0, 20).Select(_ => budget.WaitForTurnAsync(Ada, Cancel)).ToList();
        Assert.Equal(1, turns.Count(turn => turn.IsCompleted));

        budget.Learn(new(10, Second, 20, null));

        Assert.Equal(10, turns.Count(turn => turn.IsCompleted));
    }

    [Fact]
    public void The_operators_own_cap_holds_under_a_generous_announcement()
    {
        using var budget = new ProviderBudget("test", new(100, Second, 64, null), 2, _clock);
        var turns = Enumerable.Range(0, 5).Select(_ => budget.WaitForTurnAsync(Ada, Cancel)).ToList();

        Assert.Equal(1, turns.Count(turn => turn.IsCompleted));
        _clock.Advance(TimeSpan.FromSeconds(0.502));
        Assert.Equal(2, turns.Count(turn => turn.IsCompleted));
    }

    [Fact]
    public void A_pause_is_waited_for_and_never_shortened_by_a_later_one()
    {
        using var budget = Budget(requests: 5, concurrency: 5);
        budget.PauseFor(TimeSpan.FromSeconds(10));
        budget.PauseFor(Second);
        var turn = budget.WaitForTurnAsync(Ada, Cancel);

        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(turn.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(turn.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_pause_over_the_limit_of_patience_is_an_answer_to_all_who_wait_and_all_who_come()
    {
        using var budget = Budget(requests: 1, concurrency: 1);
        _ = budget.WaitForTurnAsync(Ada, Cancel);
        var waits = budget.WaitForTurnAsync(Ada, Cancel);

        budget.PauseFor(ProviderBudget.PatienceMax);
        Assert.False(waits.IsCompleted);
        budget.PauseFor(ProviderBudget.PatienceMax + Second);

        var error = await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => waits);
        Assert.Equal("test: asks not to be asked for another 61 seconds", error.Message);
        Assert.Equal(TimeSpan.FromSeconds(61), error.RetryAfter);
        await Assert.ThrowsAsync<WorkProviderUnavailableException>(() => budget.WaitForTurnAsync(Bob, Cancel));
    }

    [Fact]
    public async Task One_that_gives_up_waiting_takes_nobodys_turn()
    {
        using var budget = Budget(requests: 100, concurrency: 1);
        var first = await budget.WaitForTurnAsync(Ada, Cancel);
        using var cancel = new CancellationTokenSource();
        var gone = budget.WaitForTurnAsync(Ada, cancel.Token);
        var next = budget.WaitForTurnAsync(Bob, Cancel);

        await cancel.CancelAsync();
        Assert.Equal(1, budget.Condition.Waiting);
        first.Dispose();

        Assert.True(gone.IsCanceled);
        Assert.True(next.IsCompletedSuccessfully);
        Assert.Equal(0, budget.Condition.Waiting);
    }

    [Fact]
    public async Task One_more_than_may_wait_is_told_so()
    {
        using var budget = Budget(requests: 1, concurrency: 1);
        for (var i = 0; i <= ProviderBudget.WaitersMax; i++) // One is dealt at once.
            _ = budget.WaitForTurnAsync(Ada, Cancel);
        Assert.Equal(ProviderBudget.WaitersMax, budget.Condition.Waiting);

        var error = await Assert.ThrowsAsync<WorkProviderUnavailableException>(() =>
            budget.WaitForTurnAsync(Bob, Cancel));

        Assert.Equal("test: 20000 requests wait for it already", error.Message);
    }

    ProviderBudget Budget(int requests, int concurrency) =>
        new("test", new(requests, Second, concurrency, null), null, _clock);

    /// <summary>Gives back all turns that were dealt, and those that are dealt because of it.</summary>
    static int FinishDealt(List<Task<ProviderTurn>> turns)
    {
        var finished = 0;
        while (turns.FindAll(turn => turn.IsCompletedSuccessfully) is { Count: > 0 } dealt)
        {
            finished += turns.RemoveAll(dealt.Contains);
            dealt.ForEach(turn => turn.Result.Dispose());
        }

        return finished;
    }
}
