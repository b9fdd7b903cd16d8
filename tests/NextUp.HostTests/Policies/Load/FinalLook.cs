using NextUp.Actors.Jobs;
using NextUp.Actors.Notices;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Storage.Sqlite;

namespace NextUp.HostTests.Policies.Load;

/// <summary>
/// When all has ended: the rows, the events, the notices and the kept figures of the store, each held against what the
/// stored writes told, and all of it against what users were told.
/// </summary>
sealed class FinalLook(SqliteStore store, Ledger ledger, Promises promises)
{
    const int Page = 1_000;
    static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public async Task RunAsync(IEnumerable<JobId> completedByWorkers, IEnumerable<NoticeSubscription> subscriptions, DateTimeOffset now)
    {
        var lives = ledger.Lives.ToDictionary(life => life.Id);
        foreach (var life in lives.Values)
            IsStored(life, await store.FindAsync(life.Id));
        foreach (var job in promises.Accepted)
            ledger.Rule(lives.ContainsKey(job), "what was acknowledged is not lost", $"{job}");
        foreach (var job in promises.Cancelled)
            ledger.Rule(lives[job].State == JobState.Cancelled, "what was acknowledged as cancelled is cancelled", $"{job}");
        foreach (var job in completedByWorkers)
            ledger.Rule(lives[job].State == JobState.Completed, "a result that was acknowledged completed its job", $"{job}");
        ledger.Rule(!store.ReadQueue().Any(), "nothing is left in the queue");
        foreach (var user in lives.Values.GroupBy(life => life.User))
            await EventsAsync(user.ToDictionary(life => life.Id), user.Key);
        foreach (var visitor in ledger.Adopted.Keys)
            ledger.Rule(
                (await store.ListAsync(visitor, null, null, 1)).Jobs.Count == 0, "a visitor who signed in has nothing left");
        foreach (var subscription in subscriptions)
            await NoticesAsync(subscription);
        await FiguresAsync([.. lives.Values], now);
    }

    void IsStored(Life life, JobRecord? row)
    {
        ledger.Rule(life.State.IsFinished(), "every job ends", $"{life.Kind} {life.Id} of {life.User} is {life.State}");
        ledger.Rule(row is not null, "no job is lost", $"{life.Id}");
        if (row is null)
            return;
        ledger.Rule(
            row.State == life.State && row.User == life.User && row.Attempt == life.Attempt && row.LineKey == life.Key
                && row.Sequence == life.Sequence && row.Kind == life.Kind && !row.IsHeld && row.Place is null,
            "a job's row is what was committed", $"{row}");
        ledger.Rule(
            row.EndedAt is { } ended && LineKey.Microseconds(ended) == EndOf(life)?.At, "a row has the time of its one end", $"{life.Id}");
    }

    static Moment? EndOf(Life life)
    {
        var ends = life.History.Where(moment => IsEnd(moment.Type)).ToList();
        return ends.Count == 1 ? ends[0] : null;
    }

    static bool IsEnd(JobEventType type) => type is JobEventType.Completed or JobEventType.Failed or JobEventType.Cancelled;

    async Task EventsAsync(Dictionary<JobId, Life> own, NextUp.Actors.Users.UserId user)
    {
        var seen = own.Keys.ToDictionary(job => job, _ => new List<Moment>());
        var number = 0L;
        while (await store.EventsAsync(user, number, Page) is { Count: > 0 } page)
        {
            foreach (var happened in page)
            {
                ledger.Rule(happened.Number == ++number, "a user's events are numbered without gaps", $"{user} {number}");
                ledger.Rule(seen.ContainsKey(happened.Job), "a user's events are of their own jobs", $"{user} {happened.Job}");
                if (seen.TryGetValue(happened.Job, out var moments))
                    moments.Add(new(happened.Type, happened.Attempt, LineKey.Microseconds(happened.At)));
            }
        }

        foreach (var (job, moments) in seen)
        {
            ledger.Rule(moments.Count(moment => IsEnd(moment.Type)) == 1, "every job ends exactly once", $"{job}");
            ledger.Rule(
                moments.SequenceEqual(own[job].History), "the events tell what was committed",
                $"{job}: {string.Join(' ', moments.Select(moment => moment.Type))} and not "
                + $"{string.Join(' ', own[job].History.Select(moment => moment.Type))}");
        }

        ledger.Count("events read back", number);
    }

