using System.CommandLine;
using System.Text.Json;
using NextUp.Client.Downloads;
using NextUp.Client.Tables;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands.Tables;

/// <summary><c>tables ...</c>: files as records: seen before, imported, listed, taken back.</summary>
sealed class TablesCommand : Command
{
    const int LimitMax = 1_000;
    const int LimitDefault = 20;

    readonly Surroundings _surroundings;
    readonly ServerOptions _server;
    readonly Argument<string> _table = new("TABLE") { Description = "The table's name." };
    readonly Argument<string> _import = new("ID") { Description = "The import: the id of its job." };
    readonly Argument<string> _profile = new("PROFILE") { Description = "The profile, by id or name." };

    readonly Option<int> _limit = new("--limit")
    {
        Description = $"How many at most, 1 to {LimitMax}.", HelpName = "N", DefaultValueFactory = _ => LimitDefault,
    };

    readonly Option<string[]> _filter = new("--filter")
    {
        Description = "Only records with this; column:op:value with eq, ne, lt, le, gt, ge, contains or starts. May be given several "
            + "times.",
        HelpName = "CONDITION",
        DefaultValueFactory = _ => [],
    };

    readonly Option<string?> _export = new("--export")
    {
        Description = "Write all of them to standard output instead: csv or jsonl.", HelpName = "csv|jsonl",
    };

    readonly Option<string?> _out = new("--out", "-o")
    {
        Description = "Save the rejected rows, each with its reason, as CSV in this folder.", HelpName = "DIR",
    };

    readonly Option<string?> _save = new("--save")
    {
        Description = "A JSON file with name and columns: adds that profile, or replaces the one of that name.", HelpName = "FILE",
    };

    readonly Option<string?> _remove = new("--remove") { Description = "Deletes this profile, by id or name.", HelpName = "PROFILE" };

