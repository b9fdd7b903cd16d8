using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>
/// Loads works into the catalogue from what people have: Crossref or OpenAlex JSON lines, an answer or dump file with a
/// list of works, a .bib file; each may be packed with gzip. What it is, is told by its content. Batches are committed
/// as they are read, so an import that is stopped has done what it counted, and to run it again does no harm.
/// </summary>
public static class CatalogueImport
{
    /// <summary>Works written in one transaction; other writers wait for no more than that.</summary>
    public const int BatchWorksMax = 1_000;

    /// <summary>Bytes of input after which a batch is written even if it has fewer works.</summary>
    public const int BatchBytesMax = 8 * 1024 * 1024;

    const string WhatCanBeRead =
        "It takes Crossref or OpenAlex works as JSON lines, an answer with a list of works, or a .bib file, "
        + "each also as .gz.";

    /// <summary>
    /// Imports one file. Records that cannot be read are counted and skipped. Throws
    /// <see cref="CatalogueImportException"/> where not one could be read.
    /// </summary>
    /// <param name="progress">Told after every batch and at the end.</param>
    public static async Task<CatalogueImportCounts> RunAsync(
        WorkCatalogue catalogue,
        Stream file,
        IProgress<CatalogueImportCounts>? progress,
        CancellationToken cancellationToken)
    {
        await using var plain = await UnpackedAsync(file, cancellationToken);
        var window = new ByteWindow(plain);
        var tally = new ImportTally(catalogue, window, progress);
        try
        {
            await foreach (var record in Records(window, cancellationToken))
                tally.Add(record);
        }
        catch (InvalidDataException error)
        {
            tally.Add(ImportRecord.Skip(window.Line, $"the packed file is damaged from here on ({error.Message})"));
        }

        var counts = tally.Finish();
        if (counts.Read > counts.Skipped)
            return counts;
        throw new CatalogueImportException(counts.Skips.Count == 0
            ? $"The file is empty. {WhatCanBeRead}"
            : $"Nothing in the file could be read; line {counts.Skips[0].Line}: {counts.Skips[0].Reason}. "
                + WhatCanBeRead);
    }

    static async ValueTask<Stream> UnpackedAsync(Stream file, CancellationToken cancellationToken)
    {
        var start = new byte[2];
        var read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        var whole = new StreamWithStart(start.AsMemory(0, read), file);
        return start is [0x1F, 0x8B] ? new GZipStream(whole, CompressionMode.Decompress) : whole;
    }

    static async IAsyncEnumerable<ImportRecord> Records(
        ByteWindow window,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!window.Ended && window.Span.Length < ImportFormat.StartLength)
            await window.GrowAsync(cancellationToken);
        if (window.Span.StartsWith("\uFEFF"u8))
            window.Consume("\uFEFF"u8.Length);

        var json = ImportFormat.Of(window.Span) switch
        {
            ImportFormat.Kind.JsonLines => JsonLineWorks.ReadAsync(window, cancellationToken),
            ImportFormat.Kind.JsonDocument => JsonDocumentWorks.ReadAsync(window, cancellationToken),
            _ => null,
        };
        if (json is not null)
        {
            await foreach (var record in json)
                yield return record;
            yield break;
        }

        foreach (var record in await BibAsync(window, cancellationToken))
            yield return record;
    }

    static async ValueTask<IEnumerable<ImportRecord>> BibAsync(ByteWindow window, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        while (true)
        {
            whole.Write(window.Span);
            window.Consume(window.Span.Length);
            if (whole.Length > BibWorks.LengthMax)
                return [ImportRecord.Skip(1, $"a .bib file may have {BibWorks.LengthMax:n0} bytes at most; split it")];
            if (window.Ended)
                return BibWorks.Read(whole.ToArray());
            await window.GrowAsync(cancellationToken);
        }
    }
}
