using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.Actors.Tables;

/// <summary>An import's number in its store, from 1, in the order of their beginnings. Never shown to users.</summary>
public readonly record struct ImportNumber(long Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>Where the rows of an import are. The numbers are stored; they are never reused.</summary>
public enum ImportState
{
    /// <summary>Its job works on it, or has ended and it is not settled yet: nobody sees its rows.</summary>
    Aside = 0,

    /// <summary>Its rows are records.</summary>
    Stored = 1,

    /// <summary>Its job ended without storing: failed, cancelled, or a dry run. Its row errors are kept, its rows are not.</summary>
    Dropped = 2,

    /// <summary>Its rows were taken back by its user.</summary>
    Undone = 3,
}

/// <summary>What became of the rows of a file. They add up: <see cref="Total"/> is the sum of all others.</summary>
/// <param name="Total">Rows of the file behind its header.</param>
/// <param name="Inserted">Rows that are new records.</param>
/// <param name="Updated">Rows that took the place of a record with the same key.</param>
/// <param name="Duplicates">Rows passed over because a record with their key is there.</param>
/// <param name="Rejected">Rows with an error.</param>
/// <param name="Blank">Rows without any value.</param>
public sealed record ImportCounts(long Total, long Inserted, long Updated, long Duplicates, long Rejected, long Blank)
{
    public static readonly ImportCounts None = new(0, 0, 0, 0, 0, 0);

    /// <summary>Rows stored.</summary>
    public long Processed => Inserted + Updated;

    public bool AddsUp => Total == Inserted + Updated + Duplicates + Rejected + Blank;
}

/// <summary>An import as the store keeps it.</summary>
public sealed record TableImport
{
    public required ImportNumber Number { get; init; }

    /// <summary>The job that imports.</summary>
    public required JobId Job { get; init; }

    public required UserId User { get; init; }

    /// <summary>The name of the user's table that the rows go to.</summary>
    public required string Table { get; init; }

    public required string FileName { get; init; }

    public required ImportState State { get; init; }

    /// <summary>The attempt that may write; a lower one is refused.</summary>
    public required int Attempt { get; init; }

    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>When it was stored, dropped or undone.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>The last row of the file that the counts include; 0 before the first.</summary>
    public long Row { get; init; }

    public ImportCounts Counts { get; init; } = ImportCounts.None;

    /// <summary>How the file is read and checked, settled by the first attempt: a JSON object of the processor's.</summary>
    public required string Plan { get; init; }

    /// <summary>The header of the file as a JSON list of texts: the error file has it again.</summary>
    public required string Header { get; init; }

    /// <summary>Whether its rows become records when its job completes; false for a dry run.</summary>
    public required bool Stores { get; init; }
}

/// <summary>A row of an import.</summary>
public readonly record struct RowPlace(ImportNumber Import, long Row);

/// <summary>A record to be: invisible until its import is stored.</summary>
/// <param name="Row">The row of the file, from 1; unique within the import.</param>
/// <param name="Content">The values, a JSON object.</param>
/// <param name="Marks">Marks of the values that must be unique, the key's among them.</param>
/// <param name="Replaces">The record whose place it takes, in this import or stored.</param>
public sealed record RecordRow(long Row, string Content, IReadOnlyList<ValueMark> Marks, RowPlace? Replaces);

/// <summary>16 bytes that stand for a column and a value in it: the beginning of a SHA-256.</summary>
public readonly record struct ValueMark(UInt128 Value);

/// <summary>A row that was not stored, as it was, and why.</summary>
/// <param name="Row">The row of the file, from 1.</param>
/// <param name="Line">The line on which it begins, from 1; for sheets the row.</param>
/// <param name="Cells">The row's texts as a JSON list, sensitive ones as they were: only the error file shows it.</param>
/// <param name="Errors">What is wrong, a JSON list.</param>
public sealed record RejectedRow(long Row, long Line, string Cells, string Errors);

/// <summary>What <see cref="Store.IRecordStore.AppendAsync"/> commits in one transaction.</summary>
/// <param name="UpTo">The last row of the file that this batch has seen.</param>
/// <param name="Counts">The counts of the whole import up to that row.</param>
public sealed record RecordBatch(
    ImportNumber Import, int Attempt, IReadOnlyList<RecordRow> Rows, IReadOnlyList<RejectedRow> Rejected, long UpTo,
    ImportCounts Counts);

/// <summary>A record as its user sees it.</summary>
/// <param name="Job">The job that brought it.</param>
public sealed record StoredRecord(RowPlace Place, JobId Job, string Content);

/// <summary>A user's table: the records of the imports into it.</summary>
/// <param name="Records">How many there are.</param>
public sealed record UserTable(string Name, long Records, int Imports, DateTimeOffset ChangedAt);

/// <summary>A user's own profile.</summary>
/// <param name="Content">A JSON object of the processor's.</param>
public sealed record StoredProfile(Guid Id, UserId User, string Name, string Content, DateTimeOffset ChangedAt);
