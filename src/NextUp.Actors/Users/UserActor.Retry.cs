using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;

namespace NextUp.Actors.Users;

/// <summary>Jobs that had ended and are done again.</summary>
public sealed partial class UserActor
{
    const string RequeuedByUser = "Requeued by user";
    const string RequeuedByOperator = "Requeued by an operator";

    readonly HashSet<JobId> _reopening = [];

    public async ValueTask<RetryAnswer> RetryAsync(JobId job, bool isByOperator)
    {
        for (var round = 0; round < SubmitRoundsMax; round++)
        {
            if (await store.FindAsync(user, job) is not { } ended)
                return new RetryAnswer.NotFound();
            if (ended.State is not (JobState.Failed or JobState.Cancelled))
                return new RetryAnswer.NotRetryable(ended);
            if (ended.SetAsideAt is not null && !isByOperator)
                return new RetryAnswer.IsSetAside(ended);

            var lane = LaneOf(ended.Kind);
            if (lane.Find(job) is null && !_reopening.Contains(job))
            {
                if (await RetryIfRoomAsync(lane, ended, isByOperator) is { } answer)
                    return answer;
            }

            // Its end, another retry of it, or the end of the job in the way is just being noted here.
            if (_underWay > 0)
                await _settled.Task;
        }

        throw Lost("the lane did not come to rest");
    }

    /// <summary>Null where the job in the way has just left.</summary>
    async ValueTask<RetryAnswer?> RetryIfRoomAsync(Lane lane, JobRecord ended, bool isByOperator)
    {
        switch (lane.DecideAgain(mayHold: isByOperator || lane.Policy.WhenBusy == WhenBusy.Hold))
        {
            case LaneAnswer.Full:
                return new RetryAnswer.LaneFull(lane.Policy.HeldPerUserMax);
            case LaneAnswer.Refuse:
                return await AtLimitAsync(lane) is SubmitAnswer.AtLimit limit
                    ? new RetryAnswer.AtLimit(limit.Existing, limit.ActivePerUserMax) : null;
            case var room:
                return new RetryAnswer.Retried(await ReopenAsync(lane, room, ended, isByOperator));
        }
    }

    async ValueTask<JobRecord> ReopenAsync(Lane lane, LaneAnswer room, JobRecord ended, bool isByOperator)
    {
        lane.Reserve(room);
        _reopening.Add(ended.Id);
        _underWay++;
        JobRecord? stored = null;
        try
        {
            var reopening = new QueueChange.Reopening(
                ended, room is LaneAnswer.Hold, (room as LaneAnswer.Enter)?.Place,
                isByOperator ? RequeuedByOperator : RequeuedByUser);
            if (await ChangeAsync(QueueChange.None with { Reopens = [reopening] }) is not QueueAnswer.Done done)
                throw Lost("a requeued job was refused as stale");
            return stored = done.Reopened[0];
        }
        finally
        {
            _reopening.Remove(ended.Id);
            lane.Settle(room, stored);
            Settle();
            PromoteLater(lane);
        }
    }
}
