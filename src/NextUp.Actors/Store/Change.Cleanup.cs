using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;

namespace NextUp.Actors.Store;

public abstract partial record Change
{
    /// <summary>
    /// A failed or cancelled job is done again from the beginning: into the line, or held. What counted against it starts
    /// anew, a mark that set it aside goes, its attempts are numbered on (event <see cref="JobEventType.Requeued"/>).
    /// Expects: failed or cancelled, and the
    /// user's.
    /// </summary>
    /// <param name="Place">As of <see cref="Join"/>; null where it is held.</param>
    /// <param name="Reason">Who asked for it, for the job's user.</param>
    public sealed record Reopen(
        JobSequence Job, UserId User, DateTimeOffset At, LineKey LineKey, TimeSpan HeadStart, int? Place, bool IsHeld,
        string Reason) : Change;

    /// <summary>
    /// Marks a job for an operator, or takes the mark away. No event: the job stays what it is. Expects: failed or
    /// cancelled, and not marked so already.
    /// </summary>
    /// <param name="At">Null takes the mark away.</param>
    public sealed record SetAside(JobSequence Job, DateTimeOffset? At) : Change;

    /// <summary>
    /// A finished job's upload and results go, also where it is set aside; the job stays as history. No event. Harmless where
    /// they are gone. Expects: finished.
    /// </summary>
    public sealed record DropFiles(JobSequence Job) : Change;
}
