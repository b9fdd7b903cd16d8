using Microsoft.Data.Sqlite;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Catalogue;

enum PutOutcome
{
    Inserted,
    Updated,
    Unchanged,
}

/// <summary>
/// One transaction's worth of changes to the catalogue. Readers see all of it or nothing. Another writer waits up to
/// <see cref="WorkCatalogue.BusyTimeout"/>; what is not committed when it is disposed has not happened.
/// </summary>
sealed class CatalogueWriter : IDisposable
{
    static readonly string[] Columns =
        ["$key", "$doi", "$arxiv", "$pmid", "$corpus", "$title_key", "$year", "$shipped", "$work"];

    readonly SqliteConnection connection;
    readonly SqliteTransaction transaction;
    readonly SqliteCommand find;
    readonly SqliteCommand insert;
    readonly SqliteCommand update;
    readonly SqliteCommand index;
    readonly SqliteCommand forget;

    public CatalogueWriter(string path)
    {
        connection = CatalogueSchema.Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            transaction = connection.BeginTransaction(deferred: false);
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        find = Prepare("""
            SELECT id, work, shipped FROM works WHERE key = $key
            UNION ALL SELECT id, work, shipped FROM works WHERE doi = $doi
            UNION ALL SELECT id, work, shipped FROM works WHERE arxiv = $arxiv AND (doi IS NULL OR $doi IS NULL)
            UNION ALL SELECT id, work, shipped FROM works WHERE pmid = $pmid AND (doi IS NULL OR $doi IS NULL)
            UNION ALL SELECT id, work, shipped FROM works WHERE corpus = $corpus AND (doi IS NULL OR $doi IS NULL)
            LIMIT 1
            """, "$key", "$doi", "$arxiv", "$pmid", "$corpus");
        insert = Prepare("""
            INSERT INTO works(key, doi, arxiv, pmid, corpus, title_key, year, shipped, work)
            VALUES($key, $doi, $arxiv, $pmid, $corpus, $title_key, $year, $shipped, $work) RETURNING id
            """, Columns);
        update = Prepare("""
            UPDATE works SET key = $key, doi = $doi, arxiv = $arxiv, pmid = $pmid, corpus = $corpus,
                title_key = $title_key, year = $year, shipped = $shipped, work = $work
            WHERE id = $id
            """, [.. Columns, "$id"]);
        index = Prepare("INSERT INTO works_text(rowid, title, authors) VALUES($id, $title, $authors)",
            "$id", "$title", "$authors");
        forget = Prepare("DELETE FROM works_text WHERE rowid = $id", "$id");
    }

    public SqliteConnection Connection => connection;

    /// <summary>Adds what an operator imports. What is known of the work already and not said now stays.</summary>
    public PutOutcome Put(Work work)
    {
        var known = Find(work);
        if (known is not { } row)
        {
            Insert(work, shipped: 0);
            return PutOutcome.Inserted;
        }

        var merged = CatalogueRow.Merge(row.Work, work);
        if (row.Shipped == 0 && CatalogueRow.Write(merged) == row.Json)
            return PutOutcome.Unchanged;
        Update(row.Id, merged, shipped: 0);
        return PutOutcome.Updated;
    }

    /// <summary>Adds what the program brings along, unless the operator's own import knows the work.</summary>
    public PutOutcome PutShipped(Work work)
    {
        if (Find(work) is not { } row)
        {
            Insert(work, shipped: 1);
            return PutOutcome.Inserted;
        }

        if (row.Shipped == 0 || CatalogueRow.Write(work) == row.Json)
            return PutOutcome.Unchanged;
        Update(row.Id, work, shipped: 1);
        return PutOutcome.Updated;
    }

    public void Remove(long id)
    {
        Run(forget, id);
        connection.Execute("DELETE FROM works WHERE id = $id", ("$id", id));
    }

    public void Commit() => transaction.Commit();

    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[find, insert, update, index, forget])
            command.Dispose();
        transaction.Dispose();
        connection.Dispose();
    }

    (long Id, string Json, Work Work, long Shipped)? Find(Work work)
    {
        Bind(find, CatalogueRow.Key(work), work.Doi, work.ArxivId, work.Pmid, work.CorpusId);
        using var reader = find.ExecuteReader();
        if (!reader.Read())
            return null;
        var json = reader.GetString(1);
        return (reader.GetInt64(0), json, CatalogueRow.Read(json), reader.GetInt64(2));
    }

    void Insert(Work work, int shipped)
    {
        Bind(insert, Values(work, shipped));
        var id = (long)insert.ExecuteScalar()!;
        Index(id, work);
    }

    void Update(long id, Work work, int shipped)
    {
        Run(update, [.. Values(work, shipped), id]);
        Run(forget, id);
        Index(id, work);
    }

    // In the order of Columns.
    static object?[] Values(Work work, int shipped) =>
    [
        CatalogueRow.Key(work), work.Doi, work.ArxivId, work.Pmid, work.CorpusId,
        CatalogueRow.TitleKey(work.Title), work.Year, shipped, CatalogueRow.Write(work),
    ];

    void Index(long id, Work work) => Run(index, id, CatalogueRow.TitleText(work), CatalogueRow.AuthorText(work));

    SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = connection.Command(sql);
        foreach (var name in parameters)
            command.Parameters.AddWithValue(name, DBNull.Value);
        return command;
    }

    static void Run(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        Bind(command, values);
        command.ExecuteNonQuery();
    }

    static void Bind(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
