using System.Globalization;
using NextUp.Processors.Tools;

namespace NextUp.Processors.Pdf;

/// <summary>Reads the words off pictures of pages, with tesseract where the machine has it.</summary>
public sealed class PageRecogniser(ToolRunner runner, PdfReader reader, PdfLimits limits)
{
    /// <summary>What tesseract was made for; finer takes longer and finds little more.</summary>
    const int Dpi = 200;

    /// <summary>Whether this machine can do it.</summary>
    public bool IsInstalled => runner.Toolbox.Find(ExternalTool.Tesseract) is not null;

    /// <summary>The words of a page of a PDF, read off its picture.</summary>
    public async Task<ToolAnswer<PdfPage>> ReadAsync(
        string path, PdfPage page, string workspace, CancellationToken cancellationToken)
    {
        using var folder = new ToolFolder(workspace);
        var drawn = await reader.PictureAsync(path, page, Dpi, PictureColours.Grey, folder, cancellationToken);
        return drawn switch
        {
            ToolAnswer<PdfPicture>.Given given =>
                await ReadPictureAsync(given.Value, page.Number, folder, cancellationToken),
            ToolAnswer<PdfPicture>.Refused refused => new ToolAnswer<PdfPage>.Refused(refused.Reason),
            _ => new ToolAnswer<PdfPage>.Failed(((ToolAnswer<PdfPicture>.Failed)drawn).Reason),
        };
    }

    /// <summary>The words of a picture, a PNG, JPEG or TIFF file.</summary>
    /// <param name="number">Of the page that is pictured.</param>
    public async Task<ToolAnswer<PdfPage>> ReadPictureAsync(
        PdfPicture picture, int number, ToolFolder folder, CancellationToken cancellationToken)
    {
        List<PdfPage> pages = [];
        var dpi = picture.Dpi.ToString("0", CultureInfo.InvariantCulture);
        var run = await runner.RunAsync(
            new(ExternalTool.Tesseract, folder, [picture.Path, "stdout", "-l", limits.Languages, "--dpi", dpi, "tsv"])
            {
                Limits = new()
                {
                    Wall = limits.RecognitionWall, CpuSecondsMax = (int)limits.RecognitionWall.TotalSeconds,
                    MemoryBytesMax = limits.MemoryBytesMax,
                },
                Read = async (output, token) =>
                    pages = await WordTable.ReadAsync(output, PdfPage.PointsPerInch / picture.Dpi, null, token),
            },
            cancellationToken);
        return run switch
        {
            ToolRun.Exited { Code: 0 } when pages is [var page, ..] =>
                new ToolAnswer<PdfPage>.Given(page with { Number = number, IsRecognised = true }),
            ToolRun.Missing missing => new ToolAnswer<PdfPage>.Failed(missing.Sentence),
            ToolRun.Exited { Error: var said } when said.Contains("Failed loading language", StringComparison.Ordinal) =>
                new ToolAnswer<PdfPage>.Failed(
                    $"tesseract has no data for \"{limits.Languages}\". Install it, for example: apt-get install "
                    + $"tesseract-ocr-{limits.Languages.Split('+')[0]}; or choose others with the setting tools.languages."),
            _ => new ToolAnswer<PdfPage>.Refused($"The words of page {number} could not be read off its picture: {run.Sentence}"),
        };
    }
}
