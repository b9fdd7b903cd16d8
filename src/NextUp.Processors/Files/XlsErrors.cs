using System.Buffers.Binary;

namespace NextUp.Processors.Files;

/// <summary>
/// The cells of an .xls that show an error (#N/A, #REF!): values of their own, or what a formula came to. The reader of
/// workbooks answers them as empty, so they are looked up here ([MS-XLS] 2.4.24, 2.4.127 and 2.5.10).
/// </summary>
sealed class XlsErrors
{
    public const string HiddenSentence =
        "The workbook is encrypted for its protection, so that nobody can see which of its formulas failed. Save it without "
        + "protection, or as xlsx, and send it again.";

    public static readonly XlsErrors None = new(Stream.Null, null, [], 0);

    /// <summary>What is looked at of a record.</summary>
    const int RecordHead = 4, BodyMax = 16;

    const ushort EndOfPart = 0x0A, FilePass = 0x2F, BoundSheet = 0x85, BoolErrOld = 0x05, BoolErr = 0x205;

    /// <summary>Beginnings of what is no sheet.</summary>
    const ushort Globals = 0x05, Workspace = 0x100;

    readonly Stream _workbook;
    readonly SectorChain? _records;
    readonly IReadOnlyList<long> _sheets;
    readonly int _attributes;

    XlsErrors(Stream workbook, SectorChain? records, IReadOnlyList<long> sheets, int attributes) =>
        (_workbook, _records, _sheets, _attributes) = (workbook, records, sheets, attributes);

    /// <summary>The workbook is encrypted and has cells of which nobody can say whether they are errors.</summary>
    public bool AreHidden { get; private init; }

    /// <summary>Those of an .xls. A reader may go on with the same stream: here and later its position is left where it is.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or no .xls.</exception>
    public static XlsErrors Of(Stream workbook)
    {
        var position = workbook.Position;
        try
        {
            // Excel 2 to 4 wrote no container: the file is the stream.
            var records = OleStreams.IsContainer(workbook)
                ? OleStreams.Find(workbook, "Workbook", "Book") : new SectorChain(workbook, [0], workbook.Length, workbook.Length);
            return records is null ? throw new InvalidDataException("There is no workbook in it.") : Of(workbook, records);
        }
        finally
        {
            workbook.Position = position;
        }
    }

    /// <summary>Those of a sheet, in the order in which the reader of workbooks has them.</summary>
    public Sheet OfSheet(int number)
    {
        if (_records is null || number >= _sheets.Count)
            return Sheet.Empty;
        var position = _workbook.Position;
        var sheet = new Sheet(Positions(_records, _sheets[number]));
        _workbook.Position = position;
        return sheet;
    }

    static XlsErrors Of(Stream workbook, SectorChain records)
    {
        if (!TryRead(records, 0, out var first) || !first.IsBeginning)
            throw new InvalidDataException("The workbook does not begin as one.");
        // Excel 2 had three bytes of attributes in a cell where later ones have the number of a format.
        var attributes = first.Id == 0x09 ? 3 : 2;
        if (first.Word(2) is not (Globals or Workspace))
            return new(workbook, records, [0], attributes);

        var (sheets, isEncrypted) = (new List<long>(), false);
        var record = first;
        for (var at = 0L; TryRead(records, at, out record) && record.Id != EndOfPart; at = record.Next)
        {
            isEncrypted |= record.Id == FilePass;
            if (record.Id == BoundSheet && record.Body.Length >= 6 && (isEncrypted || (record.Body[5] & 0x0F) == 0))
                sheets.Add(record.Long(0));
        }

        return isEncrypted
            ? new(workbook, null, [], attributes) { AreHidden = HasFormulas(records) }
            : new(workbook, records, sheets, attributes);
    }

    /// <summary>The heads of records are never encrypted.</summary>
    static bool HasFormulas(SectorChain records)
    {
        for (var at = 0L; TryRead(records, at, out var record); at = record.Next)
        {
            if (record.IsFormula || record.Id is BoolErr or BoolErrOld)
                return true;
        }

        return false;
    }

