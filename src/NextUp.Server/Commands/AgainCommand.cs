using System.CommandLine;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary><c>again JOB</c>: a new job over the result of an earlier one.</summary>
sealed class AgainCommand : Command
{
    readonly ServerOptions _server;
    readonly BusyOption _whenBusy;
    readonly ResultOptions _results;

    readonly Argument<string> _id = new("JOB") { Description = "The job whose result is worked on." };

    readonly Option<string[]> _accept = new("--accept")
    {
        Description = "The work that an entry is, for example doe2020=10.1000/xyz: a candidate of the report, or another "
            + "one. May be given several times.",
        HelpName = "KEY=DOI",
    };

    readonly Option<string[]> _entries = new("--entry")
    {
        Description = "The key of an entry to look up again. May be given several times.",
        HelpName = "KEY",
    };

    readonly Option<bool> _failed = new("--failed")
    {
        Description = "Look up again whatever was not found, was ambiguous, or could not be asked for everywhere.",
    };

    public AgainCommand(Surroundings surroundings, ServerOptions server)
        : base("again", "Make a new job over a job's result; of a job that failed, over its file.")
    {
        _server = server;
        Arguments.Add(_id);
        Options.Add(_accept);
        Options.Add(_entries);
        Options.Add(_failed);
        _whenBusy = new(this);
        _results = ResultOptions.WithChoice(this, surroundings);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var folder = _results.Folder(command);
        var request = new AgainRequest
        {
            Accept = Choices(command.GetValue(_accept) ?? []),
            Entries = command.GetValue(_entries),
            Failed = command.GetValue(_failed),
            WhenBusy = _whenBusy.Word(command),
        };

        using var connection = _server.Connect(command);
        var job = await connection.Client.AgainAsync(
            command.GetRequiredValue(_id), request, null, cancellationToken);
        screen.Line($"{job.FileName}: job {job.Id}, {JobWords.Of(job)}", JobWords.ToneOf(job));
        if (!_results.IsWatching(command))
        {
            screen.Json(job, AnswerJson.Answers.JobView);
            screen.Line($"See it with: nextup status {job.Id}, follow it with: nextup watch {job.Id}", Tone.Faint);
            return ExitCode.Ok;
        }

        var jobs = new Submitted();
        jobs.Answers.Add(new(job.FileName, job, null, null));
        return await new FollowedJobs(connection.Client, screen, folder).RunAsync(jobs, cancellationToken);
    }

    /// <summary>A key may have an equals sign in it, and a DOI as well; what follows the first "=10." is the DOI.</summary>
    static Dictionary<string, string> Choices(string[] given)
    {
        var choices = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var choice in given)
        {
            var at = choice.IndexOf("=10.", StringComparison.Ordinal);
            if (at < 0)
                at = choice.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || at == choice.Length - 1)
                throw new UsageException($"--accept takes an entry's key and a DOI, like doe2020=10.1000/xyz, not: {choice}");
            if (!choices.TryAdd(choice[..at], choice[(at + 1)..]))
                throw new UsageException($"--accept names the entry {choice[..at]} twice. Choose one work for it.");
        }

        return choices;
    }
}
