using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>Gathers what an import reads into batches, writes them and counts.</summary>
sealed class ImportTally(WorkCatalogue catalogue, ByteWindow window, IProgress<CatalogueImportCounts>? progress)
{
    readonly List<Work> batch = [];
    readonly List<CatalogueImportSkip> skips = [];
    long bytesAtBatch;
    long inserted;
    long updated;
    long unchanged;
    long skipped;

    public void Add(ImportRecord record)
    {
        if (record.Work is { } work)
            batch.Add(work);
        else
            Skip(record);

        if (batch.Count >= CatalogueImport.BatchWorksMax
            || window.BytesConsumed - bytesAtBatch >= CatalogueImport.BatchBytesMax)
            Flush();
    }

    public CatalogueImportCounts Finish()
    {
        Flush();
        return Counts();
    }

    void Skip(ImportRecord record)
    {
        skipped++;
        if (skips.Count < CatalogueImportCounts.SkipsMax)
            skips.Add(new(record.Line, record.Reason!));
    }

    // If we die here, the batch is either committed or not there; the next import of the file brings it again.
    void Flush()
    {
        bytesAtBatch = window.BytesConsumed;
        if (batch.Count > 0)
        {
            var (inserts, updates, repeats) = catalogue.Put(batch);
            inserted += inserts;
            updated += updates;
            unchanged += repeats;
            batch.Clear();
        }

        progress?.Report(Counts());
    }

    CatalogueImportCounts Counts() => new(
        inserted + updated + unchanged + skipped,
        inserted, updated, unchanged, skipped, [.. skips], window.BytesConsumed);
}
