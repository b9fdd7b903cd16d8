namespace NextUp.Actors.Jobs;

/// <summary>The numbers are stored; they are never reused.</summary>
public enum JobState
{
    /// <summary>Waiting: in the line, held in the user's lane, or waiting out a retry's delay.</summary>
    Pending = 0,
    Processing = 1,
    Completed = 2,
    Failed = 3,
    Cancelled = 4,
}

public static class JobStates
{
    /// <summary>True for the three states that end a job. Only a requeue by hand leads out of failed and cancelled again.</summary>
    public static bool IsFinished(this JobState state) => state >= JobState.Completed;
}
