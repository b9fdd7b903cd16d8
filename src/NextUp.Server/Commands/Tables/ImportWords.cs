using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using NextUp.Client.Tables;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands.Tables;

/// <summary>Imports and their errors as tables of a screen.</summary>
static class ImportWords
{
    public static readonly IReadOnlyList<string> Columns =
        ["import", "table", "file", "state", "rows", "inserted", "updated", "duplicates", "rejected", "blank"];

    public static readonly IReadOnlyList<string> ErrorColumns = ["row", "line", "column", "code", "expected", "found", "hint"];

    public static IReadOnlyList<Cell> Row(ImportView import) =>
    [
        import.Id, import.Table, import.FileName, import.State, $"{import.Counts.Total}", $"{import.Counts.Inserted}",
        $"{import.Counts.Updated}", $"{import.Counts.Duplicates}", $"{import.Counts.Rejected}", $"{import.Counts.Blank}",
    ];

    public static IReadOnlyList<Cell> Row(RowErrorView error) =>
        [$"{error.Row}", $"{error.Line}", error.Column ?? "", error.Code, error.Expected, error.Found ?? "", error.Hint ?? ""];

    /// <summary>Throws where the file is none of these.</summary>
    public static T ReadJson<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), type) ?? throw new JsonException("it is null");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {error.Message}");
        }
    }
}

/// <summary>The options that a preview and an import have in common.</summary>
sealed class ImportOptionsOfCommand
{
    readonly Option<string?> _profile = new("--profile") { Description = "A profile of yours, by id or name.", HelpName = "PROFILE" };
    readonly Option<string?> _table = new("--table") { Description = "The table that the records go to.", HelpName = "TABLE" };

    readonly Option<string?> _mode = new("--mode")
    {
        Description = "Store the rows that are right, all or nothing, or nothing at all.", HelpName = "validRows|allOrNothing|dryRun",
    };

    readonly Option<string?> _duplicates = new("--duplicates")
    {
        Description = "What becomes of a row whose key is there already.", HelpName = "skip|reject|update",
    };

    readonly Option<string?> _options = new("--options")
    {
        Description = "All other options, a JSON object, for example {\"mapping\":{\"Surname\":\"name\"}}.", HelpName = "JSON",
    };

    public ImportOptionsOfCommand(Command command)
    {
        _mode.AcceptOnlyFromAmong("validRows", "allOrNothing", "dryRun");
        _duplicates.AcceptOnlyFromAmong("skip", "reject", "update");
        foreach (var option in (Option[])[_profile, _table, _mode, _duplicates, _options])
            command.Options.Add(option);
    }

    /// <summary>Null where there are none.</summary>
    public string? Read(ParseResult command)
    {
        JsonObject all;
        try
        {
            all = JsonNode.Parse(command.GetValue(_options) ?? "{}") as JsonObject ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new UsageException("--options takes a JSON object, {...}.");
        }

        foreach (var (name, option) in new[] { ("profile", _profile), ("table", _table), ("mode", _mode), ("duplicates", _duplicates) })
        {
            if (command.GetValue(option) is { } value)
                all[name] = value;
        }

        return all.Count == 0 ? null : all.ToJsonString();
    }
}