    public TablesCommand(Surroundings surroundings, ServerOptions server)
        : base("tables", "Import tables (CSV, Excel) as records, and see to them.")
    {
        (_surroundings, _server) = (surroundings, server);
        Subcommands.Add(new TablePreviewCommand(surroundings, server));
        Subcommands.Add(new TableImportCommand(surroundings, server));
        _export.AcceptOnlyFromAmong("csv", "jsonl");
        _limit.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 1 or > LimitMax)
                given.AddError($"--limit takes a number from 1 to {LimitMax}.");
        });
        Add(new("list", "List your tables."), ListAsync);
        Add(new("imports", "List your imports, newest first.") { _limit }, ImportsAsync);
        Add(new("records", "Show or export records of a table.") { _table, _filter, _limit, _export }, RecordsAsync);
        Add(new("errors", "Say what was wrong with the rows of an import.") { _import, _limit, _out }, ErrorsAsync);
        Add(new("undo", "Take an import back.") { _import }, UndoAsync);
        Add(new("delete", "Delete a table with all its records.") { _table }, DeleteAsync);
        Add(new("profiles", "List your profiles, save one, or remove one.") { _save, _remove }, ProfilesAsync);
        Add(new("template", "Print an empty CSV with a profile's header.") { _profile }, TemplateAsync);
    }

    void Add(Command command, Func<ParseResult, TablesClient, Screen, CancellationToken, Task> run)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var connection = _server.Connect(parsed);
            await run(parsed, connection.Client.Tables, _server.ScreenFor(parsed), cancellationToken);
            return ExitCode.Ok;
        });
        Subcommands.Add(command);
    }

    static async Task ListAsync(ParseResult command, TablesClient tables, Screen screen, CancellationToken cancellationToken)
    {
        var list = await tables.ListAsync(cancellationToken);
        screen.Json(list, TablesJson.Wire.TableList);
        if (list.Tables.Count == 0)
            screen.Line("No tables.");
        else
            screen.Table(
                ["table", "records", "imports", "changed"],
                [.. list.Tables.Select(one => (IReadOnlyList<Cell>)[one.Name, $"{one.Records}", $"{one.Imports}",
                    JobTable.Time(one.ChangedAt)])]);
    }

    async Task ImportsAsync(ParseResult command, TablesClient tables, Screen screen, CancellationToken cancellationToken)
    {
        var page = await tables.ImportsAsync(limit: Math.Min(command.GetValue(_limit), 200), cancellationToken: cancellationToken);
        screen.Json(page, TablesJson.Wire.ImportPage);
        if (page.Imports.Count == 0)
            screen.Line("No imports.");
        else
            screen.Table(ImportWords.Columns, [.. page.Imports.Select(ImportWords.Row)]);
    }

    async Task RecordsAsync(ParseResult command, TablesClient tables, Screen screen, CancellationToken cancellationToken)
    {
        var choice = new RecordChoice(command.GetRequiredValue(_table), null, command.GetValue(_filter));
        if (command.GetValue(_export) is { } format)
        {
            await using var download = await tables.ExportAsync(choice, format, cancellationToken);
            await PrintAsync(download, cancellationToken);
            return;
        }

        var (limit, records, next) = (command.GetValue(_limit), new List<RecordView>(), (string?)null);
        do
        {
            var page = await tables.RecordsAsync(choice, next, limit - records.Count, cancellationToken);
            records.AddRange(page.Records);
            next = page.Next;
        }
        while (next is not null && records.Count < limit);
        screen.Json(new RecordPage(records, next), TablesJson.Wire.RecordPage);
        if (records.Count == 0)
        {
            screen.Line("No records.");
            return;
        }

        var columns = records.SelectMany(one => one.Values.EnumerateObject().Select(value => value.Name)).Distinct().ToList();
        screen.Table(columns, [.. records.Select(record => (IReadOnlyList<Cell>)[.. columns.Select(column => CellOf(record, column))])]);
        if (next is not null)
            screen.Line("There are more. See them with --limit or --export.", Tone.Faint);
    }

    async Task ErrorsAsync(ParseResult command, TablesClient tables, Screen screen, CancellationToken cancellationToken)
    {
        var id = command.GetRequiredValue(_import);
        if (command.GetValue(_out) is { } folder)
        {
            await using var download = await tables.RejectedAsync(id, cancellationToken);
            var path = Path.Combine(Directory.CreateDirectory(_surroundings.PathOf(folder)).FullName, download.FileName);
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
                await download.CopyToAsync(file, cancellationToken);
            screen.Line($"Saved {path}", Tone.Good);
            return;
        }

        var page = await tables.ErrorsAsync(id, cancellationToken: cancellationToken);
        var shown = page.Errors.Take(command.GetValue(_limit)).ToList();
        screen.Json(page with { Errors = shown }, TablesJson.Wire.RowErrorPage);
        if (shown.Count == 0)
            screen.Line("No row was rejected.");
        else
            screen.Table(ImportWords.ErrorColumns, [.. shown.Select(ImportWords.Row)]);
        if (page.Next is not null || shown.Count < page.Errors.Count)
            screen.Line($"There are more. All of them: nextup tables errors {id} --out DIR", Tone.Faint);
    }

    async Task UndoAsync(ParseResult command, TablesClient tables, Screen screen, CancellationToken cancellationToken)
    {
        var import = await tables.UndoAsync(command.GetRequiredValue(_import), cancellationToken);
        screen.Json(import, TablesJson.Wire.ImportView);
        screen.Line($"{import.FileName}: its {import.Counts.Processed} records are taken back.");
    }

    async Task DeleteAsync(ParseResult command, TablesClient tables, Screen screen, CancellationToken cancellationToken)
    {
        await tables.DeleteAsync(command.GetRequiredValue(_table), cancellationToken);
        screen.Line($"The table {command.GetRequiredValue(_table)} is deleted.");
    }

    async Task ProfilesAsync(ParseResult command, TablesClient tables, Screen screen, CancellationToken cancellationToken)
    {
        if (command.GetValue(_remove) is { } gone)
            await tables.DeleteProfileAsync(await IdOfAsync(tables, gone, cancellationToken), cancellationToken);
        if (command.GetValue(_save) is { } path)
            await SaveAsync(tables, path, cancellationToken);
        var list = await tables.ProfilesAsync(cancellationToken);
        screen.Json(list, TablesJson.Wire.ProfileList);
        if (list.Profiles.Count == 0)
            screen.Line("No profiles.");
        else
            screen.Table(
                ["profile", "name", "columns"],
                [.. list.Profiles.Select(one => (IReadOnlyList<Cell>)[one.Id, one.Name, string.Join(", ",
                    one.Columns.Select(column => column.Name))])]);
    }

    async Task SaveAsync(TablesClient tables, string path, CancellationToken cancellationToken)
    {
        var wish = ImportWords.ReadJson(_surroundings.PathOf(path), TablesJson.Wire.ProfileWish);
        var known = (await tables.ProfilesAsync(cancellationToken)).Profiles.FirstOrDefault(one => one.Name == wish.Name);
        _ = known is null
            ? await tables.AddProfileAsync(wish, cancellationToken)
            : await tables.ReplaceProfileAsync(known.Id, wish, cancellationToken);
    }

    async Task TemplateAsync(ParseResult command, TablesClient tables, Screen screen, CancellationToken cancellationToken)
    {
        var id = await IdOfAsync(tables, command.GetRequiredValue(_profile), cancellationToken);
        await using var download = await tables.TemplateAsync(id, cancellationToken);
        await PrintAsync(download, cancellationToken);
    }

    static async Task<string> IdOfAsync(TablesClient tables, string idOrName, CancellationToken cancellationToken)
    {
        var own = (await tables.ProfilesAsync(cancellationToken)).Profiles;
        return own.FirstOrDefault(one => one.Id == idOrName || one.Name == idOrName)?.Id
            ?? throw new UsageException($"You have no profile \"{idOrName}\". See yours with: nextup tables profiles");
    }

    async Task PrintAsync(FileDownload download, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(download.Content);
        var buffer = new char[64 * 1024];
        while (await reader.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            await _surroundings.Out.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
    }

    static Cell CellOf(RecordView record, string column) =>
        !record.Values.TryGetProperty(column, out var value) ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
