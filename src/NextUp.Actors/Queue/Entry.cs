namespace NextUp.Actors.Queue;

/// <summary>Why a job stands in the line where it does not stand at the end.</summary>
public enum EntryCause
{
    /// <summary>At the end, as everyone.</summary>
    InTurn = 0,

    /// <summary>Ahead of its arrival, by its priority or as a small file.</summary>
    HeadStart = 1,

    /// <summary>Back at its old key after an attempt that failed or was lost.</summary>
    Retry = 2,

    /// <summary>At the time its submitter asked for, which may be an instant before the timer noticed.</summary>
    Delay = 3,

    /// <summary>Back at its old key because its paused user goes on.</summary>
    Resume = 4,
}

/// <summary>How a job came into the line.</summary>
/// <param name="Span">With <see cref="EntryCause.HeadStart"/>, the head start in microseconds.</param>
readonly record struct Entry(EntryCause Cause, long Span = 0)
{
    public static Entry Of(TimeSpan headStart) =>
        headStart > TimeSpan.Zero ? new(EntryCause.HeadStart, headStart.Ticks / 10) : default;
}

/// <summary>
/// Who of those before a job came in before it out of turn: whoever enters the line without standing at its end has a
/// cause, and is counted under it for as long as they stand before the job. So those before a job that are not counted
/// here never become more while it waits: whatever makes its position worse is among these counts. All of it can be read
/// off the line, so nothing needs to be kept a job, and a restart changes nothing but the <see cref="Resumes"/> of a user.
/// </summary>
/// <param name="HeadStarts">Came after the job, with a head start that was longer by more than that.</param>
/// <param name="Retries">Were out of the line for an attempt that failed, and are back at their old key.</param>
/// <param name="Delays">Asked for a later time, which has come, and stand where one that came at that time does.</param>
/// <param name="Resumes">Were held up by a pause or a window while the job waited already, and may start again.</param>
public readonly record struct Overtaken(int HeadStarts, int Retries, int Delays, int Resumes)
{
    public int Count => HeadStarts + Retries + Delays + Resumes;
}
