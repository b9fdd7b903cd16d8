using NextUp.Actors.Jobs;
using NextUp.Actors.Notices;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.StorageTests.Conformance;

/// <summary>A visitor signs in, and what tells them goes on telling them.</summary>
public abstract partial class NoticeStoreConformance
{
    static readonly UserId Visitor = UserId.Visitor("v");
    static readonly UserId Ann = StoreSteps.User("ann");

    [Fact]
    public async Task At_sign_in_subscriptions_move_with_the_jobs_and_what_waits_is_still_told()
    {
        var subscription = await VisitorsAsync();
        await FinishVisitorsJobAsync();
        var waiting = (await DueAsync(subscription)).Notice;

        await AdoptAsync(Ann);

        var moved = subscription with { User = Ann };
        Assert.Equal([moved], await Notices.SubscriptionsAsync(Ann));
        Assert.Empty(await Notices.SubscriptionsAsync(Visitor));
        Assert.Null(await Notices.FindAsync(Visitor, subscription.Id));
        Assert.Equal(waiting, (await DueAsync(moved)).Notice);

        await Steps.FinishedAsync("ann");
        Assert.Equal(2, (await DeliveriesAsync(moved)).Count);
    }

    [Fact]
    public async Task Numbers_that_begin_anew_at_the_account_hide_no_notice()
    {
        var subscription = await VisitorsAsync(NoticeEvents.All);
        for (var i = 0; i < 3; i++)
        {
            var job = await FinishVisitorsJobAsync();
            await Steps.CommitAsync(new Change.Delete(job.Sequence));
        }

        var kept = await FinishVisitorsJobAsync();
        await AdoptAsync(Ann);
        var told = await DeliveriesAsync(subscription with { User = Ann });
        Assert.All(told, one => Assert.Equal(kept.Id, one.Notice.Job!.Id));

        // The visitor was told of event 10 to 12 already; these are the account's 5 to 13.
        for (var i = 0; i < 3; i++)
            await Steps.FinishedAsync("ann");

        Assert.Equal(told.Count + 9, (await DeliveriesAsync(subscription with { User = Ann })).Count);
    }

    [Fact]
    public async Task What_is_beyond_the_accounts_limit_stays_behind_disabled_and_says_so()
    {
        var own = await SubscribedAsync("ann");
        var (first, second) = (await VisitorsAsync(), await VisitorsAsync());
        await FinishVisitorsJobAsync();

        await AdoptAsync(Ann, subscriptionsMax: 2);

        Assert.Equal([own, first with { User = Ann }], await Notices.SubscriptionsAsync(Ann));
        var left = Assert.Single(await Notices.SubscriptionsAsync(Visitor));
        Assert.Equal((second.Id, SubscriptionState.Disabled), (left.Id, left.State));
        Assert.Contains("2 ways of being told", left.Reason, StringComparison.Ordinal);
        Assert.Empty(await Notices.DeliveriesAsync(Visitor, second.Id, null, 10));
        Assert.Equal([first.Id], await Notices.WaitingAsync());
        Assert.IsType<NoticeNext.Nothing>(await NextAsync(left));
    }

    [Fact]
    public async Task Where_the_account_is_told_already_it_is_not_told_twice()
    {
        var own = await SubscribedAsync("ann");
        var same = New("ann") with { User = Visitor, Target = own.Target };
        await SubscribeAsync(same);

        await AdoptAsync(Ann);

        Assert.Equal([own], await Notices.SubscriptionsAsync(Ann));
        Assert.Contains("already", Assert.Single(await Notices.SubscriptionsAsync(Visitor)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_that_is_refused_moves_no_subscription()
    {
        var subscription = await VisitorsAsync();
        await AdoptAsync(Ann);
        var later = await VisitorsAsync();

        await Steps.ConflictAsync(new Change.Adopt(Visitor, StoreSteps.User("bob"), Steps.Tick(), []) { SubscriptionsMax = 10 });

        Assert.Equal([subscription.Id], (await Notices.SubscriptionsAsync(Ann)).Select(one => one.Id));
        Assert.Equal([later], await Notices.SubscriptionsAsync(Visitor));
        Assert.Empty(await Notices.SubscriptionsAsync(StoreSteps.User("bob")));
    }

    async Task<NoticeSubscription> VisitorsAsync(NoticeEvents events = NoticeEvents.Ends)
    {
        var subscription = New("ann") with { User = Visitor, Events = events };
        await SubscribeAsync(subscription);
        return subscription;
    }

    async Task<JobRecord> FinishVisitorsJobAsync()
    {
        var job = Steps.NewJob("v") with { User = Visitor };
        await Steps.CommitAsync(new Change.Accept(job, null, []));
        await Steps.StartAsync(job);
        await Steps.CommitAsync(Steps.End(job));
        return job;
    }

    Task<CommitAnswer.Committed> AdoptAsync(UserId account, int subscriptionsMax = 10) => Steps.CommitAsync(
        new Change.Adopt(Visitor, account, Steps.Tick(), []) { SubscriptionsMax = subscriptionsMax });
}
