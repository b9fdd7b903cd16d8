using NextUp.Actors.Jobs;
using NextUp.Actors.Notices;
using NextUp.Actors.Store;

namespace NextUp.StorageTests.Conformance;

/// <summary>What every outbox must do, rule by rule, beside the jobs that it tells of.</summary>
public abstract partial class NoticeStoreConformance : IAsyncLifetime
{
    const int PerUserMax = 3;
    const int TotalMax = 5;

    int targets;

    StoreSteps Steps { get; set; } = null!;

    INoticeStore Notices { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        (var jobs, Notices) = await OpenAsync();
        Steps = new StoreSteps(jobs);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens an empty store, and the outbox in it.</summary>
    protected abstract ValueTask<(IJobStore Jobs, INoticeStore Notices)> OpenAsync();

    protected abstract ValueTask CloseAsync();

    [Fact]
    public async Task A_subscription_is_found_as_it_was_given_by_its_user_alone()
    {
        var given = New("ann") with { Label = "my \"bot\" 📚", FormerSecret = "old", FormerSecretUntil = Steps.Now };
        await SubscribeAsync(given);

        Assert.Equal(given, await Notices.FindAsync(given.Id));
        Assert.Equal(given, await Notices.FindAsync(given.User, given.Id));
        Assert.Equal([given], await Notices.SubscriptionsAsync(given.User));
        Assert.Null(await Notices.FindAsync(StoreSteps.User("bob"), given.Id));
        Assert.Empty(await Notices.SubscriptionsAsync(StoreSteps.User("bob")));
    }

    [Fact]
    public async Task A_user_has_no_more_subscriptions_than_allowed_and_none_twice()
    {
        var first = await SubscribedAsync("ann");
        await ConflictAsync(new NoticeChange.Subscribe(
            first with { Id = SubscriptionId.New(Steps.Tick()) }, PerUserMax, TotalMax));
        await SubscribedAsync("ann");
        await SubscribedAsync("ann");

        await ConflictAsync(new NoticeChange.Subscribe(New("ann"), PerUserMax, TotalMax));
        await SubscribeAsync(first with { Id = SubscriptionId.New(Steps.Tick()), User = StoreSteps.User("bob") });
        await SubscribedAsync("bob");
        await ConflictAsync(new NoticeChange.Subscribe(New("cleo"), PerUserMax, TotalMax));

        await CommitAsync(new NoticeChange.Unsubscribe(first.User, first.Id));
        await SubscribedAsync("cleo");
    }

    [Fact]
    public async Task Each_wanted_event_becomes_one_notice_with_the_job_as_it_was()
    {
        var all = await SubscribedAsync("ann", NoticeEvents.All);
        var ends = await SubscribedAsync("ann", NoticeEvents.Ends);
        await SubscribedAsync("bob", NoticeEvents.All);

        var job = await Steps.FinishedAsync("ann");

        var told = await TypesAsync(all);
        Assert.Equal([NoticeType.Completed, NoticeType.Started, NoticeType.Queued], told);
        var completed = Assert.Single(await DeliveriesAsync(ends)).Notice;
        Assert.Equal(NoticeType.Completed, completed.Type);
        Assert.Equal(
            new NoticeJob(job.Sequence, job.Id, job.Kind, job.FileName, 1, null, job.Summary), completed.Job);
        Assert.Equal(job.EndedAt, completed.At);
        Assert.Empty(await Notices.DeliveriesAsync(StoreSteps.User("bob"), all.Id, null, 10));
    }

    [Theory]
    [InlineData(SubscriptionState.Unconfirmed)]
    [InlineData(SubscriptionState.Paused)]
    [InlineData(SubscriptionState.Disabled)]
    public async Task A_subscription_that_is_not_active_gets_nothing(SubscriptionState state)
    {
        var subscription = New("ann") with { State = state };
        await SubscribeAsync(subscription);
        await Steps.FinishedAsync("ann");
        Assert.Empty(await DeliveriesAsync(subscription));

        await CommitAsync(new NoticeChange.Amend(
            subscription.User, subscription.Id, State: SubscriptionState.Active, From: state));
        await Steps.FinishedAsync("ann");
        Assert.NotEmpty(await DeliveriesAsync(subscription));
    }

    [Fact]
    public async Task A_write_that_is_refused_leaves_no_notice()
    {
        var subscription = await SubscribedAsync("ann", NoticeEvents.All);
        var job = await Steps.RunningAsync("ann");
        var before = (await DeliveriesAsync(subscription)).Count;

        // The end fits and would be told; the start behind it does not fit, so nothing of the write is stored.
        await Steps.ConflictAsync(Steps.End(job), Steps.Start(job));

        Assert.Equal(before, (await DeliveriesAsync(subscription)).Count);
        await Steps.CommitAsync(Steps.End(job));
        Assert.Equal(before + 1, (await DeliveriesAsync(subscription)).Count);
    }

    [Fact]
    public async Task A_refused_write_takes_its_subscription_with_it()
    {
        var subscription = New("ann");
        await Steps.ConflictAsync(
            new Change.Notify(new NoticeChange.Subscribe(subscription, PerUserMax, TotalMax)),
            new Change.Delete(new JobSequence(99)));

        await Steps.FinishedAsync("ann");
        Assert.Null(await Notices.FindAsync(subscription.Id));
        await SubscribeAsync(subscription);
    }

    [Fact]
    public async Task Those_who_have_something_new_to_deliver_are_named_after_the_commit()
    {
        var subscription = await SubscribedAsync("ann");
        await SubscribedAsync("bob");
        var named = new List<SubscriptionId>();
        Notices.Noticed += named.AddRange;

        await Steps.FinishedAsync("ann");

        Assert.Equal([subscription.Id], named.Distinct());
    }

    [Fact]
    public async Task The_oldest_that_is_due_is_next()
    {
        var subscription = await SubscribedAsync("ann", NoticeEvents.All);
        Assert.IsType<NoticeNext.Nothing>(await NextAsync(subscription));
        await Steps.RunningAsync("ann");

        var due = Assert.IsType<NoticeNext.Due>(await NextAsync(subscription));

        Assert.Equal((NoticeType.Queued, 1), (due.Notice.Type, due.AttemptNumber));
        Assert.Equal([subscription.Id], await Notices.WaitingAsync());
        Assert.Equal(2, await Notices.CountWaitingAsync(subscription.Id, 10));
        Assert.Equal(1, await Notices.CountWaitingAsync(subscription.Id, 1));
    }

    [Fact]
    public async Task One_that_holds_keeps_the_later_ones_behind_it_and_one_that_does_not_lets_them_pass()
    {
        var subscription = await SubscribedAsync("ann", NoticeEvents.All);
        await Steps.RunningAsync("ann");
        var first = await DueAsync(subscription);
        var retryAt = Steps.Now.AddHours(1);

        await AttemptAsync(first, NoticeState.Waiting, retryAt, holds: true);
        Assert.Equal(new NoticeNext.Later(retryAt), await NextAsync(subscription));
        Assert.Equal(2, (await DueAsync(subscription, retryAt)).AttemptNumber);

        await AttemptAsync(await DueAsync(subscription, retryAt), NoticeState.Waiting, retryAt.AddHours(1), holds: false);
        Assert.Equal(NoticeType.Started, (await DueAsync(subscription)).Notice.Type);
    }

    [Fact]
    public async Task What_somebody_asked_for_does_not_wait_behind_a_receiver_that_is_away()
    {
        var subscription = await SubscribedAsync("ann", NoticeEvents.All);
        await Steps.RunningAsync("ann");
        await AttemptAsync(await DueAsync(subscription), NoticeState.Waiting, Steps.Now.AddHours(1), holds: true);
        var trial = new Notice
        {
            Id = NoticeId.New(Steps.Now), Subscription = subscription.Id, Type = NoticeType.Test, At = Steps.Now,
            DueAt = Steps.Now, Since = Steps.Now,
        };

        await CommitAsync(new NoticeChange.Put(trial));

        Assert.Equal(trial, (await DueAsync(subscription)).Notice);
    }

    [Fact]
    public async Task An_attempt_is_noted_once_and_says_what_became_of_it()
    {
        var subscription = await SubscribedAsync("ann");
        await Steps.FinishedAsync("ann");
        var due = await DueAsync(subscription);
        var failed = await AttemptAsync(due, NoticeState.Waiting, Steps.Tick(), holds: true, status: 503);
        await ConflictAsync(failed);
        Assert.Equal(failed.Attempt.At, (await Notices.FindAsync(subscription.Id))!.FailingSince);

        var delivered = await AttemptAsync(await DueAsync(subscription), NoticeState.Delivered, Steps.Now, holds: false);

        var delivery = Assert.Single(await DeliveriesAsync(subscription));
        Assert.Equal(NoticeState.Delivered, delivery.Notice.State);
        Assert.Equal([failed.Attempt, delivered.Attempt], delivery.Attempts);
        var now = (await Notices.FindAsync(subscription.Id))!;
        Assert.Equal((delivered.Attempt.At, null), (now.DeliveredAt, now.FailingSince));
        Assert.Empty(await Notices.WaitingAsync());
    }

    [Fact]
    public async Task Giving_up_may_disable_the_subscription_until_its_user_activates_it()
    {
        var subscription = await SubscribedAsync("ann");
        await Steps.FinishedAsync("ann");
        await Steps.FinishedAsync("ann");
        var due = await DueAsync(subscription);
        await AttemptAsync(due, NoticeState.GivenUp, Steps.Now, holds: false, disable: "Gone.");

        var now = (await Notices.FindAsync(subscription.Id))!;
        Assert.Equal((SubscriptionState.Disabled, "Gone."), (now.State, now.Reason));
        Assert.IsType<NoticeNext.Nothing>(await NextAsync(subscription));
        await Steps.FinishedAsync("ann");
        Assert.Equal(2, (await DeliveriesAsync(subscription)).Count);

        await CommitAsync(new NoticeChange.Amend(
            subscription.User, subscription.Id, State: SubscriptionState.Active));
        now = (await Notices.FindAsync(subscription.Id))!;
        Assert.Equal((SubscriptionState.Active, null, null), (now.State, now.Reason, now.FailingSince));
        Assert.NotEqual(due.Notice.Id, (await DueAsync(subscription)).Notice.Id);
    }

    [Fact]
    public async Task A_replay_sends_the_same_notice_again_and_goes_on_counting()
    {
        var subscription = await SubscribedAsync("ann");
        await Steps.FinishedAsync("ann");
        var due = await DueAsync(subscription);
        await ConflictAsync(new NoticeChange.Replay(subscription.User, due.Notice.Id, Steps.Now));
        await AttemptAsync(due, NoticeState.Delivered, Steps.Now, holds: false);

        await ConflictAsync(new NoticeChange.Replay(StoreSteps.User("bob"), due.Notice.Id, Steps.Now));
        await CommitAsync(new NoticeChange.Replay(subscription.User, due.Notice.Id, Steps.Tick()));

        var again = await DueAsync(subscription);
        Assert.Equal((due.Notice.Id, 0, 2), (again.Notice.Id, again.Notice.Attempts, again.AttemptNumber));
    }

    [Fact]
    public async Task Deleting_a_job_or_a_subscription_stops_what_was_to_be_told()
    {
        var subscription = await SubscribedAsync("ann", NoticeEvents.All);
        var job = await Steps.FinishedAsync("ann");
        await AttemptAsync(await DueAsync(subscription), NoticeState.Waiting, Steps.Now, holds: true);
        await Steps.CommitAsync(new Change.Delete(job.Sequence));
        Assert.Empty(await DeliveriesAsync(subscription));

        await Steps.FinishedAsync("ann");
        await ConflictAsync(new NoticeChange.Unsubscribe(StoreSteps.User("bob"), subscription.Id));
        await CommitAsync(new NoticeChange.Unsubscribe(subscription.User, subscription.Id));
        Assert.Empty(await Notices.WaitingAsync());
        Assert.IsType<NoticeNext.Nothing>(await NextAsync(subscription));
        await Steps.FinishedAsync("ann");
        await ConflictAsync(new NoticeChange.Unsubscribe(subscription.User, subscription.Id));
    }

    [Fact]
    public async Task Amending_changes_what_is_named_and_nothing_else_and_only_for_the_user()
    {
        var subscription = await SubscribedAsync("ann");
        var secrets = new NoticeSecrets("new", "old", Steps.Now);
        await ConflictAsync(new NoticeChange.Amend(StoreSteps.User("bob"), subscription.Id, Label: "mine"));
        await CommitAsync(new NoticeChange.Amend(subscription.User, subscription.Id, Label: "mine"));
        await CommitAsync(new NoticeChange.Amend(subscription.User, subscription.Id, Events: NoticeEvents.Started));
        await CommitAsync(new NoticeChange.Amend(subscription.User, subscription.Id, Secrets: secrets));

        Assert.Equal(
            subscription with
            {
                Label = "mine", Events = NoticeEvents.Started, Secret = "new", FormerSecret = "old",
                FormerSecretUntil = Steps.Now,
            },
            await Notices.FindAsync(subscription.Id));
        await ConflictAsync(new NoticeChange.Amend(
            subscription.User, subscription.Id, Label: "x", From: SubscriptionState.Paused));
        await CommitAsync(new NoticeChange.Amend(subscription.User, subscription.Id, Label: ""));
        Assert.Null((await Notices.FindAsync(subscription.Id))!.Label);
    }

    [Fact]
    public async Task Deliveries_page_from_the_newest_on_and_old_ones_go_when_they_are_over()
    {
        var subscription = await SubscribedAsync("ann", NoticeEvents.All);
        for (var i = 0; i < 3; i++)
            await Steps.FinishedAsync("ann");
        var all = await DeliveriesAsync(subscription);
        var pages = new List<NoticeDelivery>();
        for (NoticeId? last = null; ; last = pages[^1].Notice.Id)
        {
            var page = await Notices.DeliveriesAsync(subscription.User, subscription.Id, last, 2);
            if (page.Count == 0)
                break;
            pages.AddRange(page);
        }

        Assert.Equal(9, all.Count);
        Assert.Equal(all.Select(one => one.Notice), pages.Select(one => one.Notice));

        for (var i = 0; i < 4; i++)
            await AttemptAsync(await DueAsync(subscription), NoticeState.Delivered, Steps.Now, holds: false);
        await CommitAsync(new NoticeChange.Prune(all[^3].Notice.At, 10));
        Assert.Equal(7, (await DeliveriesAsync(subscription)).Count);
        await CommitAsync(new NoticeChange.Prune(Steps.Now.AddDays(1), 1));
        Assert.Equal(6, (await DeliveriesAsync(subscription)).Count);
        await CommitAsync(new NoticeChange.Prune(Steps.Now.AddDays(1), 10));
        Assert.Equal(5, (await DeliveriesAsync(subscription)).Count);
    }

    NoticeSubscription New(string user) => new()
    {
        Id = SubscriptionId.New(Steps.Tick()),
        User = StoreSteps.User(user),
        Channel = NoticeChannel.Webhook,
        Target = $"https://example.org/{++targets}",
        Events = NoticeEvents.Ends,
        State = SubscriptionState.Active,
        Secret = "whsec_AAAA",
        CreatedAt = Steps.Now,
    };

    async Task<NoticeSubscription> SubscribedAsync(string user, NoticeEvents events = NoticeEvents.Ends)
    {
        var subscription = New(user) with { Events = events };
        await SubscribeAsync(subscription);
        return subscription;
    }

    Task SubscribeAsync(NoticeSubscription subscription) =>
        CommitAsync(new NoticeChange.Subscribe(subscription, PerUserMax, TotalMax));

    async Task CommitAsync(NoticeChange change) =>
        Assert.IsType<CommitAnswer.Committed>(await Notices.CommitAsync(change));

    async Task ConflictAsync(NoticeChange change) =>
        Assert.IsType<CommitAnswer.Conflict>(await Notices.CommitAsync(change));

    Task<IReadOnlyList<NoticeDelivery>> DeliveriesAsync(NoticeSubscription subscription) =>
        Notices.DeliveriesAsync(subscription.User, subscription.Id, null, 100);

    async Task<IEnumerable<NoticeType>> TypesAsync(NoticeSubscription subscription) =>
        (await DeliveriesAsync(subscription)).Select(one => one.Notice.Type);

    Task<NoticeNext> NextAsync(NoticeSubscription subscription) => Notices.NextAsync(subscription.Id, Steps.Now);

    async Task<NoticeNext.Due> DueAsync(NoticeSubscription subscription, DateTimeOffset? now = null) =>
        Assert.IsType<NoticeNext.Due>(await Notices.NextAsync(subscription.Id, now ?? Steps.Now));

    async Task<NoticeChange.Attempted> AttemptAsync(
        NoticeNext.Due due, NoticeState to, DateTimeOffset dueAt, bool holds, int? status = 200, string? disable = null)
    {
        var attempt = new NoticeAttempt(
            due.AttemptNumber, Steps.Now, status, "ok", TimeSpan.FromMilliseconds(12));
        var change = new NoticeChange.Attempted(
            due.Notice.Id, due.Notice.Attempts, attempt, to, dueAt, holds, disable);
        await CommitAsync(change);
        return change;
    }
}
