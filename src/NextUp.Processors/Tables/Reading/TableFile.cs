using System.Text;

namespace NextUp.Processors.Tables.Reading;

/// <summary>How a submitter says that a file is to be read; what is null is found out.</summary>
sealed record ReadingWishes(string? Encoding, char? Separator, int? HeaderRow, string? Sheet);

/// <summary>What came of opening a file.</summary>
abstract record OpenedFile
{
    OpenedFile() { }

    public sealed record Opened(TableFile File) : OpenedFile;

    /// <param name="Reason">One sentence: what is wrong, and the way out.</param>
    public sealed record Refused(string Reason) : OpenedFile;
}

/// <summary>A table whose shape is known, and whose rows can be read as often as needed.</summary>
sealed class TableFile : IDisposable
{
    readonly Stream _rows;
    readonly bool _isOwned;

    TableFile(Stream rows, bool isOwned) => (_rows, _isOwned) = (rows, isOwned);

    public TableShape Shape { get; private set; } = null!;

    /// <summary>The first rows behind the header.</summary>
    public IReadOnlyList<(long Row, Cell[] Cells)> Sample { get; private set; } = [];

    /// <summary>Whether the sample is all of it.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The sheets of a workbook that are shown.</summary>
    public IReadOnlyList<string> Sheets { get; private set; } = [];

    /// <param name="content">The upload; it can seek and stays the caller's.</param>
    public static async Task<OpenedFile> OpenAsync(
        string fileName, Stream content, ReadingWishes wishes, IWorkbookReader workbooks, Func<string> workspace,
        CancellationToken cancellationToken)
    {
        TableFile file;
        switch (UploadFormat.Of(fileName, content))
        {
            case UploadFormat.Refused refused:
                return new OpenedFile.Refused(refused.Reason);
            case UploadFormat.Workbook:
                switch (await workbooks.ReadAsync(content, workspace(), wishes.Sheet, cancellationToken))
                {
                    case WorkbookAnswer.Refused refused:
                        return new OpenedFile.Refused(refused.Reason);
                    case var read:
                        file = new TableFile(File.OpenRead(((WorkbookAnswer.Read)read).Path), isOwned: true);
                        break;
                }

                break;
            default:
                file = new TableFile(content, isOwned: false);
                break;
        }

        try
        {
            file.Look(wishes);
            return file.Shape.Header.Count > 0 ? new OpenedFile.Opened(file)
                : new OpenedFile.Refused($"\"{fileName}\" holds no rows. Save the table again, with its header and rows.");
        }
        catch (UnreadableTableException error)
        {
            file.Dispose();
            return new OpenedFile.Refused(error.Message);
        }
    }

    /// <summary>A fresh reader, before its first row. The one before it is over.</summary>
    public ITableSource NewSource(TableShape shape)
    {
        _rows.Position = 0;
        if (shape.Sheet is not null)
            return new SheetReader(new LeftOpen(_rows));
        var encoding = TextEncodings.Find(shape.Encoding!)!;
        var text = new StreamReader(_rows, encoding, detectEncodingFromByteOrderMarks: true, 64 * 1024, leaveOpen: true);
        var length = Math.Max(_rows.Length, 1);
        return new CsvReader(text, shape.Separator![0], () => (double)_rows.Position / length);
    }

    public void Dispose()
    {
        if (_isOwned)
            _rows.Dispose();
    }

    void Look(ReadingWishes wishes)
    {
        if (_isOwned)
        {
            using var sheet = new SheetReader(new LeftOpen(_rows));
            Sheets = sheet.Sheets;
            Shape = Sniff(sheet, new(null, null, 0, 1, [], sheet.Sheet), wishes.HeaderRow, 0);
            return;
        }

        var name = wishes.Encoding ?? TextEncodings.Sniff(_rows);
        var sample = Head(TextEncodings.Find(name)!);
        var (separator, isNamed) = wishes.Separator is { } said
            ? (said, SeparatorSniff.Named(sample) == said) : SeparatorSniff.Of(sample);
        var shape = new TableShape(name, separator.ToString(), 0, 1, [], null);
        using var source = NewSource(shape);
        Shape = Sniff(source, shape, wishes.HeaderRow, isNamed ? 1 : 0);
    }

    /// <param name="passed">Rows at the beginning that are none of the table.</param>
    TableShape Sniff(ITableSource source, TableShape shape, int? headerRow, long passed)
    {
        var rows = new List<(long Row, Cell[] Cells)>();
        var length = 0;
        while (rows.Count < TableLimits.SampleRowsMax && length < TableLimits.SampleLengthMax)
        {
            if (!source.Read())
            {
                IsWhole = true;
                break;
            }

            Cell[] cells = source.Row <= passed ? [] : [.. source.Cells];
            length += cells.Sum(cell => cell.Text.Length + 1);
            rows.Add((source.Row, cells));
        }

        var (header, first, names) = ShapeSniff.Header(rows, headerRow);
        Sample = [.. rows.Where(one => one.Row >= Math.Max(first, passed + 1))];
        return shape with { HeaderRow = header, FirstRow = Math.Max(first, passed + 1), Header = names };
    }

    string Head(Encoding encoding)
    {
        _rows.Position = 0;
        using var reader = new StreamReader(_rows, encoding, true, 64 * 1024, leaveOpen: true);
        var sample = new char[TableLimits.SampleLengthMax];
        return new string(sample, 0, reader.ReadBlock(sample));
    }

    /// <summary>A reader closes what it reads; the file is read more than once.</summary>
    sealed class LeftOpen(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush() => inner.Flush();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
