using System.CommandLine;
using NextUp.Client;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary><c>cancel ID</c> and <c>retry ID</c>: something is done to one of your jobs, and it is shown.</summary>
sealed class OwnJobCommand : Command
{
    OwnJobCommand(
        ServerOptions server, string name, string description, Func<NextUpClient, string, CancellationToken, Task<JobView>> act)
        : base(name, description)
    {
        var id = new Argument<string>("ID") { Description = "The job." };
        Arguments.Add(id);
        SetAction(async (command, cancellationToken) =>
        {
            var screen = server.ScreenFor(command);
            using var connection = server.Connect(command);
            var job = await act(connection.Client, command.GetRequiredValue(id), cancellationToken);
            screen.Json(job, AnswerJson.Answers.JobView);
            screen.Line($"{job.FileName}: {JobWords.Of(job)}", JobWords.ToneOf(job));
            return ExitCode.Ok;
        });
    }

    public static OwnJobCommand Cancel(ServerOptions server) => new(
        server, "cancel", "Cancel one of your jobs. When this returns, its work has stopped.",
        (client, id, cancellationToken) => client.CancelAsync(id, cancellationToken));

    public static OwnJobCommand Retry(ServerOptions server) => new(
        server, "retry", "Have one of your failed or cancelled jobs done again.",
        (client, id, cancellationToken) => client.RetryAsync(id, cancellationToken));
}