    /// <summary>Each as row, column and code in one number, in their order. Charts in the sheet have cells of their own.</summary>
    List<long> Positions(SectorChain records, long from)
    {
        var found = new List<long>();
        var depth = 0;
        for (var at = from; TryRead(records, at, out var record); at = record.Next)
        {
            if (record.IsBeginning)
                depth++;
            else if (record.Id == EndOfPart && --depth <= 0)
                break;
            else if (depth == 1 && CodeOf(record) is { } code)
                found.Add(Sheet.Key(record.Word(0), record.Word(2)) | code);
        }

        found.Sort();
        return found;
    }

    byte? CodeOf(in Record record)
    {
        var body = record.Body;
        var value = 4 + _attributes;
        if (record.Id is BoolErr or BoolErrOld)
        {
            var at = record.Id == BoolErrOld ? 7 : 6;
            return body.Length > at + 1 && body[at + 1] != 0 ? body[at] : null;
        }

        var isError = record.IsFormula && body.Length >= value + 8
            && body[value] == 2 && body[value + 6] == 0xFF && body[value + 7] == 0xFF;
        return isError ? body[value + 2] : null;
    }

    static bool TryRead(SectorChain records, long at, out Record record)
    {
        record = default;
        var bytes = records.At(at, RecordHead + BodyMax);
        if (bytes.Length < RecordHead)
            return false;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        var body = bytes[RecordHead..];
        record = new(
            BinaryPrimitives.ReadUInt16LittleEndian(bytes), body[..Math.Min(length, body.Length)], at + RecordHead + length);
        return true;
    }

    /// <param name="body">The first bytes of what is in it.</param>
    readonly ref struct Record(ushort id, ReadOnlySpan<byte> body, long next)
    {
        public ushort Id { get; } = id;

        public ReadOnlySpan<byte> Body { get; } = body;

        public long Next { get; } = next;

        public bool IsBeginning => Id is 0x09 or 0x209 or 0x409 or 0x809;

        public bool IsFormula => Id is 0x06 or 0x206 or 0x406;

        public int Word(int at) => Body.Length < at + 2 ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(Body[at..]);

        public long Long(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Body[at..]);
    }

    /// <summary>The errors of one sheet. Rows and columns count from 0.</summary>
    public sealed class Sheet
    {
        public static readonly Sheet Empty = new([]);

        readonly List<long> _cells;

        internal Sheet(List<long> cells) => _cells = cells;

        public bool IsEmpty => _cells.Count == 0;

        /// <summary>What the cell shows; null where it is no error.</summary>
        public string? At(int row, int column)
        {
            if (IsEmpty)
                return null;
            var key = Key(row, column);
            var at = FirstFrom(key);
            return at < _cells.Count && (_cells[at] & ~0xFFL) == key ? Name((int)(_cells[at] & 0xFF)) : null;
        }

        /// <summary>The columns up to the row's last error; 0 where it has none.</summary>
        public int WidthOf(int row)
        {
            var last = IsEmpty ? -1 : FirstFrom(Key(row + 1, 0)) - 1;
            return last >= 0 && _cells[last] >> 24 == row ? (int)((_cells[last] >> 8) & 0xFFFF) + 1 : 0;
        }

        internal static long Key(int row, int column) => ((long)row << 24) | ((long)column << 8);

        int FirstFrom(long key)
        {
            var found = _cells.BinarySearch(key);
            return found >= 0 ? found : ~found;
        }

        static string Name(int code) => code switch
        {
            0x00 => "#NULL!",
            0x07 => "#DIV/0!",
            0x0F => "#VALUE!",
            0x17 => "#REF!",
            0x1D => "#NAME?",
            0x24 => "#NUM!",
            0x2A => "#N/A",
            0x2B => "#GETTING_DATA",
            _ => $"#ERROR {code}",
        };
    }
}
