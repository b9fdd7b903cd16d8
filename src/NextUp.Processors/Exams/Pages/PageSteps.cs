using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Actors.Jobs;
using NextUp.Processors.Pdf;

namespace NextUp.Processors.Exams.Pages;

/// <summary>
/// What took long on a page, kept for the attempt that follows one that was lost: the words that were read off its picture,
/// seconds each, and the picture that was drawn of it.
/// </summary>
/// <remarks>The words of a PDF's own text are not kept: all pages together take less than a second.</remarks>
/// <param name="part">Whose pages: the paper's, or its scheme's.</param>
public sealed class PageSteps(IJobRun run, string part)
{
    /// <summary>The largest picture that is kept, in bytes; a page of text has a tenth of it. A larger one is drawn again.</summary>
    public const int PictureBytesMax = 1 << 20;

    /// <summary>All pictures that one attempt keeps, in bytes: they lie in the store until the job has ended.</summary>
    public const int PicturesBytesMax = 32 << 20;

    int _kept;

    /// <summary>Pages of which something was there already.</summary>
    public int Found { get; private set; }

    public async ValueTask<PdfPage?> WordsAsync(int number, CancellationToken cancellationToken)
    {
        if (await run.LoadCheckpointAsync(Name("words", number), cancellationToken) is not { } stored)
            return null;
        Found++;
        return JsonSerializer.Deserialize(stored, PageJson.Default.PdfPage);
    }

    public ValueTask KeepWordsAsync(PdfPage page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        var content = JsonSerializer.SerializeToUtf8Bytes(page, PageJson.Default.PdfPage);
        return run.SaveCheckpointAsync(Name("words", page.Number), content, cancellationToken);
    }

    /// <summary>Puts the picture that an earlier attempt drew into the folder; null where there is none.</summary>
    /// <param name="dpi">That was asked for.</param>
    public async ValueTask<PagePicture?> PictureAsync(int number, int dpi, string folder, CancellationToken cancellationToken)
    {
        if (await run.LoadCheckpointAsync(Name($"picture-{dpi}", number), cancellationToken) is not { Length: > sizeof(double) } stored)
            return null;
        Found++;
        _kept += stored.Length;
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"kept-{number}.png"));
        await File.WriteAllBytesAsync(path, stored.AsMemory(sizeof(double)), cancellationToken);
        return new(number, path, ".png", BinaryPrimitives.ReadDoubleLittleEndian(stored));
    }

    public async ValueTask KeepPictureAsync(PagePicture picture, int dpi, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var length = new FileInfo(picture.Path).Length;
        if (length > PictureBytesMax || _kept + length > PicturesBytesMax)
            return;
        var content = new byte[sizeof(double) + length];
        BinaryPrimitives.WriteDoubleLittleEndian(content, picture.Dpi);
        await using (var file = File.OpenRead(picture.Path))
            await file.ReadExactlyAsync(content.AsMemory(sizeof(double)), cancellationToken);
        _kept += content.Length;
        await run.SaveCheckpointAsync(Name($"picture-{dpi}", picture.Number), content, cancellationToken);
    }

    string Name(string what, int number) => string.Create(CultureInfo.InvariantCulture, $"{part}-{what}-{number}");
}

/// <summary>Pages as they are kept between attempts.</summary>
[JsonSerializable(typeof(PdfPage))]
[JsonSourceGenerationOptions(IgnoreReadOnlyProperties = true)]
sealed partial class PageJson : JsonSerializerContext;
