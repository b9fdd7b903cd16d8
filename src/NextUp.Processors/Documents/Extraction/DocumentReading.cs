namespace NextUp.Processors.Documents.Extraction;

/// <summary>What came of reading a file.</summary>
public abstract record DocumentReading
{
    DocumentReading() { }

    /// <param name="Text">Has at least one block.</param>
    public sealed record Extracted(DocumentText Text) : DocumentReading;

    /// <summary>This file cannot be read, now or later.</summary>
    /// <param name="Reason">A sentence or two for its owner: what is wrong, and the way out.</param>
    public sealed record Refused(string Reason) : DocumentReading;

    /// <summary>The file may be well; what reads it is missing or broke. Another attempt may succeed.</summary>
    /// <param name="Reason">A sentence or two: what failed, and the way out.</param>
    public sealed record ToolFailed(string Reason) : DocumentReading;
}

/// <summary>How far the reading is.</summary>
/// <param name="Done">Pages, slides or sheets.</param>
/// <param name="Total">All of them, or null while unknown.</param>
/// <param name="Step">What is being done, in two or three words.</param>
public sealed record ReadingProgress(int Done, int? Total, string Step);
