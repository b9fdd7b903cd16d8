using NextUp.Actors.Queue;

namespace NextUp.Actors.Store;

/// <summary>What operators say of the queue. It is kept beside the jobs and read with the next claim of the queue.</summary>
public abstract partial record Change
{
    /// <summary>Something is paused; a pause that is there already is replaced.</summary>
    public sealed record SetPause(Pause Pause) : Change;

    /// <summary>A pause ends. One that is not there stays so. Who ended it is kept.</summary>
    public sealed record EndPause(PauseTarget Target, string By, DateTimeOffset At) : Change;

    /// <summary>How many jobs may run at once.</summary>
    /// <param name="Slots">Null goes back to the settings.</param>
    public sealed record SetCapacity(int? Slots, string By, DateTimeOffset At) : Change;
}
