using System.CommandLine;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary><c>retry ID</c>.</summary>
sealed class RetryCommand : Command
{
    readonly ServerOptions _server;

    readonly Argument<string> _id = new("ID") { Description = "The job." };

    public RetryCommand(ServerOptions server)
        : base("retry", "Have one of your failed or cancelled jobs done again.")
    {
        _server = server;
        Arguments.Add(_id);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var job = await connection.Client.RetryAsync(command.GetRequiredValue(_id), cancellationToken);
        screen.Json(job, AnswerJson.Answers.JobView);
        screen.Line($"{job.FileName}: {JobWords.Of(job)}", JobWords.ToneOf(job));
        return ExitCode.Ok;
    }
}