    /// <summary>Of each event that is wanted one notice, made of its number; and of nothing else.</summary>
    async Task NoticesAsync(NoticeSubscription subscription)
    {
        var wanted = promises.Told.GetValueOrDefault(subscription.User, [])
            .Where(told => ((int)subscription.Events & (1 << (int)told.Type)) != 0)
            .Select(told => NoticeId.Of(subscription.Id, subscription.User, told.Number)).ToHashSet();
        HashSet<NoticeId> noticed = [];
        NoticeId? before = null;
        while (await store.Notices.DeliveriesAsync(subscription.User, subscription.Id, before, Page) is { Count: > 0 } page)
        {
            foreach (var delivery in page)
                ledger.Rule(noticed.Add(delivery.Notice.Id), "an event has one notice a subscription", $"{delivery.Notice.Id}");
            before = page[^1].Notice.Id;
        }

        ledger.Rule(
            noticed.SetEquals(wanted), "who subscribed is told of each event once",
            $"{subscription.User} {noticed.Count} of {wanted.Count}");
        ledger.Count("notices", noticed.Count);
    }

    async Task FiguresAsync(IReadOnlyList<Life> lives, DateTimeOffset now)
    {
        long Of(IEnumerable<Life> some, JobEventType type) => some.Sum(life => life.History.LongCount(moment => moment.Type == type));
        foreach (var total in await store.TotalsAsync())
        {
            var own = lives.Where(life => life.Kind == total.Kind).ToList();
            var (figures, kind) = (total.Figures, total.Kind);
            ledger.Rule(figures.Accepted == own.Count, "as many are counted as were accepted", $"{kind} {figures.Accepted}");
            ledger.Rule(
                figures.Started == Of(own, JobEventType.Started), "every attempt is counted", $"{kind} {figures.Started}");
            ledger.Rule(
                figures.Completed == Of(own, JobEventType.Completed), "every completion is counted", $"{kind} {figures.Completed}");
            ledger.Rule(figures.Failed == Of(own, JobEventType.Failed), "every failure is counted", $"{kind} {figures.Failed}");
            ledger.Rule(
                figures.Cancelled == Of(own, JobEventType.Cancelled), "every cancellation is counted", $"{kind} {figures.Cancelled}");
            ledger.Rule(figures.Retried == own.Sum(life => life.Retries), "every retry is counted", $"{kind} {figures.Retried}");
        }

        var (from, to) = (now - Year, now + Year);
        foreach (var by in Enum.GetValues<StatisticsPeriod>())
        {
            var periods = await store.PeriodsAsync(from, to, by, null);
            ledger.Rule(
                periods.Sum(period => period.Figures.Accepted) == lives.Count, "hours and days add up to the jobs", $"{by}");
            ledger.Rule(
                periods.Sum(period => period.Figures.Started) == Of(lives, JobEventType.Started), "hours and days add up to the starts",
                $"{by}");
        }

        var failures = await store.FailuresAsync(from, to, null, int.MaxValue);
        ledger.Rule(failures.Sum(group => group.Failed) == Of(lives, JobEventType.Failed), "causes add up to the failures");
        ledger.Rule(failures.Sum(group => group.Retried) == lives.Sum(life => life.Retries), "causes add up to the retries");
        var loads = await store.LoadsAsync(from, to, int.MaxValue);
        ledger.Rule(loads.Sum(load => load.Accepted) == lives.Count, "users' loads add up to the jobs");
        var counts = await store.CountsAsync(now);
        ledger.Rule(
            counts is { Pending: 0, Held: 0, Processing: 0 } && counts.Completed == Of(lives, JobEventType.Completed)
                && counts.Failed + counts.Completed + counts.Cancelled == lives.Count,
            "the kept counts are the jobs", $"{counts}");
    }
}
