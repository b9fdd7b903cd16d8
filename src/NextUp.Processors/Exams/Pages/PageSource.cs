using NextUp.Processors.Exams.Containers;
using NextUp.Processors.Pdf;
using NextUp.Processors.Tools;

namespace NextUp.Processors.Exams.Pages;

/// <summary>The picture of a page as it is kept beside the questions.</summary>
public sealed record PagePicture(int Number, string Path, string Extension, double Dpi);

/// <summary>The pages of a paper, with words and pictures.</summary>
/// <param name="Unread">Why pages without words have none, where that is so; null where every page was read.</param>
public sealed record PaperPages(IReadOnlyList<PdfPage> Pages, IReadOnlyList<PagePicture> Pictures, string? Unread);

/// <summary>How the reading of pages ended.</summary>
public abstract record PagesAnswer
{
    PagesAnswer() { }

    public sealed record Read(PaperPages Pages) : PagesAnswer;

    /// <summary>It is the file.</summary>
    public sealed record Refused(string Reason) : PagesAnswer;

    /// <summary>It is this machine; another attempt may do better.</summary>
    public sealed record Failed(string Reason) : PagesAnswer;
}

/// <summary>Reads pages out of a PDF or pictures: the words by pdftotext, else off the picture where tesseract is installed.</summary>
public sealed class PageSource(PdfReader pdf, PageRecogniser recogniser)
{
    /// <summary>Pixels an inch of the pictures that are kept.</summary>
    const int Dpi = 110;

    /// <summary>Pages of one paper.</summary>
    public const int PagesMax = 200;

    /// <param name="draw">Whether pictures are wanted.</param>
    /// <param name="steps">What earlier attempts have done, and where this one leaves what it does.</param>
    /// <param name="pageDone">Told how many pages are done, and how many there are.</param>
    public async Task<PagesAnswer> ReadAsync(
        IReadOnlyList<PaperFile> files, string workspace, bool draw, PageSteps steps, Action<int, int> pageDone,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(pageDone);
        if (files is [{ Content: PartContent.Pdf } file])
            return await ReadPdfAsync(file.Path, workspace, draw, steps, pageDone, cancellationToken);
        return files.All(one => one.Content is PartContent.Picture)
            ? await ReadPicturesAsync(files, workspace, steps, pageDone, cancellationToken)
            : new PagesAnswer.Refused("A paper is one PDF, or pictures of its pages. Send each PDF as a paper of its own.");
    }

    async Task<PagesAnswer> ReadPdfAsync(
        string path, string workspace, bool draw, PageSteps steps, Action<int, int> pageDone, CancellationToken cancellationToken)
    {
        // The pictures stay until the attempt's workspace goes, so the folder is not disposed here.
        var folder = new ToolFolder(workspace);
        var asked = await pdf.FactsAsync(path, folder, cancellationToken);
        if (asked is not ToolAnswer<PdfFacts>.Given { Value: var facts })
            return Ended(asked);
        if (facts.Pages > PagesMax)
            return new PagesAnswer.Refused($"The paper has {facts.Pages} pages, and at most {PagesMax} are read. Split it.");
        pageDone(0, facts.Pages);
        var words = await pdf.WordsAsync(path, facts, folder, null, cancellationToken);
        if (words is not ToolAnswer<IReadOnlyList<PdfPage>>.Given { Value: var pages })
            return Ended(words);

        var (read, pictures) = (new List<PdfPage>(), new List<PagePicture>());
        string? unread = null;
        foreach (var page in pages)
        {
            var known = page;
            if (page.Words.Count == 0 && unread is null)
            {
                (known, unread) = await RecognisedAsync(
                    page, steps, () => recogniser.ReadAsync(path, page, workspace, cancellationToken), cancellationToken);
            }

            read.Add(known);
            if (draw)
            {
                var (picture, ended) = await DrawnAsync(path, page, folder, steps, cancellationToken);
                if (picture is null)
                    return ended!;
                pictures.Add(picture);
            }

            pageDone(read.Count, pages.Count);
        }

        return new PagesAnswer.Read(new(read, pictures, unread));
    }

    /// <summary>The page's picture, or how the reading ended.</summary>
    async Task<(PagePicture? Picture, PagesAnswer? Ended)> DrawnAsync(
        string path, PdfPage page, ToolFolder folder, PageSteps steps, CancellationToken cancellationToken)
    {
        if (await steps.PictureAsync(page.Number, Dpi, folder.FullPath, cancellationToken) is { } kept)
            return (kept, null);
        var drawn = await pdf.PictureAsync(path, page, Dpi, PictureColours.All, folder, cancellationToken);
        if (drawn is not ToolAnswer<PdfPicture>.Given { Value: var file })
            return (null, Ended(drawn));
        var picture = new PagePicture(page.Number, file.Path, ".png", file.Dpi);
        await steps.KeepPictureAsync(picture, Dpi, cancellationToken);
        return (picture, null);
    }

    async Task<PagesAnswer> ReadPicturesAsync(
        IReadOnlyList<PaperFile> files, string workspace, PageSteps steps, Action<int, int> pageDone,
        CancellationToken cancellationToken)
    {
        if (files.Count > PagesMax)
            return new PagesAnswer.Refused($"The paper has {files.Count} pages, and at most {PagesMax} are read. Split it.");
        var (read, pictures) = (new List<PdfPage>(), new List<PagePicture>());
        string? unread = null;
        pageDone(0, files.Count);
        for (var i = 0; i < files.Count; i++)
        {
            var content = (PartContent.Picture)files[i].Content;
            var points = PdfPage.PointsPerInch / content.Dpi;
            var page = new PdfPage(i + 1, content.Width * points, content.Height * points, []);
            if (unread is null)
            {
                using var folder = new ToolFolder(workspace);
                var picture = new PdfPicture(files[i].Path, content.Dpi);
                (page, unread) = await RecognisedAsync(
                    page, steps, () => recogniser.ReadPictureAsync(picture, page.Number, folder, cancellationToken), cancellationToken);
            }

            read.Add(page);
            pictures.Add(new(i + 1, files[i].Path, content.Extension, content.Dpi));
            pageDone(i + 1, files.Count);
        }

        return new PagesAnswer.Read(new(read, pictures, unread));
    }

    /// <summary>A page that cannot be read off its picture stays without words; the reason is told once.</summary>
    static async Task<(PdfPage Page, string? Unread)> RecognisedAsync(
        PdfPage page, PageSteps steps, Func<Task<ToolAnswer<PdfPage>>> recognise, CancellationToken cancellationToken)
    {
        if (await steps.WordsAsync(page.Number, cancellationToken) is { } kept)
            return (kept, null);
        switch (await recognise())
        {
            case ToolAnswer<PdfPage>.Given given:
                await steps.KeepWordsAsync(given.Value, cancellationToken);
                return (given.Value, null);
            case ToolAnswer<PdfPage>.Failed failed:
                return (page, failed.Reason);
            default:
                return (page, null);
        }
    }

    static PagesAnswer Ended<T>(ToolAnswer<T> answer) => answer switch
    {
        ToolAnswer<T>.Refused refused => new PagesAnswer.Refused(refused.Reason),
        ToolAnswer<T>.Failed failed => new PagesAnswer.Failed(failed.Reason),
        _ => throw new System.Diagnostics.UnreachableException($"{answer}"),
    };
}
