using System.Collections.Concurrent;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sqlite.Documents;

/// <summary>
/// The file <c>documents.db</c>: one connection that writes, a transaction at a time, and some that read beside it. The
/// owner of the data folder opens it, so it has no lock of its own.
/// </summary>
sealed class DocumentDatabase : IDisposable
{
    const string FileName = "documents.db";

    /// <summary>Questions read at the same time; more wait their turn.</summary>
    const int ReadersMax = 4;

    const int PageCacheKib = 8 * 1024;

    /// <summary>Pages in the write-ahead log at which it is copied into the database.</summary>
    const int LogPagesMax = 2_000;

    static readonly string[] s_migrations = ["documents-001.sql"];

    readonly string _path;
    readonly Session _writer;
    readonly LogCopy _log;
    readonly SemaphoreSlim _writing = new(1, 1);
    readonly SemaphoreSlim _reading = new(ReadersMax, ReadersMax);
    readonly ConcurrentBag<Session> _idle = [];

    DocumentDatabase(string path, Connection writer)
    {
        (_path, _writer) = (path, new Session(writer));
        _log = new LogCopy(writer, LogPagesMax);
    }

    /// <summary>Called where a transaction is about to be committed; what it throws fails it. For tests.</summary>
    public Action? AtCommit { get; set; }

    public static DocumentDatabase Open(string folder) => Open(folder, FileName, s_migrations);

    /// <summary>Opens a file of another slice that is kept in the same way.</summary>
    public static DocumentDatabase Open(string folder, string fileName, IReadOnlyList<string> migrations)
    {
        var path = Path.Combine(folder, fileName);
        Connection? connection = null;
        try
        {
            Directory.CreateDirectory(folder);
            connection = Connection.OpenFile(path, readOnly: false);
            // FAST would leave the words of a deleted document in the pages that it frees.
            connection.Execute(
                "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; "
                + $"PRAGMA secure_delete = ON; PRAGMA cache_size = -{PageCacheKib}");
            connection.WatchLog();
            Schema.Bring(connection, migrations);
            return new(path, connection);
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

    /// <summary>Runs the changes as one transaction on the pool; durable when it answers.</summary>
    public async Task<T> WriteAsync<T>(Func<Session, T> change)
    {
        await EnterAsync(_writing);
        try
        {
            return await Task.Run(() => Commit(change));
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task<T> ReadAsync<T>(Func<Session, T> question)
    {
        await EnterAsync(_reading);
        try
        {
            return await Task.Run(() => Answer(question));
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var reader))
            reader.Dispose();
        _writer.Dispose();
        _writing.Dispose();
        _reading.Dispose();
    }

    async Task EnterAsync(SemaphoreSlim turn)
    {
        try
        {
            await turn.WaitAsync();
        }
        catch (ObjectDisposedException closed)
        {
            throw new StoreFailedException($"The store '{_path}' is closed.", isUncertain: false, closed);
        }
    }

    T Commit<T>(Func<Session, T> change)
    {
        var isCommitting = false;
        try
        {
            _writer.Of("BEGIN IMMEDIATE").Run();
            var answer = change(_writer);
            AtCommit?.Invoke();
            isCommitting = true;
            _writer.Of("COMMIT").Run();
            CopyLog();
            return answer;
        }
        catch (SqliteException failure)
        {
            RollBack();
            throw failure.AsFailure(_path, isCommitting);
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    void CopyLog()
    {
        try
        {
            _log.AfterGroup();
        }
        catch (SqliteException)
        {
            // Nothing is lost: the log stays long until the next commit copies it, or fails and says why.
        }
    }

    void RollBack()
    {
        try
        {
            _writer.Connection.BreakOff();
            if (_writer.Connection.IsInTransaction)
                _writer.Of("ROLLBACK").Run();
        }
        catch (SqliteException)
        {
            // The failure that led here says why; BEGIN fails while this one stands.
        }
    }

    T Answer<T>(Func<Session, T> question)
    {
        Session? session = null;
        try
        {
            if (!_idle.TryTake(out session))
                session = OpenReader();
            // One transaction: every statement of a question sees the same state.
            session.Of("BEGIN").Run();
            var answer = question(session);
            session.Of("COMMIT").Run();
            _idle.Add(session);
            return answer;
        }
        catch (SqliteException failure)
        {
            session?.Dispose();
            throw failure.AsFailure(_path, whileCommitting: false);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    Session OpenReader()
    {
        var connection = Connection.OpenFile(_path, readOnly: true);
        connection.Execute($"PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{PageCacheKib}");
        return new(connection);
    }

    /// <summary>A connection whose statements are compiled once. Used by one thread at a time.</summary>
    internal sealed class Session(Connection connection) : IDisposable
    {
        readonly Dictionary<string, Statement> _statements = [];

        public Connection Connection => connection;

        /// <summary>The statement of this text, ready for its parameters. Texts are constants, so there are few.</summary>
        public Statement Of(string sql)
        {
            if (!_statements.TryGetValue(sql, out var statement))
                _statements.Add(sql, statement = connection.Prepare(sql));
            return statement;
        }

        public void Dispose() => connection.Dispose();
    }
}
