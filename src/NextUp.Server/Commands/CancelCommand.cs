using System.CommandLine;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary><c>cancel ID</c>.</summary>
sealed class CancelCommand : Command
{
    readonly ServerOptions _server;

    readonly Argument<string> _id = new("ID") { Description = "The job." };

    public CancelCommand(ServerOptions server)
        : base("cancel", "Cancel one of your jobs. When this returns, its work has stopped.")
    {
        _server = server;
        Arguments.Add(_id);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var job = await connection.Client.CancelAsync(command.GetRequiredValue(_id), cancellationToken);
        screen.Json(job, AnswerJson.Answers.JobView);
        screen.Line($"{job.FileName}: {JobWords.Of(job)}", JobWords.ToneOf(job));
        return ExitCode.Ok;
    }
}
