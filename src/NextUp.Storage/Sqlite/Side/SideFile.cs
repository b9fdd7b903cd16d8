using System.Collections.Concurrent;
using NextUp.Actors.Store;
using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Sqlite.Side;

/// <summary>
/// A file of its own: one connection that writes, a transaction at a time, and some that read beside it. The owner of the data
/// folder opens it, so it has no lock of its own.
/// </summary>
sealed class SideFile : SideDatabase
{
    /// <summary>Questions read at the same time; more wait their turn.</summary>
    const int ReadersMax = 4;

    readonly string path;
    readonly int cacheKib;
    readonly SqlSession writer;
    readonly LogCopy log;
    readonly SemaphoreSlim writing = new(1, 1);
    readonly SemaphoreSlim reading = new(ReadersMax, ReadersMax);
    readonly ConcurrentBag<SqlSession> idle = [];
    readonly CancellationTokenSource closing = new();
    bool isEraseDue;

    SideFile(string path, Connection writer, Layout layout)
    {
        (this.path, this.writer, cacheKib) = (path, new SqlSession(writer), layout.ReaderCacheKib);
        log = new LogCopy(writer, layout.LogPagesMax, layout.EraseAfter) { Erased = layout.Erased };
    }

    /// <param name="LogPagesMax">Pages in the write-ahead log at which it is copied into the database.</param>
    public sealed record Layout(
        string FileName, IReadOnlyList<string> Migrations, int WriterCacheKib, int ReaderCacheKib, int LogPagesMax)
    {
        /// <summary>As <see cref="SqliteStoreOptions.EraseAfter"/>.</summary>
        public TimeSpan EraseAfter { get; init; } = TimeSpan.FromSeconds(1);

        /// <summary>As <see cref="SqliteStoreOptions.Erased"/>.</summary>
        public Action? Erased { get; init; }
    }

    /// <exception cref="StoreFailedException">The file cannot be used; the message says why and what to do.</exception>
    public static SideFile Open(string folder, Layout layout)
    {
        var path = Path.Combine(folder, layout.FileName);
        Connection? connection = null;
        try
        {
            Directory.CreateDirectory(folder);
            connection = Connection.OpenFile(path, readOnly: false);
            // FAST would leave the words of what is deleted in the pages that it frees.
            connection.Execute(
                "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; "
                + $"PRAGMA secure_delete = ON; PRAGMA cache_size = -{layout.WriterCacheKib}");
            connection.WatchLog();
            Schema.Bring(connection, layout.Migrations);
            var file = new SideFile(path, connection, layout);
            file.AfterGroup();
            return file;
        }
        catch (SqliteException failure)
        {
            connection?.Dispose();
            throw failure.AsFailure(path, whileCommitting: false);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    public override async Task<T> WriteAsync<T>(Func<SqlSession, T> change)
    {
        await EnterAsync(writing);
        try
        {
            return await Task.Run(() => WriteHere(change));
        }
        finally
        {
            writing.Release();
        }
    }

    public override async Task<T> ReadAsync<T>(Func<SqlSession, T> question)
    {
        await EnterAsync(reading);
        try
        {
            return await Task.Run(() => ReadHere(question));
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>
    /// On the writing connection, in its turn: its cache has the pages that were just written, while every commit empties that
    /// of a reader.
    /// </summary>
    public override async Task<T> ReadWrittenAsync<T>(Func<SqlSession, T> question)
    {
        await EnterAsync(writing);
        try
        {
            return await Task.Run(() => question(writer));
        }
        catch (SqliteException failure)
        {
            writer.Connection.BreakOff();
            throw failure.AsFailure(path, whileCommitting: false);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Waits for the write and the questions that run, then closes. Whoever waits for a turn is told so.</summary>
    public override void Dispose()
    {
        lock (idle)
        {
            if (closing.IsCancellationRequested)
                return;
            closing.Cancel();
        }

        // All turns are kept: nobody comes any more. The writer is the last to close, as only then the log is copied and removed,
        // with the words in it of what was deleted.
        writing.Wait();
        for (var turn = 0; turn < ReadersMax; turn++)
            reading.Wait();
        while (idle.TryTake(out var reader))
            reader.Dispose();
        writer.Dispose();
    }

    async Task EnterAsync(SemaphoreSlim turn)
    {
        try
        {
            await turn.WaitAsync(closing.Token);
        }
        catch (OperationCanceledException)
        {
            throw StoreFailedException.Closed();
        }
    }

    T WriteHere<T>(Func<SqlSession, T> change)
    {
        var answer = Commit(writer, change);
        AfterGroup();
        return answer;
    }

    void AfterGroup()
    {
        try
        {
            if (log.AfterGroup() is not { } rest || isEraseDue)
                return;
            isEraseDue = true;
            _ = EraseAsync(rest);
        }
        catch (SqliteException)
        {
            // Nothing is lost: the log stays long until the next commit copies it, or fails and says why.
        }
    }

    /// <summary>In a turn of its own, where no write comes before.</summary>
    async Task EraseAsync(TimeSpan rest)
    {
        try
        {
            await Task.Delay(rest, TimeProvider.System, closing.Token);
            await EnterAsync(writing);
        }
        catch (Exception closed) when (closed is OperationCanceledException or StoreFailedException)
        {
            return;
        }

        try
        {
            isEraseDue = false;
            await Task.Run(AfterGroup);
        }
        finally
        {
            writing.Release();
        }
    }

    T ReadHere<T>(Func<SqlSession, T> question)
    {
        SqlSession? session = null;
        try
        {
            if (!idle.TryTake(out session))
                session = OpenReader();
            var answer = Answer(session, question);
            idle.Add(session);
            return answer;
        }
        catch (SqliteException failure)
        {
            session?.Dispose();
            throw failure.AsFailure(path, whileCommitting: false);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    SqlSession OpenReader()
    {
        var connection = Connection.OpenFile(path, readOnly: true);
        connection.Execute($"PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{cacheKib}");
        return new(connection);
    }
}
