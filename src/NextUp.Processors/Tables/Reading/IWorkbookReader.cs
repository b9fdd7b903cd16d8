namespace NextUp.Processors.Tables.Reading;

/// <summary>Turns a workbook into lines of JSON outside this process, as <see cref="WorkbookRows"/> writes them.</summary>
public interface IWorkbookReader
{
    /// <param name="workspace">A folder of the caller's own, where the file with the lines is made.</param>
    /// <param name="sheet">The sheet's name; null is the first with a value.</param>
    Task<WorkbookAnswer> ReadAsync(Stream workbook, string workspace, string? sheet, CancellationToken cancellationToken);
}

/// <summary>What came of a workbook.</summary>
public abstract record WorkbookAnswer
{
    WorkbookAnswer() { }

    /// <param name="Path">The file with the lines.</param>
    public sealed record Read(string Path) : WorkbookAnswer;

    /// <param name="Reason">One sentence: what is wrong, and the way out.</param>
    public sealed record Refused(string Reason) : WorkbookAnswer;
}
