using System.Collections.Concurrent;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sqlite.Records;

/// <summary>The records on SQLite: one file beside the store's in a folder that one process owns.</summary>
/// <remarks>
/// A write is a transaction with <c>synchronous=FULL</c>, one after the other, each in its turn; a batch of an import is
/// large, so nothing is gained by sharing commits. Questions are answered beside them on connections of their own. A crash
/// leaves the state after some transaction, and at least after the last that was answered: a batch and its checkpoint are
/// one transaction, so an import goes on exactly behind its last batch.
/// </remarks>
public sealed partial class SqliteRecordStore : IRecordStore, IDisposable
{
    /// <summary>The database's name in the data folder.</summary>
    public const string DatabaseName = "records.db";

    /// <summary>Questions that are answered at once.</summary>
    const int ReadersMax = 4;

    /// <summary>The page cache of the writer, in KiB: marks of a large table are met in no order.</summary>
    const int WriterCacheKib = 64 * 1024;

    const int ReaderCacheKib = 4 * 1024;

    /// <summary>Pages of the write-ahead log before it is copied: marks are written in no order, and a page is copied once.</summary>
    const int LogPages = 16 * 1024;

    readonly string path;
    readonly RecordConnection writer;
    readonly SemaphoreSlim turn = new(1, 1);
    readonly SemaphoreSlim free = new(ReadersMax);
    readonly ConcurrentBag<RecordConnection> idle = [];

    SqliteRecordStore(string path, RecordConnection writer) => (this.path, this.writer) = (path, writer);

    /// <summary>Called before each commit; what it throws fails the transaction as a broken disk would.</summary>
    public Action? BeforeCommit { get; set; }

    /// <exception cref="StoreFailedException">The file cannot be used; the message says why and what to do.</exception>
    public static SqliteRecordStore Open(string folder)
    {
        var path = Path.Combine(folder, DatabaseName);
        Connection? connection = null;
        try
        {
            Directory.CreateDirectory(folder);
            connection = Connection.OpenFile(path, readOnly: false);
            connection.Execute(
                "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; "
                + $"PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{WriterCacheKib}; PRAGMA wal_autocheckpoint = {LogPages}");
            RecordSchema.Bring(connection);
            return new SqliteRecordStore(path, new RecordConnection(connection));
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

    /// <summary>Waits for the write that runs, then closes.</summary>
    public void Dispose()
    {
        turn.Wait();
        writer.Dispose();
        while (idle.TryTake(out var reader))
            reader.Dispose();
        turn.Dispose();
        free.Dispose();
    }

    /// <summary>One transaction, in its turn.</summary>
    async Task<T> WriteAsync<T>(Func<RecordConnection, T> change)
    {
        await EnterAsync(turn);
        try
        {
            return await Task.Run(() => Write(change));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// A question on the writing connection, in its turn: its cache has the pages that a batch has just written, while every
    /// commit empties that of a reader.
    /// </summary>
    async Task<T> AskWriterAsync<T>(Func<RecordConnection, T> question)
    {
        await EnterAsync(turn);
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
            turn.Release();
        }
    }

    T Write<T>(Func<RecordConnection, T> change)
    {
        var isCommitting = false;
        try
        {
            writer.Sql("BEGIN IMMEDIATE").Run();
            var answer = change(writer);
            BeforeCommit?.Invoke();
            isCommitting = true;
            writer.Sql("COMMIT").Run();
            return answer;
        }
        catch (SqliteException failure)
        {
            Abandon();
            throw failure.AsFailure(path, isCommitting);
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    void Abandon()
    {
        try
        {
            writer.Connection.BreakOff();
            if (writer.Connection.IsInTransaction)
                writer.Sql("ROLLBACK").Run();
        }
        catch (SqliteException)
        {
            // The failure that led here says why. BEGIN fails while this one stands, and the next Abandon tries again.
        }
    }

    /// <summary>Answers a question from one state of the database.</summary>
    async Task<T> AskAsync<T>(Func<RecordConnection, T> question)
    {
        await EnterAsync(free);
        RecordConnection? reader = null;
        try
        {
            if (!idle.TryTake(out reader))
                reader = OpenReader();
            return await Task.Run(() => InOneState(reader, question));
        }
        catch (SqliteException failure)
        {
            reader?.Connection.BreakOff();
            throw failure.AsFailure(path, whileCommitting: false);
        }
        finally
        {
            if (reader is not null)
                idle.Add(reader);
            free.Release();
        }
    }

    static T InOneState<T>(RecordConnection reader, Func<RecordConnection, T> question)
    {
        reader.Sql("BEGIN").Run();
        try
        {
            return question(reader);
        }
        finally
        {
            reader.Connection.BreakOff();
            reader.Sql("COMMIT").Run();
        }
    }

    RecordConnection OpenReader()
    {
        var connection = Connection.OpenFile(path, readOnly: true);
        connection.Execute($"PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{ReaderCacheKib}");
        return new RecordConnection(connection);
    }

    static async Task EnterAsync(SemaphoreSlim door)
    {
        try
        {
            await door.WaitAsync();
        }
        catch (ObjectDisposedException closed)
        {
            throw new StoreFailedException("The store of records is closed.", isUncertain: false, closed);
        }
    }
}
