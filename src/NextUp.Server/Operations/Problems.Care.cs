using NextUp.Actors.Jobs;
using NextUp.Client.Wire;

namespace NextUp.Server.Operations;

/// <summary>Refusals about jobs that are to be done again, or were set aside.</summary>
static partial class Problems
{
    public static Problem JobNotRetryable(JobRecord job) =>
        Make(409, ProblemCodes.JobNotRetryable, "The job cannot be done again",
            job.State == JobState.Completed
                ? "The job is completed. POST to its path with /again makes a new job over its result."
                : $"The job is {Name(job.State)}. Only a failed or cancelled job is done again; cancel it first.");

    public static Problem JobWithoutFiles() =>
        Make(409, ProblemCodes.JobNotRetryable, "The job cannot be done again",
            "Its files were deleted with the document that it worked on. Upload the file again.");

    public static Problem JobSetAside() =>
        Make(409, ProblemCodes.JobSetAside, "The job was set aside",
            "It brought its worker down too often, and an operator looks at it before it is done again. POST to its path with "
            + "/again makes a new job of its file.");

    /// <param name="wish">What was asked for: to set it aside, or to discard its mark.</param>
    public static Problem JobNotSetAside(JobRecord job, string wish) =>
        Make(409, ProblemCodes.JobNotSetAside, $"The job cannot be {wish}",
            job.State is JobState.Failed or JobState.Cancelled
                ? $"The job is {Name(job.State)} and {(job.SetAsideAt is null ? "not set aside" : "set aside already")}."
                : $"The job is {Name(job.State)}. Only a failed or cancelled job is set aside; cancel it first.");
}
