using System.CommandLine;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Client;
using NextUp.Client.Uploads;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;
using NextUp.Server.Commands.Watching;
using NextUp.Server.Jobs;

namespace NextUp.Server.Commands;

/// <summary><c>submit FILE...</c>: one job a file.</summary>
sealed class SubmitCommand : Command
{
    /// <summary>
    /// So many files may be given at once. More belong into several commands, or a script that reads answers.
    /// </summary>
    public const int FilesMax = 1_000;

    readonly Surroundings _surroundings;
    readonly ServerOptions _server;
    readonly BusyOption _whenBusy;
    readonly ResultOptions _results;

    readonly Argument<string[]> _files = new("FILE")
    {
        Description = "The files to submit; each becomes a job.",
        Arity = new ArgumentArity(1, FilesMax),
    };

    readonly Option<string?> _kind = new("--kind")
    {
        Description = "What work to do. Defaults to bibtex.",
        HelpName = "KIND",
    };

    readonly Option<string?> _options = new("--options")
    {
        Description = "The kind's own options, a JSON object, for example {\"fields\":[\"doi\",\"abstract\"]}.",
        HelpName = "JSON",
    };

    readonly Option<int?> _priority = new("--priority")
    {
        Description = "How urgent, 1 to 9, where the kind or your role allows it. A level is a head start in the line.",
        HelpName = "N",
    };

    readonly Option<string?> _notBefore = new("--not-before")
    {
        Description = "A time with offset, for example 2026-03-01T22:00+01:00: the job enters the line then.",
        HelpName = "TIME",
    };

    public SubmitCommand(Surroundings surroundings, ServerOptions server)
        : base("submit", "Submit files. Each becomes a job that waits its fair turn.")
    {
        _surroundings = surroundings;
        _server = server;
        Arguments.Add(_files);
        _results = ResultOptions.WithChoice(this, surroundings);
        _whenBusy = new(this);
        Options.Add(_kind);
        Options.Add(_options);
        Options.Add(_priority);
        Options.Add(_notBefore);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var files = command.GetRequiredValue(_files).Select(_surroundings.PathOf).ToList();
        var wishes = WishesOf(command);
        CheckReadable(files);
        var folder = _results.Folder(command);

        using var connection = _server.Connect(command);
        var answers = await SubmitAsync(connection.Client, files, wishes, screen, cancellationToken);
        if (answers.StoppedEarly || !_results.IsWatching(command))
        {
            screen.Json(new(answers.Answers), AnswerJson.Answers.SubmitAnswers);
            if (answers.Answers.FirstOrDefault(answer => answer.Job is not null) is { Job: { } first })
                screen.Line(
                    $"See it with: nextup status {first.Id}, follow it with: nextup watch {first.Id}", Tone.Faint);
            return answers.ExitCode;
        }

        return await new FollowedJobs(connection.Client, screen, folder).RunAsync(answers, cancellationToken);
    }

    SubmitWishes WishesOf(ParseResult command)
    {
        var options = command.GetValue(_options);
        if (options is not null && !IsJsonObject(options))
            throw new UsageException($"--options takes a JSON object like {{\"fields\":[\"doi\"]}}, not: {options}");

        if (command.GetValue(_priority) is < 0 or > HeadStarts.LevelMax)
            throw new UsageException($"--priority takes a number from 0 (none) to {HeadStarts.LevelMax}.");
        DateTimeOffset? notBefore = null;
        if (command.GetValue(_notBefore) is { } time)
        {
            notBefore = UploadFields.TimeWithOffset(time) ?? throw new UsageException(
                $"--not-before takes a time with its offset, like 2026-03-01T22:00+01:00, not: {time}");
        }

        return new()
        {
            Kind = command.GetValue(_kind),
            Options = options,
            Priority = command.GetValue(_priority),
            NotBefore = notBefore,
            WhenBusy = _whenBusy.Wish(command),
        };
    }

    static bool IsJsonObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Before the first one is sent: a wrong name in a list should not leave half of it submitted.</summary>
    static void CheckReadable(List<string> files)
    {
        foreach (var file in files)
        {
            if (Directory.Exists(file))
                throw new UsageException($"{file} is a folder. Name the files in it.");
            if (!File.Exists(file))
                throw new UsageException($"{file} does not exist.");
        }
    }

    /// <summary>
    /// One after the other: the first answer makes a visitor one person, and the order of the files is their order in
    /// the line. A refused file does not keep the others back; a server that answers nobody does.
    /// </summary>
    static async Task<Submitted> SubmitAsync(
        NextUpClient client, List<string> files, SubmitWishes wishes, Screen screen,
        CancellationToken cancellationToken)
    {
        var submitted = new Submitted();
        foreach (var file in files)
        {
            try
            {
                var job = await client.SubmitAsync(Client.Uploads.Upload.OfFile(file), wishes, cancellationToken);
                submitted.Answers.Add(new(file, job, null, null));
                screen.Line($"{job.FileName}: job {job.Id}, {JobWords.Of(job)}", JobWords.ToneOf(job));
            }
            catch (Exception refused) when (Complaint.Of(refused) is { } complaint)
            {
                var problem = refused as NextUpProblemException;
                submitted.Answers.Add(new(file, null, problem?.Problem, null));
                submitted.Add(complaint, Path.GetFileName(file), screen);
                if (complaint.ExitCode >= ExitCode.Unreachable || problem?.Code == ProblemCodes.Unauthorized)
                {
                    submitted.StoppedEarly = true;
                    break;
                }
            }
        }

        var left = files.Count - submitted.Answers.Count;
        if (left > 0)
            screen.Complain($"{left} more of the {files.Count} files were not submitted.");
        return submitted;
    }
}

/// <summary>What became of the files of one command so far.</summary>
sealed class Submitted
{
    public List<FileAnswer> Answers { get; } = [];

    /// <summary>The gravest so far.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Not every file was tried, because trying on had no use.</summary>
    public bool StoppedEarly { get; set; }

    public void Add(Complaint complaint, string file, Screen screen)
    {
        screen.Complain($"{file}: {complaint.Lines.FirstOrDefault("interrupted before it was answered")}");
        foreach (var line in complaint.Lines.Skip(1))
            screen.Complain("  " + line);
        Add(complaint.ExitCode);
    }

    public void Add(int exitCode) => ExitCode = Math.Max(ExitCode, exitCode);
}
