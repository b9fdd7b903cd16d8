namespace NextUp.Client.Wire;

/// <summary>What is in a file and what its entries lack, before it is submitted.</summary>
/// <param name="TotalEntries">Entries in the whole file.</param>
/// <param name="Entries">The first ones.</param>
/// <param name="Missing">How many entries of the whole file lack each field.</param>
/// <param name="Truncated">True when the file has more entries than are listed.</param>
public sealed record FilePreview(
    string FileName,
    int TotalEntries,
    IReadOnlyList<PreviewEntry> Entries,
    IReadOnlyDictionary<string, int> Missing,
    IReadOnlyList<PreviewProblem> Problems,
    bool Truncated);

/// <param name="Line">The line the entry begins on, from 1.</param>
/// <param name="Missing">The fields it lacks.</param>
public sealed record PreviewEntry(
    string Key,
    string Type,
    string? Title,
    string? Author,
    string? Year,
    string? Journal,
    int Line,
    IReadOnlyList<string> Missing);

/// <summary>Something in the file that its author may want to mend; it does not stop the work.</summary>
public sealed record PreviewProblem(int Line, string Message);
