using System.Text.Json;
using Microsoft.Data.Sqlite;
using NextUp.Actors.Users;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>
/// The works that this installation knows by itself: an SQLite file, looked up by identifier and searched by title and
/// author, with no network. Any number may read while one imports.
/// </summary>
public sealed class WorkCatalogue : IWorkProvider, IDisposable
{
    /// <summary>The name in <c>bibtex.providers</c>.</summary>
    public const string ProviderName = "catalogue";

    /// <summary>The most candidates that a search answers.</summary>
    public const int CandidatesMax = 20;

    /// <summary>How long a reader or writer waits for another writer's commit before it gives up.</summary>
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(30);

    const string ArxivDoiPrefix = "10.48550/arxiv.";

    readonly string path;
    readonly SearchThreads threads;

    WorkCatalogue(string path, int searchesAtOnce)
    {
        this.path = path;
        threads = new(searchesAtOnce);
    }

    public string Name => ProviderName;

    public IReadOnlySet<WorkIdScheme> Schemes { get; } =
        new HashSet<WorkIdScheme> { WorkIdScheme.Doi, WorkIdScheme.Arxiv, WorkIdScheme.Pmid, WorkIdScheme.CorpusId };

    public bool CanSearch => true;

    /// <summary>
    /// Opens the catalogue, and makes an empty one where there is no file. Throws <see cref="CatalogueFileException"/>
    /// where the file cannot be used.
    /// </summary>
    /// <param name="searchesAtOnce">Searches that may run at once; null is every core but one.</param>
    public static WorkCatalogue Open(string path, int? searchesAtOnce = null)
    {
        CatalogueSchema.Ensure(path);
        return new(path, searchesAtOnce ?? SearchThreads.CountDefault);
    }

    /// <summary>How many works there are; counted, so meant for an operator and not for every request.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        ReadAsync(connection => connection.Number("SELECT count(*) FROM works"), cancellationToken);

    public Task<IReadOnlyDictionary<WorkId, Work>> FetchAsync(
        IReadOnlyList<WorkId> ids, UserId user, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyDictionary<WorkId, Work>>(connection => Fetch(connection, ids), cancellationToken);

    public Task<IReadOnlyList<Work>> SearchAsync(WorkQuery query, UserId user, CancellationToken cancellationToken) =>
        threads.RunAsync(() => Read(connection => CatalogueSearch.Run(connection, query)), cancellationToken);

    /// <summary>Lets go of the file, so that it can be moved or deleted.</summary>
    public void Dispose()
    {
        threads.Dispose();
        using var connection = new SqliteConnection($"Data Source={path}");
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>Writes one batch in one transaction.</summary>
    internal (long Inserted, long Updated, long Unchanged) Put(IReadOnlyList<Work> works)
    {
        using var writer = new CatalogueWriter(path);
        var outcomes = works.CountBy(writer.Put).ToDictionary();
        writer.Commit();
        return (Count(PutOutcome.Inserted), Count(PutOutcome.Updated), Count(PutOutcome.Unchanged));

        long Count(PutOutcome outcome) => outcomes.GetValueOrDefault(outcome);
    }

    static Dictionary<WorkId, Work> Fetch(SqliteConnection connection, IReadOnlyList<WorkId> ids)
    {
        // arXiv's own DOIs say which arXiv paper they mean, and catalogues often know only one of the two names.
        var arxiv = ids.Select(id => (Id: id, Arxiv: ArxivOf(id))).Where(pair => pair.Arxiv is not null).ToList();
        using var command = connection.Command("""
            SELECT 'd', doi, work FROM works WHERE doi IN (SELECT value FROM json_each($dois))
            UNION ALL SELECT 'p', pmid, work FROM works WHERE pmid IN (SELECT value FROM json_each($pmids))
            UNION ALL SELECT 'c', corpus, work FROM works WHERE corpus IN (SELECT value FROM json_each($corpora))
            UNION ALL SELECT * FROM (
                SELECT 'a', arxiv, work FROM works WHERE arxiv IN (SELECT value FROM json_each($arxivs))
                ORDER BY doi IS NOT NULL, doi NOT LIKE '10.48550/%', id)
            """,
            ("$dois", Values(ids, WorkIdScheme.Doi)),
            ("$pmids", Values(ids, WorkIdScheme.Pmid)),
            ("$corpora", Values(ids, WorkIdScheme.CorpusId)),
            ("$arxivs", JsonSerializer.Serialize(arxiv.Select(pair => pair.Arxiv))));

        var found = new Dictionary<WorkId, Work>();
        var byArxiv = arxiv.ToLookup(pair => pair.Arxiv, pair => pair.Id);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var value = reader.GetString(1);
            var work = CatalogueRow.Read(reader.GetString(2)) with { Source = ProviderName };
            if (reader.GetString(0) == "d")
                found[new(WorkIdScheme.Doi, value)] = work;
            else if (reader.GetString(0) == "p")
                found.TryAdd(new(WorkIdScheme.Pmid, value), work);
            else if (reader.GetString(0) == "c")
                found.TryAdd(new(WorkIdScheme.CorpusId, value), work);
            else
                foreach (var id in byArxiv[value])
                    found.TryAdd(id, work);
        }

        return found;
    }

    static string? ArxivOf(WorkId id) => id.Scheme switch
    {
        WorkIdScheme.Arxiv => id.Value,
        WorkIdScheme.Doi when id.Value.StartsWith(ArxivDoiPrefix, StringComparison.Ordinal)
            => id.Value[ArxivDoiPrefix.Length..],
        _ => null,
    };

    static string Values(IReadOnlyList<WorkId> ids, WorkIdScheme scheme) =>
        JsonSerializer.Serialize(ids.Where(id => id.Scheme == scheme).Select(id => id.Value));

    // SQLite answers synchronously; the caller's thread is not the place to wait for the disk.
    Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken) =>
        Task.Run(() => Read(read), cancellationToken);

    T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            using var connection = CatalogueSchema.Open(path, SqliteOpenMode.ReadOnly);
            return read(connection);
        }
        catch (SqliteException error)
        {
            throw new WorkProviderUnavailableException(
                ProviderName, $"cannot read {path} ({error.Message})", inner: error);
        }
    }
}
