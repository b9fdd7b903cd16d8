using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.Actors.Queue;

/// <summary>What an operator pauses: nothing of it starts; what runs goes on, and submissions are accepted.</summary>
public abstract record PauseTarget
{
    PauseTarget() { }

    /// <summary>Everything.</summary>
    public sealed record Everything : PauseTarget;

    /// <summary>The jobs of one kind keep their places; those of other kinds pass them.</summary>
    public sealed record OfKind(JobKind Kind) : PauseTarget;

    /// <summary>The jobs of one user keep their places beside the line; they hold up nobody.</summary>
    public sealed record OfUser(UserId User) : PauseTarget;
}

/// <summary>Something is paused until it is resumed, also over restarts.</summary>
/// <param name="Reason">For those who wait, in the operator's words; null where none was given.</param>
/// <param name="By">The operator.</param>
public sealed record Pause(PauseTarget Target, string? Reason, string By, DateTimeOffset At)
{
    /// <summary>The longest reason, in characters.</summary>
    public const int ReasonLengthMax = 500;

    /// <summary>Users that may be paused at once; each one's jobs are read one by one after a restart.</summary>
    public const int UsersMax = 1_000;
}

/// <summary>How many jobs may run at once, said by an operator; it holds until it is taken back, also over restarts.</summary>
public sealed record Capacity(int Slots, string By, DateTimeOffset At);

/// <summary>What operators have said that differs from the settings.</summary>
public sealed record Steering(IReadOnlyList<Pause> Pauses, Capacity? Capacity)
{
    public static readonly Steering None = new([], null);
}

/// <summary>What an operator wants.</summary>
public abstract record SteerOrder
{
    SteerOrder() { }

    public required string By { get; init; }

    /// <summary>A pause that is there already gets the new reason.</summary>
    public sealed record Hold(PauseTarget Target, string? Reason) : SteerOrder;

    /// <summary>Ends a pause. Of everything, it also ends that of the settings (<see cref="QueueSettings.Paused"/>).</summary>
    public sealed record Resume(PauseTarget Target) : SteerOrder;

    /// <param name="Slots">Null goes back to the settings.</param>
    public sealed record SetSlots(int? Slots) : SteerOrder;
}

public abstract record SteerAnswer
{
    SteerAnswer() { }

    /// <param name="Now">What holds from now on; durable.</param>
    public sealed record Done(Steering Now) : SteerAnswer;

    /// <summary>As many users are paused as may be (<see cref="Pause.UsersMax"/>).</summary>
    public sealed record TooManyPauses : SteerAnswer;
}

/// <summary>Why a job that waits would not start now even if it were its turn.</summary>
public abstract record QueueWait
{
    QueueWait() { }

    /// <param name="Pause">Null where the settings pause the queue.</param>
    public sealed record Paused(Pause? Pause) : QueueWait;

    /// <summary>Outside its kind's windows.</summary>
    /// <param name="Opens">When the next one begins; null where none ever does.</param>
    public sealed record Closed(DateTimeOffset? Opens, TimeZoneInfo Zone) : QueueWait;

    /// <summary>Only workers elsewhere do such work, and none has asked for it lately.</summary>
    public sealed record NoWorker : QueueWait;
}
