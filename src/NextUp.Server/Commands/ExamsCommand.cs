using System.CommandLine;
using NextUp.Actors.Jobs;
using NextUp.Client;
using NextUp.Client.Exams;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary><c>exams submit|list|show|export|syllabus</c>: exam papers, for administrators.</summary>
sealed class ExamsCommand : Command
{
    static readonly IReadOnlyList<string> ListColumns = ["paper", "file", "questions", "marks", "pages", "checks", "read"];
    static readonly IReadOnlyList<string> QuestionColumns = ["question", "marks", "parts", "pages", "by", "text"];

    /// <summary>Characters of a question in a table.</summary>
    const int TextShown = 60;

    readonly Surroundings _surroundings;
    readonly ServerOptions _server;

    readonly Argument<string[]> _papers = new("PAPER")
    {
        Description = "PDFs, each a paper; or with --pages pictures of the pages of one paper, in their order.",
        Arity = new ArgumentArity(1, SubmitCommand.FilesMax),
    };

    readonly Argument<string> _id = new("ID") { Description = "The paper's id, as the list shows it." };

    readonly Option<bool> _pages = new("--pages") { Description = "The files are pictures of the pages of one paper." };
    readonly Option<string[]> _insert = Files("--insert", "The insert of the paper.");
    readonly Option<string[]> _scheme = Files("--scheme", "The mark scheme of the paper.");
    readonly Option<string?> _name = new("--id") { Description = "Under which the one paper is kept.", HelpName = "ID" };
    readonly Option<string?> _syllabus = new("--syllabus") { Description = "The id of a syllabus to tag questions with.", HelpName = "ID" };

    readonly Option<int?> _priority = new("--priority")
    {
        Description = "How urgent, 0 (not) to 9.", HelpName = "N",
    };

    readonly Option<int> _limit = new("--limit")
    {
        Description = "How many papers.", HelpName = "N", DefaultValueFactory = _ => 20,
    };

    readonly Option<string> _format = new("--format")
    {
        Description = "json or csv.", HelpName = "FORMAT", DefaultValueFactory = _ => "json",
    };

    readonly Option<string?> _out = new("--out") { Description = "The file to write; standard output without it.", HelpName = "FILE" };

    public ExamsCommand(Surroundings surroundings, ServerOptions server)
        : base("exams", "For administrators: exam papers and their questions.")
    {
        (_surroundings, _server) = (surroundings, server);
        var submit = new Command("submit", "Hand in papers; each is read into questions, parts and marks.")
        {
            _papers, _pages, _insert, _scheme, _name, _syllabus, _priority,
        };
        submit.SetAction(SubmitAsync);
        var list = new Command("list", "Your papers, newest first.") { _limit };
        list.SetAction(ListAsync);
        var show = new Command("show", "A paper: its checks and its questions.") { _id };
        show.SetAction(ShowAsync);
        var export = new Command("export", "The questions of a paper as JSON or CSV.") { _id, _format, _out };
        export.SetAction(ExportAsync);
        Subcommands.Add(submit);
        Subcommands.Add(list);
        Subcommands.Add(show);
        Subcommands.Add(export);
    }

    static Option<string[]> Files(string name, string description) => new(name)
    {
        Description = description, HelpName = "FILE", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [],
    };

    async Task<int> SubmitAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var papers = Paths(command.GetRequiredValue(_papers));
        var (insert, scheme) = (Paths(command.GetRequiredValue(_insert)), Paths(command.GetRequiredValue(_scheme)));
        if (command.GetValue(_priority) is < 0 or > HeadStarts.LevelMax)
            throw new UsageException($"--priority takes a number from 0 (none) to {HeadStarts.LevelMax}.");
        var isOne = command.GetValue(_pages) || papers.Count == 1;
        if (!isOne && (insert.Count > 0 || scheme.Count > 0 || command.GetValue(_name) is not null))
            throw new UsageException("--insert, --scheme and --id belong to one paper. Hand in papers that have them one by one.");

        using var connection = _server.Connect(command);
        var submitted = new Submitted();
        foreach (var files in isOne ? [papers] : papers.Select(paper => (List<string>)[paper]))
        {
            var paper = new PaperSubmission(files)
            {
                Insert = insert, Scheme = scheme, Id = command.GetValue(_name), Syllabus = command.GetValue(_syllabus),
                Priority = command.GetValue(_priority),
            };
            try
            {
                var job = await connection.Client.Papers.SubmitAsync(paper, cancellationToken);
                submitted.Answers.Add(new(files[0], job, null, null));
                screen.Line($"{job.FileName}: job {job.Id}, {JobWords.Of(job)}", JobWords.ToneOf(job));
            }
            catch (Exception refused) when (Complaint.Of(refused) is { } complaint)
            {
                submitted.Answers.Add(new(files[0], null, (refused as NextUpProblemException)?.Problem, null));
                submitted.Add(complaint, Path.GetFileName(files[0]), screen);
                if (complaint.ExitCode >= ExitCode.Unreachable)
                    break;
            }
        }

