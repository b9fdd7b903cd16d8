using System.Text;

namespace NextUp.Processors.Tables.Reading;

/// <summary>
/// Separated values as RFC 4180 has them, with any separator, every kind of line end, also mixed, and quotes only where a
/// value begins with one.
/// </summary>
sealed class CsvReader(TextReader text, char separator, Func<double>? share = null) : ITableSource
{
    const int BufferLength = 64 * 1024;

    readonly List<Cell> _cells = [];
    readonly StringBuilder _quoted = new();
    readonly string _stops = string.Concat(separator, '\n', '\r');
    char[] _buffer = new char[BufferLength];
    int _at;
    int _end;
    int _rowLength;
    long _lineNow = 1;
    bool _isOver;

    public long Row { get; private set; }

    public long Line { get; private set; }

    public IReadOnlyList<Cell> Cells => _cells;

    public string? Fault { get; private set; }

    public double Share => share?.Invoke() ?? 0;

    public void Dispose() => text.Dispose();

    public bool Read()
    {
        _cells.Clear();
        Fault = null;
        if (!HasMore())
            return false;

        Row++;
        Line = _lineNow;
        _rowLength = 0;
        while (ReadValue())
        {
            if (_cells.Count > TableLimits.ColumnsMax)
            {
                throw new UnreadableTableException(
                    $"Line {Line} has more than {TableLimits.ColumnsMax:N0} columns. Is the separator right? "
                    + $"It was read with {SeparatorSniff.NameOf(separator)}.");
            }
        }

        return true;
    }

    /// <summary>Reads one value; true where another one of the same row follows.</summary>
    bool ReadValue()
    {
        if (!HasMore())
        {
            _cells.Add(Cell.Empty);
            return false;
        }

        return _buffer[_at] == '"' ? ReadQuoted() : ReadPlain();
    }

    bool ReadPlain()
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_at + searched, _end - _at - searched).IndexOfAny(_stops);
            if (found >= 0)
            {
                var length = searched + found;
                Add(new string(_buffer, _at, length));
                _at += length;
                return TakeStop();
            }

            searched = _end - _at;
            Grew(searched);
            if (!Fill())
            {
                Add(new string(_buffer, _at, searched));
                _at = _end;
                return false;
            }
        }
    }

    bool ReadQuoted()
    {
        var openedIn = _lineNow;
        _quoted.Clear();
        _at++;
        while (true)
        {
            var found = _buffer.AsSpan(_at, _end - _at).IndexOf('"');
            var length = found < 0 ? _end - _at : found;
            CountLines(_buffer.AsSpan(_at, length), isCut: found < 0);
            _quoted.Append(_buffer, _at, length);
            Grew(_quoted.Length);
            _at += length;
            if (found < 0)
            {
                if (!HasMore())
                    throw new UnreadableTableException(NeverClosed(openedIn));
                continue;
            }

            _at++;
            if (!HasMore() || _buffer[_at] != '"')
                break;
            _quoted.Append('"');
            _at++;
        }

        return EndQuoted();
    }

    /// <summary>Behind the closing quote: a separator or the row's end, or text that should not be there.</summary>
    bool EndQuoted()
    {
        var value = _quoted.ToString();
        if (HasMore() && !_stops.Contains(_buffer[_at], StringComparison.Ordinal))
        {
            Fault = $"Value {_cells.Count + 1} goes on behind its closing quote: write a quote inside a value twice.";
            var next = ReadPlain();
            _cells[^1] = Cell.Of(value + _cells[^1].Text);
            return next;
        }

        Add(value);
        return HasMore() && TakeStop();
    }

    bool TakeStop()
    {
        var stop = _buffer[_at++];
        if (stop == separator)
            return true;
        if (stop == '\r' && HasMore() && _buffer[_at] == '\n')
            _at++;
        _lineNow++;
        return false;
    }

    void Add(string value)
    {
        _rowLength += value.Length;
        Grew(0);
        _cells.Add(Cell.Of(value));
    }

    void Grew(int more)
    {
        if (_rowLength + more > TableLimits.RowLengthMax)
        {
            throw new UnreadableTableException(
                $"The row that begins in line {Line} is longer than {TableLimits.RowLengthMax:N0} characters. Is a quote "
                + "opened there that is never closed?");
        }
    }

    static string NeverClosed(long line) =>
        $"A quote is opened in line {line} and never closed, so all that follows would be one value. Close it, or write a "
        + "quote inside a value twice.";

    void CountLines(ReadOnlySpan<char> value, bool isCut)
    {
        _lineNow += value.Count('\n');
        for (var at = value.IndexOf('\r'); at >= 0;)
        {
            if (at + 1 < value.Length ? value[at + 1] != '\n' : !isCut || text.Peek() != '\n')
                _lineNow++;
            var next = value[(at + 1)..].IndexOf('\r');
            at = next < 0 ? -1 : at + 1 + next;
        }
    }

    bool HasMore() => _at < _end || Fill();

    /// <summary>Reads on behind what is left, which keeps its place in front. False at the end of the file.</summary>
    bool Fill()
    {
        if (_isOver)
            return false;
        var left = _end - _at;
        if (left == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        else if (_at > 0)
            Array.Copy(_buffer, _at, _buffer, 0, left);
        (_at, _end) = (0, left);
        var read = text.Read(_buffer, _end, _buffer.Length - _end);
        _isOver = read == 0;
        _end += read;
        return read > 0;
    }
}
