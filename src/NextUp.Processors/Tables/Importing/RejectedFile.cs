using System.Text;
using System.Text.Json;
using NextUp.Actors.Tables;

namespace NextUp.Processors.Tables.Importing;

/// <summary>
/// The rejected rows as they were, each with its row, its line and what is wrong, as CSV that a spreadsheet may open.
/// Corrected, it can be imported as it is: the columns that were added are passed over.
/// </summary>
public static class RejectedFile
{
    /// <param name="next">The rows behind a row; none at the end.</param>
    public static async Task WriteAsync(
        TextWriter target, IReadOnlyList<string> header, Func<long, Task<IReadOnlyList<RejectedRow>>> next,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(next);
        var text = new StringBuilder(SafeCsv.ByteOrderMark);
        var names = header.ToList();
        if (ImportPlanner.IsOfErrorFile(names, names.Count - 1))
            names.RemoveRange(names.Count - ImportPlanner.ErrorColumns.Count, ImportPlanner.ErrorColumns.Count);
        SafeCsv.AppendRow(text, names.Concat(ImportPlanner.ErrorColumns));
        for (var after = 0L; await next(after) is { Count: > 0 } page; after = page[^1].Row)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var row in page)
                SafeCsv.AppendRow(text, Values(row, names.Count));
            await target.WriteAsync(text, cancellationToken);
            text.Clear();
        }

        await target.WriteAsync(text, cancellationToken);
    }

    /// <summary>What is wrong with a row.</summary>
    public static IReadOnlyList<RowError> ErrorsOf(RejectedRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return JsonSerializer.Deserialize(row.Errors, ImportJson.Wire.IReadOnlyListRowError) ?? [];
    }

    static IEnumerable<string> Values(RejectedRow row, int width)
    {
        var cells = JsonSerializer.Deserialize(row.Cells, ImportJson.Wire.IReadOnlyListString) ?? [];
        for (var i = 0; i < width; i++)
            yield return i < cells.Count ? cells[i] : "";
        yield return $"{row.Row}";
        yield return $"{row.Line}";
        yield return string.Join("; ", ErrorsOf(row).Select(Sentence));
    }

    static string Sentence(RowError error)
    {
        var where = error.Column is null ? "" : $"{error.Column}: ";
        var found = error.Found is null ? "nothing there" : $"found {error.Found}";
        return $"{where}{error.Code}, expected {error.Expected}, {found}{(error.Hint is null ? "" : $". {error.Hint}")}";
    }
}
