using NextUp.Processors.Files;
using NextUp.Processors.Pdf;
using NextUp.Processors.Tools;

namespace NextUp.Processors.Documents.Extraction;

/// <summary>
/// The text of any document that people upload, or why not. What a file is says its content; its name only decides between
/// texts that look alike, and is mentioned where it says otherwise. No parser of foreign formats runs in this process: PDFs
/// are read by poppler, Office, pages and Markdown by a child of this program.
/// </summary>
public sealed class DocumentExtractor
{
    readonly DocumentLimits limits;
    readonly PdfExtraction pdf;
    readonly DocumentProcess office;

    public DocumentExtractor(ToolRunner runner, DocumentLimits limits)
    {
        this.limits = limits;
        var reader = new PdfReader(runner, limits.Pdf);
        pdf = new(reader, new PageRecogniser(runner, reader, limits.Pdf), limits);
        office = new(runner, limits);
    }

    /// <summary>What the file would be read as, or why it cannot be; reads little of it and starts nothing.</summary>
    /// <param name="fileName">As it was uploaded.</param>
    /// <param name="file">Can seek.</param>
    public DocumentCheck Check(string fileName, Stream file)
    {
        var (content, problem) = FileSignature.Of(file, limits.Zip);
        if (problem is not null) return new DocumentCheck.Unfit($"\"{fileName}\" cannot be read. {problem}");
        return FormatRules.Of(content, fileName);
    }

    /// <summary>Reads the document.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="fileName">As it was uploaded.</param>
    /// <param name="workspace">A folder of the attempt's own; what is made there is gone when the call returns.</param>
    public async Task<DocumentReading> ExtractAsync(
        string path, string fileName, string workspace, IProgress<ReadingProgress>? progress, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        var check = Check(fileName, file);
        if (check is DocumentCheck.Unfit unfit) return new DocumentReading.Refused(unfit.Reason);
        var fit = (DocumentCheck.Fit)check;
        var reading = fit.Format switch
        {
            DocumentFormat.Pdf => await pdf.ReadAsync(path, workspace, progress, cancellationToken),
            DocumentFormat.Text => await ReadTextAsync(file, fit, cancellationToken),
            var format => await office.ReadAsync(format, path, workspace, progress, cancellationToken),
        };
        return reading switch
        {
            DocumentReading.Extracted { Text: var text } when fit.Remark is { } remark =>
                new DocumentReading.Extracted(text with { Warnings = [remark, .. text.Warnings] }),
            DocumentReading.Refused refused => new DocumentReading.Refused($"\"{fileName}\" cannot be read. {refused.Reason}"),
            _ => reading,
        };
    }

    async Task<DocumentReading> ReadTextAsync(FileStream file, DocumentCheck.Fit fit, CancellationToken cancellationToken)
    {
        List<TextBlock> blocks = [];
        try
        {
            await TextReading.ReadAsync(file, fit.IsLineWise, new BlockWriter(blocks.Add, limits), limits, cancellationToken);
        }
        catch (UnreadableDocumentException unreadable)
        {
            return new DocumentReading.Refused(unreadable.Message);
        }

        return blocks.Count > 0
            ? new DocumentReading.Extracted(new(DocumentFormat.Text, [new(1, blocks)], []))
            : new DocumentReading.Refused("There is no text in it, only spaces.");
    }
}
