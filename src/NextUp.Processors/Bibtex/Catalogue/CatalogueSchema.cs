using Microsoft.Data.Sqlite;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>
/// The catalogue's file. <c>works</c> holds one row a work, with the work as JSON and the columns by which it is found;
/// <c>works_text</c> is the full-text index over titles and authors with the same row ids, without a copy of the text.
/// Both change in one transaction. The file can always be made again from what was imported, so a commit does not wait
/// for the disk (<c>synchronous=NORMAL</c> under a write-ahead log: a power cut may lose the last batch, never the
/// file).
/// </summary>
static class CatalogueSchema
{
    public const int Version = 2;

    /// <summary>What a catalogue of version 1 lacks: Semantic Scholar's numbers.</summary>
    const string AddCorpus = """
        ALTER TABLE works ADD COLUMN corpus TEXT;
        CREATE INDEX works_corpus ON works(corpus) WHERE corpus IS NOT NULL;
        """;

    const string Create = """
        CREATE TABLE works(
            id        INTEGER PRIMARY KEY,
            key       TEXT NOT NULL UNIQUE,
            doi       TEXT,
            arxiv     TEXT,
            pmid      TEXT,
            title_key TEXT NOT NULL,
            year      INTEGER,
            shipped   INTEGER NOT NULL,
            work      TEXT NOT NULL,
            corpus    TEXT);
        CREATE UNIQUE INDEX works_doi ON works(doi) WHERE doi IS NOT NULL;
        CREATE INDEX works_arxiv ON works(arxiv) WHERE arxiv IS NOT NULL;
        CREATE INDEX works_pmid ON works(pmid) WHERE pmid IS NOT NULL;
        CREATE INDEX works_corpus ON works(corpus) WHERE corpus IS NOT NULL;
        CREATE INDEX works_title ON works(title_key, year);
        CREATE INDEX works_shipped ON works(id) WHERE shipped = 1;
        CREATE VIRTUAL TABLE works_text USING fts5(
            title, authors,
            content = '', contentless_delete = 1, tokenize = "porter unicode61 remove_diacritics 2");
        CREATE TABLE notes(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>Makes or checks the file. Throws <see cref="CatalogueFileException"/> where it cannot be
    /// used.</summary>
    public static void Ensure(string path)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            using var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
            connection.Execute("PRAGMA journal_mode = WAL");

            // Two processes may start at once: whoever comes second waits here and finds the schema made.
            using var transaction = connection.BeginTransaction(deferred: false);
            switch (connection.Number("PRAGMA user_version"))
            {
                case Version:
                    return;
                case 1:
                    connection.Execute(AddCorpus);
                    connection.Execute($"PRAGMA user_version = {Version}");
                    transaction.Commit();
                    return;
                case 0 when connection.Number("SELECT count(*) FROM sqlite_schema") == 0:
                    connection.Execute(Create);
                    connection.Execute($"PRAGMA user_version = {Version}");
                    transaction.Commit();
                    return;
                case 0:
                    throw new CatalogueFileException(path, "is a database of something else; name another file");
                case var newer:
                    throw new CatalogueFileException(
                        path, $"has version {newer}, and {Version} is known; use a newer program or another file");
            }
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new CatalogueFileException(
                path, $"cannot be opened ({error.Message}); move it away to begin anew", error);
        }
    }

    public static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            DefaultTimeout = (int)WorkCatalogue.BusyTimeout.TotalSeconds,
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA synchronous = NORMAL");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
