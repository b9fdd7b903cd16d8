using NextUp.Actors.Notices;
using NextUp.Actors.Store;

namespace NextUp.Server.Notices.Delivery;

/// <summary>
/// Empties the outbox. Each subscription with something to deliver has a courier, which delivers one notice at a time
/// in the order of what happened, waits out the delays, and leaves memory when nothing waits.
/// <para>
/// The store is the truth: a courier asks it what is next and notes each attempt there. If the process dies between a
/// delivery and the noting of it, the next start delivers it once more under the same id, which lets the receiver drop
/// it. Nothing is ever lost: a notice leaves the outbox only with a noted delivery, with being given up, or with its job
/// or subscription.
/// </para>
/// </summary>
sealed class Couriers(
    INoticeStore store, IReadOnlyDictionary<NoticeChannel, INoticeSender> senders, DeliverySchedule schedule,
    DeliveryGates gates, TimeProvider clock, Action<string, Exception> tellFailed) : IAsyncDisposable
{
    /// <summary>Notices that may wait behind a receiver that is away; at more its subscription is disabled.</summary>
    public const int WaitingMax = 10_000;

    /// <summary>How soon the store is asked again when it could not be used.</summary>
    static readonly TimeSpan StoreRetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>The longest sleep; after it the courier looks again.</summary>
    static readonly TimeSpan SleepMax = TimeSpan.FromDays(1);

    readonly Dictionary<SubscriptionId, Courier> _couriers = [];
    readonly CancellationTokenSource _stopping = new();
    bool _isStarted;

    /// <summary>Goes on with everything that a former process left undelivered.</summary>
    public async Task StartAsync()
    {
        store.Noticed += Wake;
        _isStarted = true;
        Wake(await store.WaitingAsync());
    }

    /// <summary>Ends; deliveries under way are cut off and made again after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isStarted)
            store.Noticed -= Wake;
        await _stopping.CancelAsync();
        Task[] running;
        lock (_couriers)
            running = [.. _couriers.Values.Select(courier => courier.Running)];
        await Task.WhenAll(running);
        _stopping.Dispose();
        gates.Dispose();
    }

    void Wake(IReadOnlyList<SubscriptionId> subscriptions)
    {
        foreach (var subscription in subscriptions)
        {
            lock (_couriers)
            {
                if (_stopping.IsCancellationRequested)
                    return;
                if (_couriers.TryGetValue(subscription, out var known))
                {
                    known.Signal();
                    continue;
                }

                var courier = _couriers[subscription] = new Courier(subscription);
                courier.Running = Task.Run(() => RunAsync(courier));
            }
        }
    }

    async Task RunAsync(Courier courier)
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                courier.Listen();
                try
                {
                    if (!await StepAsync(courier))
                        return;
                }
                catch (StoreFailedException error)
                {
                    tellFailed("the delivery of notices", error);
                    await Task.Delay(StoreRetryDelay, clock, _stopping.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        catch (Exception error)
        {
            // A fault of one courier must not end the others; its subscription is looked at again when it is woken.
            tellFailed("the delivery of notices", error);
            lock (_couriers)
                _couriers.Remove(courier.Subscription);
        }
    }

    /// <returns>False when the courier is no longer needed.</returns>
    async Task<bool> StepAsync(Courier courier)
    {
        switch (await store.NextAsync(courier.Subscription, clock.GetUtcNow()))
        {
            case NoticeNext.Due due:
                await DeliverAsync(due);
                return true;
            case NoticeNext.Later later:
                var sleep = later.At - clock.GetUtcNow();
                await courier.SleepAsync(sleep < SleepMax ? sleep : SleepMax, clock, _stopping.Token);
                return true;
            default:
                lock (_couriers)
                    return courier.IsSignalled || !_couriers.Remove(courier.Subscription);
        }
    }

    async Task DeliverAsync(NoticeNext.Due due)
    {
        var (subscription, notice) = (due.Subscription, due.Notice);
        var isFailing = subscription.FailingSince is not null;
        DateTimeOffset began;
        SendOutcome outcome;
        using (await gates.EnterAsync(subscription.User, isFailing, _stopping.Token))
        {
            began = clock.GetUtcNow();
            outcome = schedule.IsTooOld(notice, began)
                ? new SendOutcome.Refused(null, "Too old: it waited while nothing could be delivered.")
                : await SendAsync(subscription, notice);
        }

        var attempted = schedule.After(notice, due.AttemptNumber, outcome, began, clock.GetUtcNow());
        if (schedule.IsTooOld(notice, began))
            attempted = attempted with { To = NoticeState.GivenUp, Disable = null };
        else if (attempted.Holds && await store.CountWaitingAsync(subscription.Id, WaitingMax) == WaitingMax)
            attempted = attempted with { Disable = $"More than {WaitingMax} notices wait for the receiver." };

        await NoteAsync(attempted);
    }

    async Task<SendOutcome> SendAsync(NoticeSubscription subscription, Notice notice)
    {
        try
        {
            return await senders[subscription.Channel].SendAsync(subscription, notice, _stopping.Token);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A notice that cannot be made must not stand in the way of the others for ever.
            tellFailed($"the making of notice {notice.Id}", fault);
            return new SendOutcome.Refused(null, "The server could not make this notice; its log says more.");
        }
    }

    /// <summary>
    /// Notes the attempt, however long that takes: without it the receiver would get the same again and again. A
    /// conflict means that it is noted already, or that the notice is gone with its job or subscription.
    /// </summary>
    async Task NoteAsync(NoticeChange.Attempted attempted)
    {
        while (true)
        {
            try
            {
                await store.CommitAsync(attempted);
                return;
            }
            catch (StoreFailedException error)
            {
                tellFailed("the noting of a delivery", error);
                await Task.Delay(StoreRetryDelay, clock, _stopping.Token);
            }
        }
    }

    /// <summary>One subscription's delivery, and the bell that wakes it.</summary>
    sealed class Courier(SubscriptionId subscription)
    {
        TaskCompletionSource _bell = NewBell();

        public SubscriptionId Subscription => subscription;

        public Task Running { get; set; } = Task.CompletedTask;

        public bool IsSignalled => _bell.Task.IsCompleted;

        public void Signal() => Volatile.Read(ref _bell).TrySetResult();

        /// <summary>What is signalled from here on is new.</summary>
        public void Listen()
        {
            if (IsSignalled)
                Volatile.Write(ref _bell, NewBell());
        }

        public async Task SleepAsync(TimeSpan time, TimeProvider clock, CancellationToken stop)
        {
            if (time <= TimeSpan.Zero)
                return;

            // Timers cut off what is less than a millisecond, and would ring a little too early again and again.
            var whole = TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
            try
            {
                await _bell.Task.WaitAsync(whole, clock, stop);
            }
            catch (TimeoutException)
            {
                // The time has come.
            }
        }

        static TaskCompletionSource NewBell() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
