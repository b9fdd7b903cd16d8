using NextUp.Actors.Jobs;
using NextUp.Actors.Notices;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.HostTests.Policies.Load;

/// <summary>How large a load is, and how fast its clock goes.</summary>
sealed record LoadSize(int Jobs, int Users, int UnfinishedMax)
{
    /// <summary>Seconds of the load's clock in one second.</summary>
    public int Factor { get; init; } = 60;

    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(2);

    public int Seed { get; init; } = 1;

    /// <summary>What the host is told instead of a kind's rules, where the checks are to find something.</summary>
    public Func<KindPolicy, KindPolicy> Bend { get; init; } = policy => policy;
}

/// <summary>
/// Jobs of many users through all policies at once, on the real host and the real store in a folder, while operators
/// pause and resume, kinds are reloaded, workers vanish, visitors sign in and the server dies and comes back.
/// </summary>
sealed class PolicyLoad : IDisposable
{
    const int LooksMax = 60;
    const int WorkersCount = 6;
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    static readonly TimeSpan EndWithin = TimeSpan.FromHours(1);

    readonly LoadSize _size;
    readonly FastClock _clock;
    readonly Promises _promises;
    readonly Machine _machine;
    readonly Turnstile _gate = new();
    readonly CancellationTokenSource _over = new();
    readonly List<NoticeSubscription> _subscriptions = [];

    public PolicyLoad(LoadSize size, string folder)
    {
        _size = size;
        _clock = new(size.Factor);
        var rules = new Rules(size.Window);
        Ledger = new(rules, _clock);
        _promises = new(Ledger);
        _machine = new(folder, Ledger, _clock, generation => rules.Policies(generation).Select(size.Bend))
        {
            Opened = process => process.Store.Happened += _promises.See,
        };
    }

    public Ledger Ledger { get; }

    public async Task RunAsync()
    {
        await _machine.StartAsync();
        var accounts = Enumerable.Range(0, _size.Users * 4 / 5).Select(i => UserId.Account($"user-{i}")).ToList();
        await SubscribeAsync(accounts);
        var users = Users(accounts, new Random(_size.Seed)).Select(user => user.RunAsync(_size.Jobs, _size.UnfinishedMax)).ToList();
        List<ScriptedWorker> workers = [.. Enumerable.Range(0, WorkersCount).Select(i => new ScriptedWorker(_machine, Ledger, _clock, i))];
        var working = workers.Select(worker => worker.RunAsync(_over.Token)).ToList();
        using var submitting = new CancellationTokenSource();
        using var steering = new ScriptedOperator(_machine, Ledger, _clock, accounts, new Random(_size.Seed));
        var steered = steering.RunAsync(submitting.Token);
        await MilestonesAsync(steering);
        await Task.WhenAll(users);
        await submitting.CancelAsync();
        await steered;
        await UntilAsync(() => Ledger.Unfinished == 0);
        await _over.CancelAsync();
        await Task.WhenAll(working);
        var completed = workers.SelectMany(worker => worker.Completed);
        await new FinalLook(_machine.Process.Store, Ledger, _promises).RunAsync(completed, _subscriptions, _clock.GetUtcNow());
        await _machine.CloseAsync();
    }

    public void Dispose()
    {
        _machine.Dispose();
        _over.Dispose();
    }

    async Task MilestonesAsync(ScriptedOperator steering)
    {
        (int Percent, Func<Task> Then)[] milestones =
        [
            (15, () => ComparePositionsAsync(steering)), (25, _machine.ReloadAsync), (40, _machine.CrashAsync),
            (50, () => ComparePositionsAsync(steering)), (60, _machine.ReloadAsync), (70, _machine.RestartAsync),
            (80, _machine.CrashAsync), (90, () => ComparePositionsAsync(steering)),
        ];
        foreach (var (percent, then) in milestones)
        {
            await UntilAsync(() => Ledger.Accepted >= (long)_size.Jobs * percent / 100);
            await then();
        }
    }

    async Task UntilAsync(Func<bool> holds)
    {
        var late = _clock.GetUtcNow() + EndWithin;
        while (!holds() && _clock.GetUtcNow() < late)
            await Task.Delay(Look, _clock);
        Ledger.Rule(holds(), "what is to come comes in time", $"{Ledger.Accepted} accepted, {Ledger.Unfinished} unfinished");
    }

    IEnumerable<ScriptedUser> Users(List<UserId> accounts, Random random)
    {
        for (var i = 0; i < _size.Users; i++)
        {
            var own = new Random((_size.Seed * 100_003) + i);
            if (i < accounts.Count)
            {
                yield return new(_machine, Ledger, _promises, _clock, _gate, own, accounts[i]);
                continue;
            }

            // Most visitors sign in, into an account that somebody uses at the same time.
            var after = _size.Jobs / 10 * random.Next(1, 9);
            yield return new(_machine, Ledger, _promises, _clock, _gate, own, UserId.Visitor($"visitor-{i}"))
            {
                SignsIn = random.Next(4) == 0 ? null : (accounts[random.Next(accounts.Count)], after),
            };
        }
    }

    async Task SubscribeAsync(List<UserId> accounts)
    {
        for (var i = 0; i < accounts.Count; i += 8)
        {
            var subscription = new NoticeSubscription
            {
                Id = SubscriptionId.New(_clock.GetUtcNow()), User = accounts[i], Channel = NoticeChannel.Webhook,
                Target = "https://example.org/hook", Secret = "", CreatedAt = _clock.GetUtcNow(),
                State = SubscriptionState.Active, Events = i % 16 == 0 ? NoticeEvents.All : NoticeEvents.Ends,
            };
            await _machine.Process.Store.Notices.CommitAsync(new NoticeChange.Subscribe(subscription, 10, 10_000));
            _subscriptions.Add(subscription);
        }
    }

    /// <summary>While nobody submits and all is paused, each position that the queue tells is the true one.</summary>
    async Task ComparePositionsAsync(ScriptedOperator steering)
    {
        await _gate.CloseAsync();
        await steering.WhileStillAsync(async () =>
        {
            var everything = new PauseTarget.Everything();
            await steering.PauseAsync(everything);
            for (var look = 0; look < LooksMax; look++)
            {
                if (await TryCompareAsync())
                    break;
                await Task.Delay(Look, _clock);
            }

            await steering.ResumeAsync(everything);
        });
        _gate.Open();
    }

    async Task<bool> TryCompareAsync()
    {
        var still = Look * 2;
        var (version, late) = (Ledger.Version, _clock.GetUtcNow() + still);
        if (Ledger.Positions(still) is not { } expected)
            return false;
        var (isAnswered, told) = await _machine.AskAsync(
            process => process.Host.Queue.PlacesAsync([.. expected.Select(place => place.Ask)]).AsTask());
        if (!isAnswered || Ledger.Version != version || _clock.GetUtcNow() > late)
            return false;
        foreach (var ((ask, position), said) in expected.Zip(told!))
        {
            Ledger.Rule(
                said?.Position == position, "a position is the true one", $"{ask.Kind} {ask.Key}: {position}, not {said?.Position}");
        }

        Ledger.Count("positions compared", expected.Count);
        return true;
    }
}
