using System.CommandLine;
using NextUp.Server.Commands.Connections;

namespace NextUp.Server.Commands;

/// <summary><c>watch ID...</c>: what <c>submit --watch</c> does, for jobs that are there already.</summary>
sealed class WatchCommand : Command
{
    readonly ServerOptions _server;
    readonly ResultOptions _results;

    readonly Argument<string[]> _ids = new("ID")
    {
        Description = "The jobs to follow.",
        Arity = new ArgumentArity(1, SubmitCommand.FilesMax),
    };

    public WatchCommand(Surroundings surroundings, ServerOptions server)
        : base("watch", "Follow jobs to their end and save their results. Of a completed job, save the result at once.")
    {
        _server = server;
        Arguments.Add(_ids);
        _results = ResultOptions.Always(this, surroundings);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var folder = _results.Folder(command);
        using var connection = _server.Connect(command);
        var jobs = new Submitted();
        foreach (var id in command.GetRequiredValue(_ids).Distinct())
        {
            var job = await connection.Client.JobAsync(id, cancellationToken);
            jobs.Answers.Add(new(job.FileName, job, null, null));
        }

        return await new FollowedJobs(connection.Client, _server.ScreenFor(command), folder)
            .RunAsync(jobs, cancellationToken);
    }
}
