using System.CommandLine;
using NextUp.Client.Tables;
using NextUp.Client.Uploads;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;
using NextUp.Server.Commands.Watching;

namespace NextUp.Server.Commands.Tables;

/// <summary><c>tables import FILE</c>: imports and waits for the end.</summary>
sealed class TableImportCommand : Command
{
    /// <summary>A job's end is settled in the moment after it; so often is asked.</summary>
    const int AsksMax = 100;

    static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(100);

    readonly Surroundings _surroundings;
    readonly ServerOptions _server;
    readonly ImportOptionsOfCommand _options;
    readonly Argument<string> _file = new("FILE") { Description = "The table: CSV, xlsx or xls." };

    public TableImportCommand(Surroundings surroundings, ServerOptions server)
        : base("import", "Import a table, and wait until it is done. Ctrl+C leaves it running.")
    {
        (_surroundings, _server) = (surroundings, server);
        Arguments.Add(_file);
        _options = new(this);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var tables = connection.Client.Tables;
        var job = await tables.ImportAsync(
            Upload.OfFile(_surroundings.PathOf(command.GetRequiredValue(_file))), _options.Read(command), cancellationToken);
        var board = new JobBoard([job]);
        await BoardViews.For(screen).ShowAsync(board, JobWatch.FollowAsync(connection.Client, board, cancellationToken));
        var ended = board[job.Id];
        if (ended.State != JobStateNames.Completed)
        {
            screen.Complain($"{ended.FileName}: {ended.Error ?? ended.State}");
            screen.Complain($"What was wrong, row by row: nextup tables errors {job.Id}");
            return ExitCode.Negative;
        }

        var import = await tables.ImportAsync(job.Id, cancellationToken);
        for (var asked = 0; import.State == ImportStateNames.Processing && asked < AsksMax; asked++)
        {
            await Task.Delay(AskInterval, _surroundings.Clock, cancellationToken);
            import = await tables.ImportAsync(job.Id, cancellationToken);
        }

        screen.Json(import, TablesJson.Wire.ImportView);
        screen.Table(ImportWords.Columns, [ImportWords.Row(import)]);
        if (import.Counts.Rejected > 0)
            screen.Line($"What was wrong: nextup tables errors {import.Id}. Take it back: nextup tables undo {import.Id}", Tone.Faint);
        return ExitCode.Ok;
    }
}

/// <summary><c>tables preview FILE</c>: what an import would do.</summary>
sealed class TablePreviewCommand : Command
{
    readonly Surroundings _surroundings;
    readonly ServerOptions _server;
    readonly ImportOptionsOfCommand _options;
    readonly Argument<string> _file = new("FILE") { Description = "The table: CSV, xlsx or xls." };

    public TablePreviewCommand(Surroundings surroundings, ServerOptions server)
        : base("preview", "Say how a table would be read and mapped, and what is wrong with its first rows.")
    {
        (_surroundings, _server) = (surroundings, server);
        Arguments.Add(_file);
        _options = new(this);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        using var connection = _server.Connect(command);
        var preview = await connection.Client.Tables.PreviewAsync(
            Upload.OfFile(_surroundings.PathOf(command.GetRequiredValue(_file))), _options.Read(command), cancellationToken);
        screen.Json(preview, TablesJson.Wire.TablePreview);
        var how = preview.Sheet is { } sheet ? $"sheet {sheet}" : $"{preview.Encoding}, parted by \"{preview.Separator}\"";
        screen.Line($"{preview.FileName}: {how}, header in row {preview.HeaderRow}, into the table {preview.Table}.");
        screen.Table(
            ["column", "goes to", "type", "why"],
            [
                .. preview.Columns.Select(one => (IReadOnlyList<Cell>)[one.Header ?? "(none)", one.Rule.Name,
                    one.Rule.Type, one.Why ?? ""]),
                .. preview.Ignored.Select(one => (IReadOnlyList<Cell>)[one, "(ignored)", "", ""]),
            ]);
        screen.Line($"{preview.Wrong} of the {(preview.IsWhole ? "" : "first ")}{preview.Looked} rows are wrong.");
        if (preview.Errors.Count > 0)
            screen.Table(ImportWords.ErrorColumns, [.. preview.Errors.Take(20).Select(ImportWords.Row)]);
        return ExitCode.Ok;
    }
}
