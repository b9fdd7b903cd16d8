using NextUp.Processors.Documents.Layout;
using NextUp.Processors.Pdf;
using NextUp.Processors.Tools;

namespace NextUp.Processors.Documents.Extraction;

/// <summary>The text of a PDF page by page; pages that are pictures are read off them where the machine can.</summary>
sealed class PdfExtraction(PdfReader reader, PageRecogniser recogniser, DocumentLimits limits)
{
    /// <summary>How many page numbers are named in a warning.</summary>
    const int NamedPagesMax = 10;

    public async Task<DocumentReading> ReadAsync(
        string path, string workspace, IProgress<ReadingProgress>? progress, CancellationToken cancellationToken)
    {
        using var folder = new ToolFolder(workspace);
        var asked = await reader.FactsAsync(path, folder, cancellationToken);
        if (asked is not ToolAnswer<PdfFacts>.Given { Value: var facts }) return Unread(asked);
        progress?.Report(new(0, facts.Pages, "Reading pages"));
        var given = await reader.WordsAsync(
            path, facts, folder, page => progress?.Report(new(page, facts.Pages, "Reading pages")), cancellationToken);
        if (given is not ToolAnswer<IReadOnlyList<PdfPage>>.Given { Value: var pages }) return Unread(given);

        List<string> warnings = [];
        var bare = pages.Where(page => page.Words.Count == 0).ToList();
        if (bare.Count > 0)
        {
            var recognised = await RecogniseAsync(path, pages, bare, workspace, progress, warnings, cancellationToken);
            if (recognised is not ToolAnswer<IReadOnlyList<PdfPage>>.Given { Value: var whole }) return Unread(recognised);
            pages = whole;
        }

        return Text(facts, pages, warnings);
    }

    DocumentReading Text(PdfFacts facts, IReadOnlyList<PdfPage> pages, List<string> warnings)
    {
        List<TextBlock> blocks = [];
        try
        {
            PageText.Write(pages, new BlockWriter(blocks.Add, limits));
        }
        catch (UnreadableDocumentException unreadable)
        {
            return new DocumentReading.Refused(unreadable.Message);
        }

        if (blocks.Count == 0)
            return new DocumentReading.Refused("There is no text in the PDF, and none was found in the pictures of its pages.");
        if (Letters.AreGarbled(blocks.Select(block => block.Text)))
        {
            warnings.Add(
                "Much of the text cannot be read: the PDF's fonts do not say which letters they draw. Print it to a new PDF, or scan it.");
        }

        var byPage = blocks.ToLookup(block => block.Page);
        return new DocumentReading.Extracted(
            new(DocumentFormat.Pdf, [.. pages.Select(page => new DocumentPage(page.Number, [.. byPage[page.Number]]))], warnings)
            {
                Title = facts.Title,
            });
    }

    /// <summary>The pages with the words of those that had none; where no page has any and none can be read, a refusal.</summary>
    async Task<ToolAnswer<IReadOnlyList<PdfPage>>> RecogniseAsync(
        string path, IReadOnlyList<PdfPage> pages, List<PdfPage> bare, string workspace, IProgress<ReadingProgress>? progress,
        List<string> warnings, CancellationToken cancellationToken)
    {
        var isScan = bare.Count == pages.Count;
        if (!recogniser.IsInstalled)
        {
            if (isScan)
            {
                return new ToolAnswer<IReadOnlyList<PdfPage>>.Refused(
                    "The PDF has no text, only pictures of pages (a scan), and this server cannot read them. Upload it with a text "
                    + "layer, or have the operator install tesseract: apt-get install tesseract-ocr.");
            }

            warnings.Add($"{Named(bare)} no text; what is in their pictures cannot be read here (tesseract-ocr is not installed).");
            return new ToolAnswer<IReadOnlyList<PdfPage>>.Given(pages);
        }

        if (isScan && bare.Count > limits.Pdf.RecognisedPagesMax)
        {
            return new ToolAnswer<IReadOnlyList<PdfPage>>.Refused(
                $"The PDF is a scan of {bare.Count:N0} pages, and at most {limits.Pdf.RecognisedPagesMax:N0} are read. Split it.");
        }

        var whole = pages.ToArray();
        var done = 0;
        foreach (var page in bare.Take(limits.Pdf.RecognisedPagesMax))
        {
            var read = await recogniser.ReadAsync(path, page, workspace, cancellationToken);
            if (read is ToolAnswer<PdfPage>.Failed failed) return new ToolAnswer<IReadOnlyList<PdfPage>>.Failed(failed.Reason);
            if (read is ToolAnswer<PdfPage>.Refused refused) warnings.Add(refused.Reason);
            if (read is ToolAnswer<PdfPage>.Given given) whole[page.Number - 1] = given.Value;
            done++;
            progress?.Report(new(done, bare.Count, "Reading scanned pages"));
        }

        if (bare.Count > done) warnings.Add($"Only {done:N0} of the {bare.Count:N0} pages without text were looked at as pictures.");
        if (Array.FindAll(whole, page => page.IsRecognised && page.Words.Count > 0) is { Length: > 0 } recognised)
            warnings.Add($"{Named([.. recognised])} only pictures; words read off them may be wrong.");
        return new ToolAnswer<IReadOnlyList<PdfPage>>.Given(whole);
    }

    static string Named(List<PdfPage> pages)
    {
        var numbers = string.Join(", ", pages.Take(NamedPagesMax).Select(page => page.Number));
        if (pages.Count == 1) return $"Page {numbers} has";
        return pages.Count <= NamedPagesMax ? $"Pages {numbers} have" : $"{pages.Count:N0} pages, {numbers} among them, have";
    }

    static DocumentReading Unread<T>(ToolAnswer<T> answer) => answer switch
    {
        ToolAnswer<T>.Refused refused => new DocumentReading.Refused(refused.Reason),
        ToolAnswer<T>.Failed failed => new DocumentReading.ToolFailed(failed.Reason),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
