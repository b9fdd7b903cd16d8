using System.Text.Json;
using Microsoft.Data.Sqlite;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>What the cache remembers of one question.</summary>
abstract record CachedWorks
{
    CachedWorks() { }

    /// <summary>As good as asking. No works: the service said that it knows none.</summary>
    internal sealed record Fresh(IReadOnlyList<Work> Works) : CachedWorks;

    /// <summary>The metadata still holds; the counts were taken out, for they do not.</summary>
    internal sealed record Aged(IReadOnlyList<Work> Works) : CachedWorks;
}

/// <summary>
/// What services said, in one SQLite file, shared by all users: public metadata under identifiers and digests of
/// titles, nothing that tells who asked. Metadata holds for 30 days, counts for 7, "not known" for 1.
/// <para>
/// The file is worth nothing but time. It is written without waiting for the disk, it is deleted and made anew when it
/// is damaged or of another version, and when it cannot be used at all (disk full, folder not writable) lookups go on
/// without it; <see cref="FaultCount"/> tells.
/// </para>
/// </summary>
sealed class WorkCache : IDisposable
{
    public static readonly TimeSpan MetadataAge = TimeSpan.FromDays(30);
    public static readonly TimeSpan CountsAge = TimeSpan.FromDays(7);
    public static readonly TimeSpan UnknownAge = TimeSpan.FromDays(1);

    /// <summary>The largest entry that is kept, in bytes.</summary>
    public const int EntryBytesMax = 1 << 20;

    const int SchemaVersion = 1;
    const int SqliteCorrupt = 11;
    const int SqliteNotADatabase = 26;

    // A row's own cost on top of its body: key, index, page slack. Measured at 60 to 150 bytes.
    const int RowBytes = 160;

    // Eviction goes a tenth below the limit, so that it is not done at every write.
    const double EvictTo = 0.9;

    readonly Lock _lock = new();
    readonly string _path;
    readonly long _bytesMax;
    readonly TimeProvider _time;
    SqliteConnection? _connection;
    long _bytes;
    bool _isDisposed;

    public WorkCache(string path, long bytesMax, TimeProvider time)
    {
        _path = path;
        _bytesMax = bytesMax;
        _time = time;
        lock (_lock)
            Guard(() => 0, 0);
    }

    /// <summary>How often the file could not be read or written since the start.</summary>
    public int FaultCount { get; private set; }

    /// <summary>What the last of these faults was, or null.</summary>
    public string? LastFault { get; private set; }

    /// <summary>The size of what is kept, in bytes, as it is held against the limit.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    public CachedWorks? Find(string provider, string key)
    {
        lock (_lock)
            return Guard(() => Read(provider, key), null);
    }

    /// <summary>Remembers an answer. None means: the service was asked and knows none.</summary>
    public void Keep(string provider, string key, IReadOnlyList<Work> works) => Keep(provider, [new(key, works)]);

