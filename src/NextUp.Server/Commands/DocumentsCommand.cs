using System.CommandLine;
using System.Globalization;
using NextUp.Client.Documents;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;
using NextUp.Server.Documents;

namespace NextUp.Server.Commands;

/// <summary><c>documents list|search|show|export|delete|reprocess</c>: what the caller uploaded as documents.</summary>
sealed class DocumentsCommand : Command
{
    static readonly IReadOnlyList<string> Columns = ["document", "name", "state", "pages", "chunks", "language", "uploaded"];

    readonly Surroundings _surroundings;
    readonly ServerOptions _server;
    readonly Argument<string> _id = new("ID") { Description = "The document's id, as the list shows it." };
    readonly Argument<string[]> _question = new("QUESTION")
    {
        Description = "What is looked for; several words are one question.",
        Arity = ArgumentArity.OneOrMore,
    };

    readonly Option<int> _limit = new("--limit") { Description = "The most documents.", HelpName = "N", DefaultValueFactory = _ => 20 };
    readonly Option<int> _hits = new("--limit") { Description = "The most hits.", HelpName = "N", DefaultValueFactory = _ => 10 };
    readonly Option<string?> _out = new("--out")
    {
        Description = "The folder to save it in. Defaults to the working folder.", HelpName = "DIR",
    };

    readonly Option<bool> _vectors = new("--vectors") { Description = "With each chunk's vector." };

    public DocumentsCommand(Surroundings surroundings, ServerOptions server)
        : base("documents", "What you uploaded as documents: search it, see it, export it, delete it.")
    {
        (_surroundings, _server) = (surroundings, server);
        Bound(_limit, 200);
        Bound(_hits, DocumentSearch.HitsMax);
        Add("list", "Your documents, newest first.", ListAsync, [], [_limit]);
        Add("search", "What of your documents answers a question best.", SearchAsync, [_question], [_hits]);
        Add("show", "A document.", ShowAsync, [_id], []);
        Add("export", "Save a document's chunks as JSON lines.", ExportAsync, [_id], [_out, _vectors]);
        Add("delete", "Delete a document with everything of it, uploads included.", DeleteAsync, [_id], []);
        Add("reprocess", "Have a document worked on anew.", ReprocessAsync, [_id], []);
    }

    void Add(
        string name, string description, Func<ParseResult, CancellationToken, Task<int>> run, IReadOnlyList<Argument> arguments,
        IReadOnlyList<Option> options)
    {
        var command = new Command(name, description);
        foreach (var argument in arguments)
            command.Arguments.Add(argument);
        foreach (var option in options)
            command.Options.Add(option);
        command.SetAction(run);
        Subcommands.Add(command);
    }

    static void Bound(Option<int> option, int max) => option.Validators.Add(given =>
    {
        if (given.GetValueOrDefault<int>() < 1 || given.GetValueOrDefault<int>() > max)
            given.AddError($"--limit takes a number from 1 to {max}.");
    });

    async Task<int> ListAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var page = await connection.Client.Documents.ListAsync(command.GetValue(_limit), null, cancellationToken);
        screen.Json(page, AnswerJson.Answers.DocumentPage);
        if (page.Documents.Count == 0)
            screen.Line("No documents. nextup submit --kind documents FILE uploads one.");
        else
            screen.Table(Columns, [.. page.Documents.Select(Row)]);
        return ExitCode.Ok;
    }

    async Task<int> SearchAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var question = string.Join(' ', command.GetRequiredValue(_question));
        var found = await connection.Client.Documents.SearchAsync(question, command.GetValue(_hits), cancellationToken);
        screen.Json(found, AnswerJson.Answers.SearchView);
        if (screen.IsJson)
            return ExitCode.Ok;
        if (found.Hits.Count == 0)
            screen.Line($"Nothing in {found.Searched} chunks.");
        foreach (var hit in found.Hits)
        {
            screen.Line($"{hit.Name}{PagesOf(hit)}{(hit.Headings.Length > 0 ? ", " + hit.Headings : "")}");
            screen.Line("    " + hit.Snippet.Text);
        }

        if (found.Note is { } note)
            screen.Complain(note);
        return ExitCode.Ok;
    }

    async Task<int> ShowAsync(ParseResult command, CancellationToken cancellationToken)
    {
        using var connection = _server.Connect(command);
        Show(_server.ScreenFor(command), await connection.Client.Documents.GetAsync(command.GetRequiredValue(_id), cancellationToken));
        return ExitCode.Ok;
    }

    async Task<int> ExportAsync(ParseResult command, CancellationToken cancellationToken)
    {
        using var connection = _server.Connect(command);
        await using var download = await connection.Client.Documents.ExportAsync(
            command.GetRequiredValue(_id), command.GetValue(_vectors), cancellationToken);
        var path = Path.Combine(_surroundings.PathOf(command.GetValue(_out) ?? "."), download.FileName);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using (var file = File.Create(path))
            await download.CopyToAsync(file, cancellationToken);
        var screen = _server.ScreenFor(command);
        screen.Json(path, AnswerJson.Answers.String);
        screen.Line($"Saved {path}");
        return ExitCode.Ok;
    }

    async Task<int> DeleteAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var id = command.GetRequiredValue(_id);
        using var connection = _server.Connect(command);
        await connection.Client.Documents.DeleteAsync(id, cancellationToken);
        _server.ScreenFor(command).Line($"The document {id} is deleted.");
        return ExitCode.Ok;
    }

    async Task<int> ReprocessAsync(ParseResult command, CancellationToken cancellationToken)
    {
        using var connection = _server.Connect(command);
        Show(
            _server.ScreenFor(command),
            await connection.Client.Documents.ReprocessAsync(command.GetRequiredValue(_id), cancellationToken));
        return ExitCode.Ok;
    }

    static void Show(Screen screen, DocumentView document)
    {
        screen.Json(document, AnswerJson.Answers.DocumentView);
        if (screen.IsJson)
            return;
        screen.Table(Columns, [Row(document)]);
        if (document.Progress is { } progress)
            screen.Line($"{progress.Percent} %, {progress.Step}{(progress.Total is { } all ? $" ({progress.Done} of {all})" : "")}");
        if (document.Model is { } model)
            screen.Line($"{document.Vectors} vectors of {document.Dimension} numbers by {model}");
        foreach (var warning in document.Warnings)
            screen.Line(warning);
        if (document.Error is { } error)
            screen.Line(error);
    }

    static string PagesOf(HitView hit) => (hit.PageFrom, hit.PageTo) switch
    {
        (null, _) => "",
        ({ } from, { } to) when to != from => $", pages {from}-{to}",
        ({ } from, _) => $", page {from}",
    };

    static IReadOnlyList<Cell> Row(DocumentView document) =>
    [
        document.Id, document.Name, document.State, Text(document.Pages), Text(document.Chunks), document.Language ?? "",
        JobTable.Time(document.CreatedAt),
    ];

    static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
