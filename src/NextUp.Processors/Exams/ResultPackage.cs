using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using NextUp.Processors.Exams.Pages;

namespace NextUp.Processors.Exams;

/// <summary>
/// The result of a job as one zip: <c>paper.json</c>, <c>questions.csv</c>, and <c>pages/001.png</c> and so on. The server
/// keeps papers out of it, wherever it was made.
/// </summary>
public static class ResultPackage
{
    public const string PaperName = "paper.json";

    public const string PagesFolder = "pages/";

    public static async Task WriteAsync(
        string path, ExamPaper paper, IReadOnlyList<PagePicture> pictures, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        await using var file = File.Create(path);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        await PutAsync(zip, PaperName, JsonSerializer.SerializeToUtf8Bytes(paper, ExamJson.Wire.ExamPaper), cancellationToken);
        await PutAsync(zip, "questions.csv", Encoding.UTF8.GetBytes(QuestionTable.Csv(paper)), cancellationToken);
        foreach (var picture in pictures)
        {
            var entry = zip.CreateEntry(
                string.Create(CultureInfo.InvariantCulture, $"{PagesFolder}{picture.Number:000}{picture.Extension}"),
                CompressionLevel.NoCompression);
            await using var target = await entry.OpenAsync(cancellationToken);
            await using var source = File.OpenRead(picture.Path);
            await source.CopyToAsync(target, cancellationToken);
        }
    }

    static async Task PutAsync(ZipArchive zip, string name, byte[] content, CancellationToken cancellationToken)
    {
        await using var target = await zip.CreateEntry(name).OpenAsync(cancellationToken);
        await target.WriteAsync(content, cancellationToken);
    }
}