    /// <summary>Remembers many answers in one commit.</summary>
    public void Keep(string provider, IEnumerable<KeyValuePair<string, IReadOnlyList<Work>>> answers)
    {
        var now = _time.GetUtcNow();
        var rows = answers
            .Select(answer => new Row(
                provider, answer.Key, now.ToUnixTimeSeconds(),
                (now + (answer.Value.Count == 0 ? UnknownAge : MetadataAge)).ToUnixTimeSeconds(),
                JsonSerializer.SerializeToUtf8Bytes(answer.Value)))
            .Where(row => row.Body.Length <= EntryBytesMax)
            .ToList();
        lock (_lock)
            Guard(() => Write(rows), 0);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Close();
        }
    }

    CachedWorks? Read(string provider, string key)
    {
        using var command = Command("SELECT said_at, expires_at, body FROM said WHERE provider = $p AND key = $k");
        command.Parameters.AddWithValue("$p", provider);
        command.Parameters.AddWithValue("$k", key);
        using var row = command.ExecuteReader();
        if (!row.Read())
            return null;

        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var saidAt = row.GetInt64(0);
        if (now >= row.GetInt64(1) || saidAt > now)
            return null;

        var works = JsonSerializer.Deserialize<List<Work>>(row.GetFieldValue<byte[]>(2)) ?? [];
        var hasCounts = works.Any(work => work.CitationCount is not null || work.JournalMeanCitedness is not null);
        if (!hasCounts || now < saidAt + (long)CountsAge.TotalSeconds)
            return new CachedWorks.Fresh(works);
        return new CachedWorks.Aged(
            [.. works.Select(work => work with { CitationCount = null, JournalMeanCitedness = null })]);
    }

    int Write(List<Row> rows)
    {
        using var transaction = _connection!.BeginTransaction();
        var bytes = _bytes + rows.Sum(row => Write(row, transaction));
        var evicted = bytes > _bytesMax ? Evict(bytes - (long)(_bytesMax * EvictTo), transaction) : 0;
        transaction.Commit();
        _bytes = bytes - evicted;
        if (evicted > 0)
            Execute("PRAGMA incremental_vacuum");
        return rows.Count;
    }

    /// <returns>By how many bytes the cache grew.</returns>
    long Write(Row row, SqliteTransaction transaction)
    {
        using var old = Command("SELECT length(body) FROM said WHERE provider = $p AND key = $k", transaction);
        old.Parameters.AddWithValue("$p", row.Provider);
        old.Parameters.AddWithValue("$k", row.Key);
        var freed = old.ExecuteScalar() is long length ? length + RowBytes : 0;

        using var command = Command(
            "INSERT OR REPLACE INTO said (provider, key, said_at, expires_at, body) VALUES ($p, $k, $s, $e, $b)",
            transaction);
        command.Parameters.AddWithValue("$p", row.Provider);
        command.Parameters.AddWithValue("$k", row.Key);
        command.Parameters.AddWithValue("$s", row.SaidAt);
        command.Parameters.AddWithValue("$e", row.ExpiresAt);
        command.Parameters.AddWithValue("$b", row.Body);
        command.ExecuteNonQuery();
        return row.Body.Length + RowBytes - freed;
    }

    long Evict(long bytes, SqliteTransaction transaction)
    {
        using var command = Command(
            """
            DELETE FROM said WHERE rowid IN (
                SELECT rowid FROM (
                    SELECT rowid,
                        sum(length(body) + $row) OVER (ORDER BY expires_at, rowid) - length(body) - $row AS before
                    FROM said)
                WHERE before < $bytes)
            RETURNING length(body) + $row
            """, transaction);
        command.Parameters.AddWithValue("$row", RowBytes);
        command.Parameters.AddWithValue("$bytes", bytes);
        using var rows = command.ExecuteReader();
        var freed = 0L;
        while (rows.Read())
            freed += rows.GetInt64(0);
        return freed;
    }

    /// <summary>
    /// Does it, once more on a new file if the old one is damaged, or answers as if nothing were known.
    /// </summary>
    T Guard<T>(Func<T> act, T without)
    {
        if (_isDisposed)
            return without;

        for (var isSecond = false; ; isSecond = true)
        {
            try
            {
                Open();
                return act();
            }
            catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException
                or JsonException or InvalidCastException)
            {
                FaultCount++;
                LastFault = error.Message;
                Close();
                if (isSecond || !IsDamage(error) || !TryDelete())
                    return without;
            }
        }
    }

    static bool IsDamage(Exception error) =>
        error is SqliteException { SqliteErrorCode: SqliteCorrupt or SqliteNotADatabase }
            or JsonException or InvalidCastException;

    void Open()
    {
        if (_connection is not null)
            return;

        if (Path.GetDirectoryName(Path.GetFullPath(_path)) is { } folder)
            Directory.CreateDirectory(folder);
        _connection = new(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false }.ToString());
        _connection.Open();
        var version = Number("PRAGMA user_version");
        if (version != SchemaVersion && Number("SELECT count(*) FROM sqlite_schema") > 0)
        {
            Close();
            if (!TryDelete())
                throw new IOException($"{_path} is of version {version} and cannot be replaced");
            Open();
            return;
        }

        Execute(
            $"""
            PRAGMA auto_vacuum = INCREMENTAL;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            CREATE TABLE IF NOT EXISTS said (
                provider TEXT NOT NULL, key TEXT NOT NULL, said_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
                body BLOB NOT NULL, UNIQUE (provider, key));
            CREATE INDEX IF NOT EXISTS said_expiry ON said (expires_at);
            PRAGMA user_version = {SchemaVersion};
            """);
        _bytes = Number($"SELECT coalesce(sum(length(body) + {RowBytes}), 0) FROM said");
    }

    bool TryDelete()
    {
        try
        {
            foreach (var suffix in new[] { "", "-wal", "-shm" })
                File.Delete(_path + suffix);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LastFault = error.Message;
            return false;
        }
    }

    void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    SqliteCommand Command(string sql, SqliteTransaction? transaction = null) => new(sql, _connection, transaction);

    void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    long Number(string sql)
    {
        using var command = Command(sql);
        return (long)command.ExecuteScalar()!;
    }

    /// <param name="SaidAt">In Unix seconds, as is <paramref name="ExpiresAt"/>.</param>
    readonly record struct Row(string Provider, string Key, long SaidAt, long ExpiresAt, byte[] Body);
}
