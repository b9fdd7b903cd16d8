using NextUp.Client;
using NextUp.Client.Uploads;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary>The command line asks for something that cannot be; the message says what, and the way out.</summary>
sealed class UsageException(string message) : Exception(message);

/// <summary>What to tell the person when a command cannot go on, and what to answer to the shell.</summary>
/// <param name="Lines">What is wrong, then the ways out.</param>
sealed record Complaint(int ExitCode, params IReadOnlyList<string> Lines)
{
    /// <summary>Null for what is a fault of this program and must show as one.</summary>
    public static Complaint? Of(Exception error) => error switch
    {
        NextUpProblemException problem => OfProblem(problem),
        ServerUnreachableException unreachable => new(
            Commands.ExitCode.Unreachable, unreachable.Message,
            "Start one with: nextup serve",
            "Or say where it is: --server URL, or the variable NEXTUP_SERVER."),
        UsageException or UploadUnreadableException => new(Commands.ExitCode.BadInput, error.Message),
        IOException or UnauthorizedAccessException => new(Commands.ExitCode.BadInput, error.Message),
        OperationCanceledException => new(Commands.ExitCode.Interrupted),
        _ => null,
    };

    static Complaint OfProblem(NextUpProblemException problem) => problem.Code switch
    {
        ProblemCodes.JobLimitReached when problem.ExistingJob is { } job => new(
            Commands.ExitCode.Negative, problem.Message,
            $"In the way: \"{job.FileName}\", {JobWords.Of(job)}. See it: nextup status {job.Id}",
            "Let the new one wait for it with --when-busy hold, or put it in the waiting one's place with "
                + "--when-busy replace."),
        ProblemCodes.Unauthorized => new(
            Commands.ExitCode.BadInput, problem.Message,
            "Make a token on the server's machine: nextup token --user NAME --data DIR",
            "Give it with --token, or the variable NEXTUP_TOKEN. Without one you are a visitor."),
        ProblemCodes.JobNotFound => new(
            Commands.ExitCode.Negative, problem.Message, "See yours: nextup list"),
        _ => new(ExitCodeOf(problem.Status), problem.Message),
    };

    static int ExitCodeOf(int status) => status switch
    {
        502 or 503 or 504 => Commands.ExitCode.Unreachable,
        400 or 401 or 413 or 415 or 422 => Commands.ExitCode.BadInput,
        _ => Commands.ExitCode.Negative,
    };
}
