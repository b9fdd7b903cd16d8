using NextUp.Actors.Jobs;
using NextUp.Actors.Notices;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>
/// The outbox inside the running transaction: a notice for each subscription that wants an event, beside the change
/// that the event is of; and the changes of subscriptions and deliveries. Each method of a change answers null, or why
/// it does not fit.
/// </summary>
sealed partial class NoticeWriter(SqlConnection connection, UserLedger users)
{
    readonly NoticeBook book = new(connection);

    /// <summary>Subscriptions that got something to deliver in this transaction; a rollback may leave some too many.</summary>
    public List<SubscriptionId> Noticed { get; } = [];

    public void Begin()
    {
        book.Begin();
        Noticed.Clear();
    }

    public void Forget() => book.Forget();

    /// <summary>Notes the event for those who want it.</summary>
    /// <param name="job">As it is after the event.</param>
    public void Record(long user, JobRecord job, JobEvent happened)
    {
        foreach (var subscriber in book.Of(user))
        {
            if (((int)subscriber.Events & (1 << (int)happened.Type)) == 0)
                continue;

            Insert(subscriber.Key, new Notice
            {
                Id = NoticeId.Of(subscriber.Id, happened.User, happened.Number),
                Subscription = subscriber.Id,
                Type = (NoticeType)happened.Type,
                At = happened.At,
                DueAt = happened.At,
                Since = happened.At,
                Job = new NoticeJob(
                    job.Sequence, job.Id, job.Kind, job.FileName, happened.Attempt, happened.Reason,
                    happened.Type == JobEventType.Completed ? job.Summary : null),
            });
        }
    }

    /// <summary>A job is deleted: nothing of it is told any more, and nothing of it is kept.</summary>
    public void Drop(long user, JobSequence job)
    {
        if (book.Of(user).IsEmpty)
            return;

        deleteAttemptsOfJob.With(job.Value).Later();
        deleteOfJob.With(job.Value).Later();
    }

    public string? Apply(NoticeChange change) => change switch
    {
        NoticeChange.Subscribe subscribe => Subscribe(subscribe),
        NoticeChange.Amend amend => Amend(amend),
        NoticeChange.Unsubscribe unsubscribe => Unsubscribe(unsubscribe),
        NoticeChange.Put put => Put(put),
        NoticeChange.Attempted attempted => Attempted(attempted),
        NoticeChange.Replay replay => Replay(replay),
        NoticeChange.Prune prune => Prune(prune),
        _ => throw new ArgumentException($"The store does not know the change {change.GetType().Name}."),
    };

    string? Subscribe(NoticeChange.Subscribe subscribe)
    {
        var subscription = subscribe.Subscription;
        var user = users.Enter(subscription.User).Key;
        if (book.Of(user).Length >= subscribe.PerUserMax)
            return $"The user has {subscribe.PerUserMax} subscriptions already.";
        if (book.Count >= subscribe.TotalMax)
            return $"There are {subscribe.TotalMax} subscriptions already.";

        insertSubscription.With(subscription.Id.Value).With(user).With((long)subscription.Channel)
            .With(subscription.Target).With((long)subscription.Events).With((long)subscription.State)
            .With(subscription.Reason).With(subscription.Label).With(subscription.Secret)
            .With(subscription.FormerSecret).With(subscription.FormerSecretUntil).With(subscription.CreatedAt)
            .With(subscription.DeliveredAt).With(subscription.FailingSince).Step();
        var key = insertSubscription.Long(0);
        insertSubscription.Reset();
        book.Set(user, new Subscriber(
            key, subscription.Id, NoticeBook.Wanted(subscription.Events, subscription.State)));
        return null;
    }

    string? Amend(NoticeChange.Amend amend)
    {
        if (Find(amend.Subscription) is not { } found || found.User != users.Enter(amend.User).Key)
            return $"There is no subscription {amend.Subscription} of this user.";
        if (amend.From is { } from && found.State != from)
            return $"Subscription {amend.Subscription} is {found.State}, expected was {from}.";

        var events = amend.Events ?? found.Events;
        var state = amend.State ?? found.State;
        updateSubscription.With((long)events).With((long)state).With(amend.State is not null).With(amend.Reason)
            .With(state == SubscriptionState.Active && amend.State is not null).With(amend.Label).With(found.Key).Later();
        if (amend.Secrets is { } secrets)
            updateSecrets.With(secrets.Secret).With(secrets.Former).With(secrets.FormerUntil).With(found.Key).Later();
        book.Set(found.User, new Subscriber(found.Key, amend.Subscription, NoticeBook.Wanted(events, state)));
        Noticed.Add(amend.Subscription);
        return null;
    }

