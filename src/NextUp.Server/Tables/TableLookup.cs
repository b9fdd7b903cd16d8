using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;
using NextUp.Client.Tables;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Tables;

/// <summary>Finds a caller's imports and tables, and shows them. Someone else's is none.</summary>
sealed class TableLookup(IRecordStore store)
{
    /// <summary>Imports of a table that are looked at for the names of its columns.</summary>
    const int ImportsForColumnsMax = 200;

    /// <summary>The caller's import that the path names. Null means that it is none, and that this was answered.</summary>
    public async ValueTask<TableImport?> FindAsync(HttpContext context, Caller caller)
    {
        var text = JobEndpoints.IdOf(context);
        var found = JobId.TryParse(text, null, out var id) ? await store.FindImportAsync(caller.User, id) : null;
        if (found is null)
            await Problems.WriteAsync(context, Problems.ImportNotFound(text));
        return found;
    }

    public static ImportView ViewOf(TableImport import)
    {
        using var plan = JsonDocument.Parse(import.Plan);
        var counts = import.Counts;
        return new ImportView(
            import.Job.ToString(), import.Table, import.FileName, StateOf(import.State),
            plan.RootElement.GetProperty("mode").GetString()!,
            plan.RootElement.TryGetProperty("profile", out var profile) ? profile.GetString() : null,
            import.BegunAt, import.SettledAt,
            new(counts.Total, counts.Inserted, counts.Updated, counts.Duplicates, counts.Rejected, counts.Blank, counts.Processed));
    }

    public static string StateOf(ImportState state) => state switch
    {
        ImportState.Aside => ImportStateNames.Processing,
        ImportState.Stored => ImportStateNames.Stored,
        ImportState.Dropped => ImportStateNames.Dropped,
        _ => ImportStateNames.Undone,
    };

    /// <summary>The columns of a table's records, in the order in which imports brought them.</summary>
    public async Task<IReadOnlyList<string>> ColumnsAsync(UserId user, string table)
    {
        var imports = await store.ImportsAsync(user, table, null, ImportsForColumnsMax);
        var columns = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var import in imports.Where(one => one.State == ImportState.Stored).Reverse())
        {
            using var plan = JsonDocument.Parse(import.Plan);
            foreach (var column in plan.RootElement.GetProperty("columns").EnumerateArray())
            {
                var name = column.GetProperty("rule").GetProperty("name").GetString()!;
                if (known.Add(name))
                    columns.Add(name);
            }
        }

        return columns;
    }
}
