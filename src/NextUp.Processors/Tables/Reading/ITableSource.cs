namespace NextUp.Processors.Tables.Reading;

/// <summary>The rows of a file, one after the other, in bounded memory. Used by one thread at a time.</summary>
interface ITableSource : IDisposable
{
    /// <summary>The row read last, from 1, the header and the lines above it included.</summary>
    long Row { get; }

    /// <summary>The line on which it begins, from 1; in a sheet its row.</summary>
    long Line { get; }

    /// <summary>Its cells, until the next is read.</summary>
    IReadOnlyList<Cell> Cells { get; }

    /// <summary>What is wrong with the row as such, a sentence; null where nothing is.</summary>
    string? Fault { get; }

    /// <summary>How much of the file is read, 0 to 1.</summary>
    double Share { get; }

    /// <summary>False at the end. Throws <see cref="UnreadableTableException"/> where the file cannot be read on.</summary>
    bool Read();
}

/// <summary>The file cannot be read; the message is a sentence for the person who sent it.</summary>
sealed class UnreadableTableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>How much of a file is looked at, at most.</summary>
static class TableLimits
{
    /// <summary>The longest row, in characters: a quote that is never closed would take in the whole file.</summary>
    public const int RowLengthMax = 1024 * 1024;

    /// <summary>The most columns, as in a sheet.</summary>
    public const int ColumnsMax = 16_384;

    /// <summary>Rows that are looked at to find out how a file is built.</summary>
    public const int SampleRowsMax = 1_000;

    /// <summary>Characters that are looked at for that.</summary>
    public const int SampleLengthMax = 512 * 1024;
}
