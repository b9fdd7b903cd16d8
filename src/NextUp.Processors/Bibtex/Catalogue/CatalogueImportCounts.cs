namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>How far an import is. <c>Read</c> is the sum of the other four.</summary>
/// <param name="Updated">Known already, and something new was said.</param>
/// <param name="Unchanged">Known already, and nothing new was said.</param>
/// <param name="Skips">The first <see cref="SkipsMax"/> records that could not be read.</param>
/// <param name="Bytes">Of the file, after unpacking.</param>
public sealed record CatalogueImportCounts(
    long Read,
    long Inserted,
    long Updated,
    long Unchanged,
    long Skipped,
    IReadOnlyList<CatalogueImportSkip> Skips,
    long Bytes)
{
    /// <summary>Skipped records that are told one by one; more are only counted.</summary>
    public const int SkipsMax = 20;
}

/// <summary>A record that could not be read.</summary>
/// <param name="Line">From 1.</param>
public sealed record CatalogueImportSkip(long Line, string Reason);

/// <summary>Nothing in the file could be read. The message says why and what can be read.</summary>
public sealed class CatalogueImportException(string message) : Exception(message);
