using System.Buffers;

namespace NextUp.Processors.Tables.Reading;

/// <summary>How a file is to be read: found out by <see cref="ShapeSniff"/>, or said by its submitter.</summary>
/// <param name="Encoding">Of a separated file; null for a sheet.</param>
/// <param name="Separator">Of a separated file; null for a sheet.</param>
/// <param name="HeaderRow">The row with the columns' names, from 1; 0 where there is none.</param>
/// <param name="FirstRow">The first row that is one of the table.</param>
/// <param name="Header">The columns' names; a column without one is called "Column 3", a second "Name" is "Name (2)".</param>
/// <param name="Sheet">The sheet's name; null for a separated file.</param>
sealed record TableShape(
    string? Encoding, string? Separator, long HeaderRow, long FirstRow, IReadOnlyList<string> Header, string? Sheet);

/// <summary>Finds the header among the first rows.</summary>
static class ShapeSniff
{
    /// <summary>A header has at least this share of the names that the widest usual row has values.</summary>
    const double NamedShare = 0.6;

    static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.,-+/: %");

    /// <param name="rows">The first rows, with their numbers, blank ones included.</param>
    /// <param name="wanted">The header's row where the submitter says so: 0 is none.</param>
    public static (long HeaderRow, long FirstRow, IReadOnlyList<string> Header) Header(
        IReadOnlyList<(long Row, Cell[] Cells)> rows, long? wanted)
    {
        var width = UsualWidth(rows);
        if (wanted is { } said)
        {
            var cells = rows.FirstOrDefault(one => one.Row == said).Cells ?? [];
            return said == 0 ? (0, 1, Names([], width)) : (said, said + 1, Names(cells, Math.Max(cells.Length, 1)));
        }

        foreach (var (row, cells) in rows)
        {
            var named = cells.Count(cell => !cell.IsBlank);
            if (named == 0 || named < width * NamedShare || WidthOf(cells) < Math.Min(width, 2))
                continue;
            return LooksLikeNames(cells, rows, row) ? (row, row + 1, Names(cells, cells.Length)) : (0, row, Names([], width));
        }

        // Nothing looks like a header: the rows are there all the same, and their columns are numbered.
        var widest = rows.Select(one => WidthOf(one.Cells)).DefaultIfEmpty().Max();
        return widest == 0 ? (0, 1, []) : (0, rows.First(one => WidthOf(one.Cells) > 0).Row, Names([], widest));
    }

    /// <summary>Names are texts, and no two are the same number or date.</summary>
    static bool LooksLikeNames(Cell[] cells, IReadOnlyList<(long Row, Cell[] Cells)> rows, long row)
    {
        var values = cells.Where(cell => !cell.IsBlank).ToList();
        var likeValues = values.Count(IsValue);
        if (likeValues * 2 >= values.Count)
            return false;

        // A header above nothing is still one; a number among the names is a year as often as a value.
        return likeValues == 0 || rows.Any(one => one.Row > row);
    }

    static bool IsValue(Cell cell) => cell.Kind is CellKind.Number or CellKind.Date or CellKind.Boolean or CellKind.Error
        || (cell.Kind == CellKind.Text && cell.Text.AsSpan().IndexOfAnyExcept(OfNumbers) < 0);

    static int UsualWidth(IReadOnlyList<(long Row, Cell[] Cells)> rows)
    {
        var widths = rows.Select(one => WidthOf(one.Cells)).Where(width => width > 0).CountBy(width => width).ToList();
        return widths.Count == 0 ? 0
            : widths.OrderByDescending(one => one.Value * (1 + Math.Log2(one.Key))).First().Key;
    }

    static int WidthOf(Cell[] cells)
    {
        var width = cells.Length;
        while (width > 0 && cells[width - 1].IsBlank)
            width--;
        return width;
    }

    static List<string> Names(Cell[] cells, int width)
    {
        var names = new List<string>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Max(width, WidthOf(cells)); i++)
        {
            var given = i < cells.Length ? Clean(cells[i].Text) : "";
            var name = given.Length > 0 ? given : $"Column {i + 1}";
            var free = name;
            for (var n = 2; !taken.Add(free); n++)
                free = $"{name} ({n})";
            names.Add(free);
        }

        // A separator at each row's end makes a column without a name and, mostly, without a value.
        if (cells.Length > 1 && names.Count == cells.Length && cells[^1].IsBlank)
            names.RemoveAt(names.Count - 1);
        return names;
    }

    /// <summary>The longest name of a column, in characters.</summary>
    public const int NameLengthMax = 200;

    static string Clean(string name)
    {
        var clean = string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Trim('\uFEFF');
        clean = string.Concat(clean.Where(letter => !char.IsControl(letter)));
        return clean.Length <= NameLengthMax ? clean : clean[..NameLengthMax];
    }
}