    string? Unsubscribe(NoticeChange.Unsubscribe unsubscribe)
    {
        if (Find(unsubscribe.Subscription) is not { } found || found.User != users.Enter(unsubscribe.User).Key)
            return $"There is no subscription {unsubscribe.Subscription} of this user.";

        connection.Erases();
        deleteAttemptsOfSubscription.With(found.Key).Later();
        deleteOfSubscription.With(found.Key).Later();
        deleteSubscription.With(found.Key).Later();
        book.Remove(found.User, found.Key);
        Noticed.Add(unsubscribe.Subscription);
        return null;
    }

    string? Put(NoticeChange.Put put)
    {
        if (Find(put.Notice.Subscription) is not { } found)
            return $"There is no subscription {put.Notice.Subscription}.";

        Insert(found.Key, put.Notice);
        return null;
    }

    string? Attempted(NoticeChange.Attempted attempted)
    {
        var known = findNotice.With(attempted.Notice.Value).Step();
        var (key, subscription, state, made) = known
            ? (findNotice.Long(0), findNotice.Long(1), (NoticeState)findNotice.Int(2), findNotice.Int(3)) : default;
        findNotice.Reset();
        if (!known || state != NoticeState.Waiting || made != attempted.Made)
            return $"Notice {attempted.Notice} does not wait for attempt {attempted.Made + 1}.";

        var attempt = attempted.Attempt;
        updateAttempted.With((long)attempted.To).With(attempted.Made + 1L).With((long)attempt.Number)
            .With(attempted.DueAt).With(attempted.Holds).With(key).Later();
        insertAttempt.With(key).With((long)attempt.Number).With(attempt.At).With((long?)attempt.Status)
            .With(attempt.Answer).With(attempt.Took.Ticks / TimeSpan.TicksPerMicrosecond).Later();
        if (attempted.To == NoticeState.Delivered)
            markDelivered.With(attempt.At).With(subscription).Later();
        else
            markFailing.With(attempt.At).With(subscription).Later();
        if (attempted.Disable is { } reason)
            Disable(subscription, reason);
        return null;
    }

    void Disable(long key, string reason)
    {
        var found = findByKey.With(key).Step();
        var (id, user) = found ? (new SubscriptionId(findByKey.Id(0)), findByKey.Long(1)) : default;
        findByKey.Reset();
        if (!found)
            return;

        disable.With(reason).With(key).Later();
        book.Set(user, new Subscriber(key, id, NoticeEvents.None));
    }

    string? Replay(NoticeChange.Replay replay)
    {
        var known = findOwned.With(replay.Notice.Value).With(replay.User.Value).Step();
        var (key, state, subscription) = known
            ? (findOwned.Long(0), (NoticeState)findOwned.Int(1), new SubscriptionId(findOwned.Id(2))) : default;
        findOwned.Reset();
        if (!known)
            return $"There is no notice {replay.Notice} of this user.";
        if (state == NoticeState.Waiting)
            return $"Notice {replay.Notice} waits to be delivered already.";

        updateReplayed.With(replay.At).With(replay.At).With(key).Later();
        Noticed.Add(subscription);
        return null;
    }

    string? Prune(NoticeChange.Prune prune)
    {
        deleteOldAttempts.With(prune.Before).With(prune.Limit).Later();
        deleteOld.With(prune.Before).With(prune.Limit).Later();
        return null;
    }

    readonly record struct Found(long Key, long User, NoticeEvents Events, SubscriptionState State);

    Found? Find(SubscriptionId subscription)
    {
        Found? found = findSubscription.With(subscription.Value).Step()
            ? new Found(
                findSubscription.Long(0), findSubscription.Long(1), (NoticeEvents)findSubscription.Long(2),
                (SubscriptionState)findSubscription.Int(3))
            : null;
        findSubscription.Reset();
        return found;
    }

    void Insert(long subscription, Notice notice)
    {
        var job = notice.Job;
        insertNotice.With(notice.Id.Value).With(subscription).With((long)notice.Type).With(notice.At)
            .With(job?.Sequence.Value).With(job?.Id.Value).With(job?.Kind.Value).With(job?.FileName)
            .With((long?)job?.Attempt).With(job?.Reason)
            .With(job?.Summary).With((long)notice.State).With((long)notice.Attempts).With(notice.DueAt)
            .With(notice.Holds).With(notice.Since).Later();
        Noticed.Add(notice.Subscription);
    }
}
