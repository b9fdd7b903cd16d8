using System.Text;
using System.Text.Json;

namespace NextUp.Processors.Tables.Reading;

/// <summary>
/// The rows of a sheet, from the lines that <see cref="WorkbookRows"/> wrote. Blank rows between others are rows, those
/// behind the last are none.
/// </summary>
sealed class SheetReader : ITableSource
{
    readonly StreamReader _lines;
    readonly Stream _content;
    readonly List<Cell> _next = [];
    readonly List<Cell> _cells = [];
    long _nextRow;
    bool _isWhole;

    public SheetReader(Stream content)
    {
        _content = content;
        _lines = new StreamReader(content, Encoding.UTF8, false, 64 * 1024);
        using var head = JsonDocument.Parse(_lines.ReadLine() ?? throw new UnreadableTableException("The workbook could not be read."));
        Sheet = head.RootElement.GetProperty("sheet").GetString()!;
        Sheets = [.. head.RootElement.GetProperty("sheets").EnumerateArray().Select(one => one.GetString()!)];
        Advance();
    }

    public string Sheet { get; }

    /// <summary>Those that are shown.</summary>
    public IReadOnlyList<string> Sheets { get; }

    public long Row { get; private set; }

    public long Line => Row;

    public IReadOnlyList<Cell> Cells => _cells;

    public string? Fault => null;

    public double Share => _content.Length == 0 ? 1 : (double)_content.Position / _content.Length;

    public void Dispose() => _lines.Dispose();

    public bool Read()
    {
        _cells.Clear();
        if (_nextRow == 0)
            return false;
        Row++;
        if (Row < _nextRow)
            return true;
        _cells.AddRange(_next);
        Advance();
        return true;
    }

    void Advance()
    {
        _next.Clear();
        _nextRow = 0;
        if (_isWhole)
            return;
        var line = _lines.ReadLine() ?? throw new UnreadableTableException("The sheet breaks off in the middle.");
        if (line.StartsWith('{'))
        {
            _isWhole = true;
            return;
        }

        using var row = JsonDocument.Parse(line);
        foreach (var cell in row.RootElement.EnumerateArray())
        {
            if (_nextRow == 0)
                _nextRow = cell.GetInt64();
            else
                _next.Add(CellOf(cell));
        }
    }

    static Cell CellOf(JsonElement cell)
    {
        switch (cell.ValueKind)
        {
            case JsonValueKind.Null:
                return Cell.Empty;
            case JsonValueKind.String:
                return Cell.Of(cell.GetString()!);
            default:
                var tagged = cell.EnumerateObject().First();
                return tagged.Name switch
                {
                    "n" => new(CellKind.Number, tagged.Value.GetString()!),
                    "m" => new(CellKind.Number, tagged.Value.GetString()!) { CountsFrom1904 = true },
                    "d" => new(CellKind.Date, tagged.Value.GetString()!),
                    "b" => new(CellKind.Boolean, tagged.Value.GetBoolean() ? "true" : "false"),
                    _ => new(CellKind.Error, tagged.Value.GetString()!),
                };
        }
    }
}
