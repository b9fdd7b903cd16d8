using NextUp.Client.Wire;

namespace NextUp.Client;

/// <summary>
/// The server answered, and the answer is no. <see cref="Code"/> says which no, one of <see cref="ProblemCodes"/>.
/// </summary>
public sealed class NextUpProblemException(Problem problem, TimeSpan? retryAfter) : Exception(Sentence(problem))
{
    /// <summary>
    /// The code of an answer that is no problem document: something between client and server spoke, or it is no NextUp
    /// server.
    /// </summary>
    public const string NotAProblemDocument = "not-a-problem-document";

    public Problem Problem { get; } = problem;

    public string Code => Problem.Code;

    /// <summary>What kind of problem, always the same for a code.</summary>
    public string Title => Problem.Title;

    /// <summary>What exactly, where, and the way out.</summary>
    public string Detail => Problem.Detail;

    /// <summary>The HTTP status.</summary>
    public int Status => Problem.Status;

    /// <summary>With <see cref="ProblemCodes.JobLimitReached"/>: the caller's job that is in the way.</summary>
    public JobView? ExistingJob => Problem.ExistingJob;

    /// <summary>When to ask again, where the server said so.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    static string Sentence(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return string.IsNullOrWhiteSpace(problem.Detail) ? problem.Title : problem.Detail;
    }
}
