using System.Collections.Concurrent;
using NextUp.Actors.Jobs;
using NextUp.Actors.Notices;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Server.Notices;
using NextUp.Server.Notices.Delivery;
using NextUp.Server.Settings;
using NextUp.Storage.Sql;
using NextUp.Storage.Sqlite;
using NextUp.UnitTests.Bibtex.Providers;

namespace NextUp.UnitTests.Notices;

/// <summary>The outbox is emptied by a sender that the test scripts; waits of days cost no time.</summary>
public sealed class CouriersTests : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly HandClock _clock = new(jumpMax: TimeSpan.FromDays(2));
    readonly SqliteStore _store = SqliteStore.OpenInMemory();
    readonly ScriptedSender _sender = new();
    readonly List<Couriers> _couriers = [];
    int _subscriptions;
    long _sequence;

    public async ValueTask DisposeAsync()
    {
        foreach (var couriers in _couriers)
            await couriers.DisposeAsync();
        _store.Dispose();
    }

    [Fact]
    public async Task What_happens_is_told_once_and_in_order()
    {
        var ann = await SubscribeAsync("ann");
        await StartAsync();

        await FinishAsync("ann");
        await FinishAsync("ann");
        await SettledAsync(ann);

        NoticeType[] life = [NoticeType.Queued, NoticeType.Started, NoticeType.Completed];
        Assert.Equal([.. life, .. life], _sender.To(ann).Select(sent => sent.Type));
        Assert.Equal(6, _sender.To(ann).Select(sent => sent.Id).Distinct().Count());
    }

    [Fact]
    public async Task While_a_receiver_is_away_the_order_is_kept_and_every_retry_has_the_same_id()
    {
        var ann = await SubscribeAsync("ann");
        var failures = 4;
        _sender.Answer = _ => Interlocked.Decrement(ref failures) >= 0
            ? new SendOutcome.Away(503, "busy") : new SendOutcome.Delivered(204, "");
        await FinishAsync("ann");

        await StartAsync();
        await SettledAsync(ann);

        Assert.Equal(
            [NoticeType.Queued, NoticeType.Queued, NoticeType.Queued, NoticeType.Queued, NoticeType.Queued,
                NoticeType.Started, NoticeType.Completed],
            _sender.To(ann).Select(sent => sent.Type));
        Assert.Equal(3, _sender.To(ann).Select(sent => sent.Id).Distinct().Count());
        var first = (await _store.Notices.DeliveriesAsync(ann.User, ann.Id, null, 10))[^1];
        Assert.Equal([503, 503, 503, 503, 204], first.Attempts.Select(attempt => attempt.Status ?? 0));
        Assert.InRange(_clock.Jumped, TimeSpan.FromHours(2), TimeSpan.FromHours(4));
    }

    [Fact]
    public async Task One_notice_that_is_refused_does_not_keep_back_the_others()
    {
        var ann = await SubscribeAsync("ann");
        _sender.Answer = notice => notice.Type == NoticeType.Started
            ? new SendOutcome.Refused(400, "no") : new SendOutcome.Delivered(204, "");
        await FinishAsync("ann");

        await StartAsync();
        await SettledAsync(ann);

        Assert.Equal(
            [NoticeType.Queued, NoticeType.Started, NoticeType.Completed],
            _sender.To(ann).Take(3).Select(sent => sent.Type));
        Assert.Equal(10, _sender.To(ann).Count(sent => sent.Type == NoticeType.Started));
        Assert.Equal(SubscriptionState.Disabled, (await _store.Notices.FindAsync(ann.Id))!.State);
    }

    [Fact]
    public async Task While_the_store_cannot_note_a_delivery_it_is_not_made_again()
    {
        var ann = await SubscribeAsync("ann");
        var failures = 3;
        await FinishAsync("ann");
        _store.Database.AtCommit = moment =>
        {
            if (moment == CommitMoment.Before && Interlocked.Decrement(ref failures) >= 0)
                throw new StoreFailedException("The disk is full.", isUncertain: false);
        };

        await StartAsync(_ => { });
        await SettledAsync(ann);

        Assert.Equal(3, _sender.To(ann).Count);
        Assert.True(failures < 0);
    }

    [Fact]
    public async Task A_notice_that_cannot_be_made_does_not_stand_in_the_way_of_the_others()
    {
        var ann = await SubscribeAsync("ann");
        _sender.Answer = notice => notice.Type == NoticeType.Queued
            ? throw new InvalidOperationException("A fault of ours.") : new SendOutcome.Delivered(204, "");
        await FinishAsync("ann");

        await StartAsync(_ => { });
        await SettledAsync(ann);

        Assert.Equal(
            [NoticeType.Queued, NoticeType.Started, NoticeType.Completed],
            _sender.To(ann).Take(3).Select(sent => sent.Type));
    }

    [Fact]
    public void An_allowance_has_an_end_and_begins_anew()
    {
        var allowance = new Allowance(_clock, TimeSpan.FromMinutes(1));
        Assert.True(allowance.TryTake(("ann", 2), ("bob", 1)));
        Assert.False(allowance.TryTake(("ann", 2), ("bob", 1)));
        Assert.True(allowance.TryTake(("ann", 2)));
        Assert.False(allowance.TryTake(("ann", 2)));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(allowance.TryTake(("ann", 2)));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_gets_nothing_more()
    {
        var ann = await SubscribeAsync("ann");
        _sender.Answer = _ => new SendOutcome.Gone(410, "bye");
        await FinishAsync("ann");

        await StartAsync();
        await SettledAsync(ann);
        await FinishAsync("ann");

        Assert.Single(_sender.To(ann));
        var now = (await _store.Notices.FindAsync(ann.Id))!;
        Assert.Equal((SubscriptionState.Disabled, true), (now.State, now.Reason!.Contains("410", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_receiver_that_hangs_delays_nobody_else()
    {
        var (ann, bob) = (await SubscribeAsync("ann"), await SubscribeAsync("bob"));
        var never = new TaskCompletionSource();
        _sender.Wait = notice => notice.Subscription == ann.Id ? never.Task : Task.CompletedTask;
        await StartAsync();

        await FinishAsync("ann");
        await FinishAsync("bob");
        await SettledAsync(bob);

        Assert.Equal(3, _sender.To(bob).Count);
        Assert.True(await _store.Notices.CountWaitingAsync(ann.Id, 10) == 3);
    }

    [Fact]
    public async Task What_was_under_way_when_the_server_ended_is_sent_again_under_the_same_id()
    {
        var ann = await SubscribeAsync("ann");
        var never = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        _sender.Wait = _ =>
        {
            begun.TrySetResult();
            return never.Task;
        };
        await StartAsync();
        await FinishAsync("ann");
        await begun.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await _couriers[0].DisposeAsync();
        _couriers.Clear();
        _sender.Wait = _ => Task.CompletedTask;

        await StartAsync();
        await SettledAsync(ann);

        var sent = _sender.To(ann);
        Assert.Equal(
            [NoticeType.Queued, NoticeType.Queued, NoticeType.Started, NoticeType.Completed], sent.Select(one => one.Type));
        Assert.Equal(sent[0].Id, sent[1].Id);
    }

    [Fact]
    public async Task A_subscription_that_was_deleted_is_sent_nothing_more()
    {
        var ann = await SubscribeAsync("ann");
        var go = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        _sender.Wait = _ =>
        {
            begun.TrySetResult();
            return go.Task;
        };
        await StartAsync();
        await FinishAsync("ann");
        await begun.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        await _store.Notices.CommitAsync(new NoticeChange.Unsubscribe(ann.User, ann.Id));
        go.SetResult();
        await _couriers[0].DisposeAsync();
        _couriers.Clear();

        Assert.Single(_sender.To(ann));
    }

    [Fact]
    public async Task What_became_too_old_while_its_subscription_was_paused_is_given_up()
    {
        var ann = await SubscribeAsync("ann");
        await FinishAsync("ann");
        _clock.Advance(TimeSpan.FromHours(97));
        var bob = await SubscribeAsync("ann");

        await StartAsync();
        await SettledAsync(ann);
        await FinishAsync("ann");
        await SettledAsync(ann);

        Assert.Equal(3, _sender.To(ann).Count);
        Assert.Equal(3, _sender.To(bob).Count);
        Assert.Equal(SubscriptionState.Active, (await _store.Notices.FindAsync(ann.Id))!.State);
    }

    [Fact]
    public async Task Failing_receivers_have_turns_of_their_own_and_one_user_has_only_some()
    {
        using var gates = new DeliveryGates(atOnce: 4, perUserMax: 2);
        var stop = TestContext.Current.CancellationToken;
        UserId User(int number) => UserId.Account($"user-{number}");

        using var failing = await gates.EnterAsync(User(0), isFailing: true, stop);
        var secondFailing = gates.EnterAsync(User(1), isFailing: true, stop);
        var healthy = new List<IDisposable>();
        for (var i = 2; i < 5; i++)
            healthy.Add(await gates.EnterAsync(User(i), isFailing: false, stop));
        var fourth = gates.EnterAsync(User(5), isFailing: false, stop);
        Assert.False(secondFailing.IsCompleted || fourth.IsCompleted);
        healthy[0].Dispose();
        using var entered = await fourth;

        failing.Dispose();
        using var next = await secondFailing;
        healthy[1].Dispose();
        healthy[2].Dispose();
        using var first = await gates.EnterAsync(User(9), isFailing: false, stop);
        using var second = await gates.EnterAsync(User(9), isFailing: false, stop);
        var third = gates.EnterAsync(User(9), isFailing: false, stop);
        Assert.False(third.IsCompleted);
        first.Dispose();
        (await third).Dispose();
    }

    async Task StartAsync(Action<Exception>? tellFailed = null)
    {
        var couriers = new Couriers(
            _store.Notices, new Dictionary<NoticeChannel, INoticeSender> { [NoticeChannel.Webhook] = _sender },
            new DeliverySchedule(() => new NoticeSettings(), new Random(1)), new DeliveryGates(8, 4), _clock,
            (what, error) => (tellFailed ?? (fault => Assert.Fail($"{what}: {fault}")))(error));
        _couriers.Add(couriers);
        await couriers.StartAsync();
    }

    /// <summary>Waits until nothing of the subscription is to be delivered any more.</summary>
    async Task SettledAsync(NoticeSubscription subscription)
    {
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        while (await _store.Notices.NextAsync(subscription.Id, _clock.GetUtcNow()) is not NoticeNext.Nothing)
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    async Task<NoticeSubscription> SubscribeAsync(string user)
    {
        var subscription = SomeNotice.To($"https://example.org/{++_subscriptions}") with
        {
            Id = SubscriptionId.New(_clock.GetUtcNow()),
            User = UserId.Account(user),
            Events = NoticeEvents.All,
        };
        Assert.IsType<CommitAnswer.Committed>(
            await _store.Notices.CommitAsync(new NoticeChange.Subscribe(subscription, 10, 10)));
        return subscription;
    }

    async Task FinishAsync(string user)
    {
        var now = _clock.GetUtcNow();
        var job = new JobSequence(++_sequence);
        var record = new JobRecord
        {
            Sequence = job, Id = JobId.New(now), User = UserId.Account(user), Kind = new JobKind("bibtex"),
            State = JobState.Pending, AcceptedAt = now, LineKey = LineKey.Of(now, TimeSpan.Zero, job),
            FileName = "a.bib", FileSize = 1,
        };
        foreach (var change in (Change[])[
            new Change.Accept(record, null, []), new Change.Start(job, now, now.AddMinutes(10)),
            new Change.End(job, 1, JobState.Completed, now, null, null, [])])
            Assert.IsType<CommitAnswer.Committed>(await _store.CommitAsync(new StoreWrite([change])));
    }

    sealed class ScriptedSender : INoticeSender
    {
        readonly ConcurrentQueue<Notice> _sent = new();

        public Func<Notice, SendOutcome> Answer { get; set; } = _ => new SendOutcome.Delivered(204, "");

        public Func<Notice, Task> Wait { get; set; } = _ => Task.CompletedTask;

        public List<Notice> To(NoticeSubscription subscription) =>
            [.. _sent.Where(notice => notice.Subscription == subscription.Id)];

        public async Task<SendOutcome> SendAsync(
            NoticeSubscription subscription, Notice notice, CancellationToken cancellationToken)
        {
            _sent.Enqueue(notice);
            await Wait(notice).WaitAsync(cancellationToken);
            return Answer(notice);
        }
    }
}
