using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Client.Wire;

namespace NextUp.Server.Live;

/// <summary>One user's open connections, and the places they were last told.</summary>
sealed class UserFeed
{
    /// <summary>An estimate that moved by less is not worth telling.</summary>
    static readonly TimeSpan EstimateStepMin = TimeSpan.FromSeconds(2);

    /// <summary>Nor is one that moved by less than this share of what remains.</summary>
    const double EstimateShareMin = 0.1;

    readonly Dictionary<JobId, JobPosition> _told = [];
    volatile LiveSubscription[] _subscriptions = [];
    volatile bool _isLaneOld = true;

    /// <summary>Replaced as a whole, so that it can be walked while connections come and go.</summary>
    public LiveSubscription[] Subscriptions => _subscriptions;

    /// <summary>The user's jobs that wait in the line, as last read. Only the feed's own loop touches it.</summary>
    public IReadOnlyList<JobRecord> Waiting { get; private set; } = [];

    public void Add(LiveSubscription subscription) => _subscriptions = [.. _subscriptions, subscription];

    public void Remove(LiveSubscription subscription) =>
        _subscriptions = [.. _subscriptions.Where(other => other != subscription)];

    public void LaneChanged() => _isLaneOld = true;

    /// <summary>
    /// True once after the lane changed. Cleared before the lane is read, so a change during the read is not lost.
    /// </summary>
    public bool TakeLaneChanged()
    {
        var changed = _isLaneOld;
        _isLaneOld = false;
        return changed;
    }

    public void LaneRead(IReadOnlyList<JobRecord> lane)
    {
        Waiting = [.. lane.Where(job => job is { State: JobState.Pending, IsHeld: false })];
        foreach (var gone in _told.Keys.Except(Waiting.Select(job => job.Id)).ToList())
            _told.Remove(gone);
    }

    /// <summary>
    /// Of the new places those that differ from what was told before; from now on they count as told.
    /// </summary>
    public IReadOnlyList<JobPosition> News(IEnumerable<(JobRecord Job, JobPosition Position)> places)
    {
        var news = new List<JobPosition>();
        foreach (var (job, position) in places)
        {
            if (_told.TryGetValue(job.Id, out var before) && IsSame(before, position))
                continue;

            _told[job.Id] = position;
            news.Add(position);
        }

        return news;
    }

    static bool IsSame(JobPosition before, JobPosition now)
    {
        if (before.Position != now.Position || before.Wait != now.Wait || before.Overtaken != now.Overtaken)
            return false;
        if (before.Estimate is null != now.Estimate is null)
            return false;
        if (before.Estimate is not { } was || now.Estimate is not { } is_)
            return true;

        return IsNear(was.P50, is_.P50, is_.P50Seconds) && IsNear(was.P90, is_.P90, is_.P90Seconds);
    }

    static bool IsNear(DateTimeOffset before, DateTimeOffset now, int secondsLeft) =>
        (before - now).Duration() < EstimateStepMin
        || (before - now).Duration().TotalSeconds < EstimateShareMin * secondsLeft;
}