        screen.Json(new(submitted.Answers), AnswerJson.Answers.SubmitAnswers);
        if (submitted.Answers.Find(answer => answer.Job is not null) is { Job: { } first })
            screen.Line($"Follow it with: nextup watch {first.Id}, then: nextup exams list", Tone.Faint);
        return submitted.ExitCode;
    }

    async Task<int> ListAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var left = command.GetValue(_limit);
        if (left is < 1 or > 10_000)
            throw new UsageException("--limit takes a number from 1 to 10000.");
        using var connection = _server.Connect(command);
        var papers = new List<PaperRowView>();
        string? next = null;
        do
        {
            var page = await connection.Client.Papers.ListAsync(
                Math.Min(left - papers.Count, PapersClient.PagePapersMax), next, cancellationToken);
            papers.AddRange(page.Papers);
            next = page.Next;
        }
        while (next is not null && papers.Count < left);

        screen.Json(new(papers, next), AnswerJson.Answers.PaperPageView);
        if (papers.Count == 0)
            screen.Line("No papers. Hand one in with: nextup exams submit FILE");
        else
            screen.Table(ListColumns, [.. papers.Select(Row)]);
        return ExitCode.Ok;
    }

    async Task<int> ShowAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var view = await connection.Client.Papers.FindAsync(command.GetRequiredValue(_id), cancellationToken);
        screen.Json(view, AnswerJson.Answers.PaperView);
        var paper = view.Paper;
        screen.Line($"{paper.Title ?? view.Name}{(paper.Code is null ? "" : $" ({paper.Code})")}, {paper.Pages} pages");
        foreach (var check in paper.Checks)
            screen.Line($"{(check.Ok ? "✓" : "✗")} {check.Detail}", check.Ok ? Tone.Good : Tone.Bad);
        foreach (var warning in paper.Warnings)
            screen.Line($"! {warning}", Tone.Bad);
        screen.Table(QuestionColumns, [.. paper.Questions.Select(Row)]);
        return ExitCode.Ok;
    }

    async Task<int> ExportAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var format = command.GetRequiredValue(_format);
        if (format is not ("json" or "csv"))
            throw new UsageException($"--format is json or csv, not: {format}");
        using var connection = _server.Connect(command);
        var content = await connection.Client.Papers.ExportAsync(command.GetRequiredValue(_id), format, cancellationToken);
        if (command.GetValue(_out) is { } path)
        {
            var full = _surroundings.PathOf(path);
            await File.WriteAllBytesAsync(full, content, cancellationToken);
            _server.ScreenFor(command).Line($"Saved {full}", Tone.Good);
        }
        else
        {
            await _surroundings.Out.WriteAsync(System.Text.Encoding.UTF8.GetString(content));
        }

        return ExitCode.Ok;
    }

    List<string> Paths(string[] files)
    {
        List<string> paths = [.. files.Select(_surroundings.PathOf)];
        foreach (var path in paths)
        {
            if (!File.Exists(path))
                throw new UsageException($"{path} does not exist.");
        }

        return paths;
    }

    static IReadOnlyList<Cell> Row(PaperRowView paper)
    {
        var summary = paper.Summary;
        var marks = summary.MarksStated is { } stated ? $"{summary.MarksFound} of {stated}" : $"{summary.MarksFound}";
        return
        [
            paper.Id, paper.Name, $"{summary.Questions}", marks, $"{summary.Pages}",
            summary.FailedChecks == 0 ? "hold" : $"{summary.FailedChecks} failed", JobTable.Time(paper.UpdatedAt),
        ];
    }

    static IReadOnlyList<Cell> Row(PaperQuestionView question)
    {
        var text = question.Text.Length > 0 || question.Parts.Count == 0 ? question.Text : question.Parts[0].Text;
        text = text.ReplaceLineEndings(" ");
        return
        [
            question.Key, $"{question.Marks}", question.Options.Count > 0 ? $"{question.Options.Count} options" : $"{question.Parts.Count}",
            question.PageFrom == question.PageTo ? $"{question.PageFrom}" : $"{question.PageFrom}-{question.PageTo}", question.Source,
            text.Length <= TextShown ? text : text[..TextShown] + "...",
        ];
    }
}
