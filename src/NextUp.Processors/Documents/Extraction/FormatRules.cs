using NextUp.Processors.Files;

namespace NextUp.Processors.Documents.Extraction;

/// <summary>What a file would be read as.</summary>
public abstract record DocumentCheck
{
    DocumentCheck() { }

    /// <param name="IsLineWise">Its lines mean something by themselves, as those of a table or a log do.</param>
    /// <param name="Remark">A sentence where its name says otherwise than its content.</param>
    public sealed record Fit(DocumentFormat Format, bool IsLineWise, string? Remark) : DocumentCheck;

    /// <param name="Reason">A sentence or two: what is wrong, and the way out.</param>
    public sealed record Unfit(string Reason) : DocumentCheck;
}

/// <summary>From what a file is to how it is read, and a way out for what is not read.</summary>
static class FormatRules
{
    public const string ReadFormats = "PDF, Word (.docx), PowerPoint (.pptx), Excel (.xlsx, .xls), HTML, Markdown and plain text";

    static readonly Dictionary<DocumentFormat, string[]> Extensions = new()
    {
        [DocumentFormat.Pdf] = [".pdf"],
        [DocumentFormat.Docx] = [".docx", ".docm", ".dotx", ".dotm"],
        [DocumentFormat.Pptx] = [".pptx", ".pptm", ".ppsx", ".potx"],
        [DocumentFormat.Xlsx] = [".xlsx", ".xlsm", ".xltx"],
        [DocumentFormat.Xls] = [".xls", ".xlt"],
        [DocumentFormat.Html] = [".html", ".htm", ".xhtml", ".mhtml"],
        [DocumentFormat.Markdown] = [".md", ".markdown", ".mdown"],
    };

    static readonly string[] LineWise =
        [".csv", ".tsv", ".tab", ".log", ".json", ".jsonl", ".ndjson", ".xml", ".yaml", ".yml", ".ini", ".toml", ".sql"];

    public static DocumentCheck Of(FileContent content, string fileName)
    {
        var extension = Path.GetExtension(fileName).ToLowerInvariant();
        return content switch
        {
            FileContent.Pdf => Fit(DocumentFormat.Pdf, extension),
            FileContent.Docx => Fit(DocumentFormat.Docx, extension),
            FileContent.Pptx => Fit(DocumentFormat.Pptx, extension),
            FileContent.Xlsx => Fit(DocumentFormat.Xlsx, extension),
            FileContent.Xls => Fit(DocumentFormat.Xls, extension),
            // What begins with a tag may be Markdown all the same.
            FileContent.Html => Fit(
                Extensions[DocumentFormat.Markdown].Contains(extension) ? DocumentFormat.Markdown : DocumentFormat.Html, extension),
            FileContent.Text when Extensions[DocumentFormat.Markdown].Contains(extension) => Fit(DocumentFormat.Markdown, extension),
            FileContent.Text when Extensions[DocumentFormat.Html].Contains(extension) => Fit(DocumentFormat.Html, extension),
            FileContent.Text => Fit(DocumentFormat.Text, extension),
            _ => new DocumentCheck.Unfit($"\"{fileName}\" cannot be read. {WayOut(content)}"),
        };
    }

    static DocumentCheck.Fit Fit(DocumentFormat format, string extension)
    {
        var named = Extensions.FirstOrDefault(pair => pair.Value.Contains(extension)).Key;
        var remark = named != default && named != format
            ? $"Its name ends with {extension}, but it is {Called(format)} and was read as that." : null;
        return new(format, LineWise.Contains(extension), remark);
    }

    static string Called(DocumentFormat format) => format switch
    {
        DocumentFormat.Pdf => "a PDF",
        DocumentFormat.Docx => "a Word file",
        DocumentFormat.Pptx => "a PowerPoint file",
        DocumentFormat.Xlsx or DocumentFormat.Xls => "an Excel file",
        DocumentFormat.Html => "HTML",
        DocumentFormat.Markdown => "Markdown",
        _ => "plain text",
    };

    static string WayOut(FileContent content) => content switch
    {
        FileContent.Empty => "It is empty (0 bytes). Upload it again.",
        FileContent.Doc => "It is in Word's form of before 2007 (.doc). Open it in Word or LibreOffice and save it as .docx or PDF.",
        FileContent.Ppt =>
            "It is in PowerPoint's form of before 2007 (.ppt). Open it in PowerPoint or LibreOffice and save it as .pptx or PDF.",
        FileContent.ProtectedOffice => "It is protected with a password. Open it in its program and save it without one.",
        FileContent.Xlsb => "It is a binary Excel file (.xlsb). Open it in Excel and save it as .xlsx.",
        FileContent.OpenDocument => "It is a file of LibreOffice (.odt, .ods or .odp). Save it as .docx, .xlsx, .pptx or PDF.",
        FileContent.Epub => "It is an EPUB book. Convert it to PDF or HTML.",
        FileContent.Rtf => "It is RTF. Open it in Word or LibreOffice and save it as .docx or PDF.",
        FileContent.Picture => "It is a picture. Put it into a PDF, which is read as a scan.",
        FileContent.OtherContainer =>
            "It is in Microsoft's old container, but neither a text nor a sheet. Save it as .docx, .xlsx, .pptx or PDF.",
        FileContent.OtherZip => "It is a zip file. Unpack it and upload the documents in it one by one.",
        _ => $"It is no text and of no type that is read. What is read: {ReadFormats}.",
    };
}
