using NextUp.Actors.Queue;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>What operators said of the queue. The last word on each target stays, whether it paused or resumed.</summary>
sealed partial class ChangeWriter
{
    readonly SqlStatement savePause = connection.Prepare(
        "INSERT INTO pause (scope, name, is_paused, reason, said_by, said_at) VALUES (?, ?, ?, ?, ?, ?) "
        + "ON CONFLICT (scope, name) DO UPDATE SET is_paused = excluded.is_paused, reason = excluded.reason, "
        + "said_by = excluded.said_by, said_at = excluded.said_at");

    readonly SqlStatement saveCapacity = connection.Prepare("UPDATE capacity SET slots = ?, said_by = ?, said_at = ?");

    string? SetPause(Change.SetPause set)
    {
        var pause = set.Pause;
        Say(pause.Target, isPaused: true, pause.Reason, pause.By, pause.At);
        return null;
    }

    string? EndPause(Change.EndPause end)
    {
        Say(end.Target, isPaused: false, null, end.By, end.At);
        return null;
    }

    string? SetCapacity(Change.SetCapacity capacity)
    {
        HasTouched = true;
        saveCapacity.With((long?)capacity.Slots).With(capacity.By).With(capacity.At).Later();
        return null;
    }

    void Say(PauseTarget target, bool isPaused, string? reason, string by, DateTimeOffset at)
    {
        HasTouched = true;
        var (scope, name) = SteeringRows.Name(target);
        savePause.With(scope).With(name).With(isPaused).With(reason).With(by).With(at).Later();
    }
}
