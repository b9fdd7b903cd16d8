using System.Globalization;
using System.Text;
using NextUp.Processors.Tools;

namespace NextUp.Processors.Pdf;

/// <summary>
/// Asks poppler's programs about a PDF, each in a process of its own under limits: its facts, its words with their places,
/// pictures of its pages. Relies on nothing that the file says of itself, but for the number of pages, which is bounded.
/// </summary>
public sealed class PdfReader(ToolRunner runner, PdfLimits limits)
{
    const int RightsMissing = 3;

    /// <summary>How many pages it has, and whether it opens at all.</summary>
    /// <param name="path">An absolute path.</param>
    public async Task<ToolAnswer<PdfFacts>> FactsAsync(string path, ToolFolder folder, CancellationToken cancellationToken)
    {
        var run = await runner.RunAsync(
            new(ExternalTool.PdfInfo, folder, ["-enc", "UTF-8", "-f", "1", "-l", Text(limits.PagesMax), path])
            {
                Limits = new() { Wall = limits.Wall, CpuSecondsMax = Seconds(limits.Wall), MemoryBytesMax = limits.MemoryBytesMax },
            },
            cancellationToken);
        if (run is not ToolRun.Exited { Code: 0 } exited) return Unread<PdfFacts>(run);

        var said = Facts(Encoding.UTF8.GetString(exited.Output));
        var pages = int.TryParse(said.GetValueOrDefault("Pages"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count : 0;
        if (pages == 0)
            return new ToolAnswer<PdfFacts>.Refused("The PDF has no pages. Open it in a viewer and save it anew.");
        if (pages > limits.PagesMax)
        {
            return new ToolAnswer<PdfFacts>.Refused(
                $"The PDF says that it has {pages:N0} pages, and at most {limits.PagesMax:N0} are read. Split it.");
        }

        var isEncrypted = said.GetValueOrDefault("Encrypted")?.StartsWith("yes", StringComparison.Ordinal) == true;
        return new ToolAnswer<PdfFacts>.Given(
            new(pages, isEncrypted, said.GetValueOrDefault("Title") is { Length: > 0 } title ? title : null)
            {
                OnTheirSide = Enumerable.Range(1, pages)
                    .Where(page => said.GetValueOrDefault($"Page {page,4} rot") is "90" or "270").ToHashSet(),
            });
    }

    /// <summary>The words of each page in reading order; a page that shows no text, such as a scan, has none.</summary>
    /// <param name="facts">What <see cref="FactsAsync"/> gave.</param>
    /// <param name="pageDone">Told the number of each page while it is read.</param>
    public async Task<ToolAnswer<IReadOnlyList<PdfPage>>> WordsAsync(
        string path, PdfFacts facts, ToolFolder folder, Action<int>? pageDone, CancellationToken cancellationToken)
    {
        List<PdfPage> pages = [];
        var wall = limits.Wall + (limits.WallPerPage * facts.Pages);
        var run = await runner.RunAsync(
            new(ExternalTool.PdfToText, folder, ["-q", "-tsv", "-enc", "UTF-8", path, "-"])
            {
                Limits = new() { Wall = wall, CpuSecondsMax = Seconds(wall), MemoryBytesMax = limits.MemoryBytesMax },
                Read = async (output, token) => pages = await WordTable.ReadAsync(output, 1, pageDone, token),
            },
            cancellationToken);
        return run is ToolRun.Exited { Code: 0 }
            ? new ToolAnswer<IReadOnlyList<PdfPage>>.Given([.. pages.Select(page => AsShown(page, facts))])
            : Unread<IReadOnlyList<PdfPage>>(run);
    }

    /// <summary>The picture of a page as a PNG file in the folder, "page-7.png" for page 7.</summary>
    /// <param name="page">Its number and size, as <see cref="WordsAsync"/> gave them.</param>
    /// <param name="dpi">
    /// Pixels an inch; a page of A4 has 1,654 by 2,339 pixels at 200. Less where the picture would be larger than
    /// <see cref="PdfLimits.PictureSidePixelsMax"/>.
    /// </param>
    public async Task<ToolAnswer<PdfPicture>> PictureAsync(
        string path, PdfPage page, int dpi, PictureColours colours, ToolFolder folder, CancellationToken cancellationToken)
    {
        var inches = Math.Max(Math.Max(page.Width, page.Height) / PdfPage.PointsPerInch, 1);
        var drawn = Math.Min(dpi, limits.PictureSidePixelsMax / inches);
        var prefix = folder.PathOf($"page-{page.Number}");
        var run = await runner.RunAsync(
            new(ExternalTool.PdfToPpm, folder,
                [
                    "-q", "-png", "-singlefile", "-f", Text(page.Number), "-l", Text(page.Number), "-r", Text(drawn),
                    .. colours == PictureColours.Grey ? (string[])["-gray"] : [], path, prefix,
                ])
            {
                Limits = new()
                {
                    Wall = limits.PictureWall, CpuSecondsMax = Seconds(limits.PictureWall),
                    MemoryBytesMax = limits.MemoryBytesMax, FileBytesMax = limits.PictureBytesMax,
                },
            },
            cancellationToken);
        if (run is not ToolRun.Exited { Code: 0 }) return Unread<PdfPicture>(run);
        return File.Exists(prefix + ".png")
            ? new ToolAnswer<PdfPicture>.Given(new(prefix + ".png", drawn))
            : new ToolAnswer<PdfPicture>.Refused($"Page {page.Number} of the PDF cannot be drawn. Open it in a viewer and save it anew.");
    }

    /// <summary>Of a page on its side poppler gives the words as they are shown, and its size as it is stored.</summary>
    static PdfPage AsShown(PdfPage page, PdfFacts facts) =>
        facts.OnTheirSide.Contains(page.Number) ? page with { Width = page.Height, Height = page.Width } : page;

    /// <summary>What is said of a PDF that a tool of poppler did not read.</summary>
    static ToolAnswer<T> Unread<T>(ToolRun run) => run switch
    {
        ToolRun.Missing missing => new ToolAnswer<T>.Failed(missing.Sentence),
        ToolRun.TimedOut late => new ToolAnswer<T>.Refused(
            $"The PDF takes too long to read: {late.Sentence} Save it anew with another program, or split it."),
        ToolRun.OutputTooLarge large => new ToolAnswer<T>.Refused(
            $"The PDF has too much in it: {large.Sentence} Split it."),
        ToolRun.Exited { Error: var said } when said.Contains("Incorrect password", StringComparison.Ordinal) =>
            new ToolAnswer<T>.Refused("The PDF is protected with a password. Save it without one and upload it again."),
        ToolRun.Exited { Code: RightsMissing } => new ToolAnswer<T>.Refused(
            "The PDF forbids to copy its text. Ask who made it for one that allows it."),
        ToolRun.Exited exited => new ToolAnswer<T>.Refused(
            $"The PDF is damaged and cannot be read ({exited.Sentence.TrimEnd('.')}). Open it in a viewer and save it anew."),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>
    /// What the author wrote comes first and may hold anything, lines that look like others included; what poppler found comes
    /// behind it, so of two that are alike the last is true.
    /// </summary>
    static Dictionary<string, string> Facts(string said)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in said.Split('\n'))
        {
            if (line.Split(':', 2) is [var name, var value]) facts[name] = value.Trim();
        }

        return facts;
    }

    static int NumberOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    static int Seconds(TimeSpan span) => (int)Math.Ceiling(span.TotalSeconds);

    static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
