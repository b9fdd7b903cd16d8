using NextUp.Actors.Store;

namespace NextUp.Storage.Sql.Side;

/// <summary>
/// A database beside the queue's, for results that live on: documents, records, papers. Nothing of the queue waits for it.
/// Each write is one transaction, and each question sees one state.
/// </summary>
/// <remarks>
/// On SQLite one transaction writes at a time. On PostgreSQL several servers may write at once, each transaction seeing what
/// others have committed so far. Whoever decides on what it reads therefore first enters the turn of the user whose it is
/// (<see cref="SqlSession.Enter(Actors.Users.UserId)"/>): all that must hold together belongs to one user, so within a turn
/// everything is as on SQLite. Where one statement decides by itself (a version that is still being taken, a paper that is
/// still the one that was seen) no turn is needed.
/// </remarks>
abstract class SideDatabase : IDisposable
{
    /// <summary>Called where a transaction is about to be committed; what it throws fails it. For tests.</summary>
    public Action? AtCommit { get; set; }

    /// <summary>Runs the changes as one transaction; durable when it answers.</summary>
    /// <param name="change">May run more than once: only the last run counts.</param>
    /// <exception cref="StoreFailedException">Nothing is acknowledged.</exception>
    public abstract Task<T> WriteAsync<T>(Func<SqlSession, T> change);

    public abstract Task<T> ReadAsync<T>(Func<SqlSession, T> question);

    /// <summary>
    /// A question about what was written just now, which may be in somebody's memory still.
    /// </summary>
    public virtual Task<T> ReadWrittenAsync<T>(Func<SqlSession, T> question) => ReadAsync(question);

    public abstract void Dispose();

    protected T Commit<T>(SqlSession session, Func<SqlSession, T> change)
    {
        var connection = session.Connection;
        var isCommitting = false;
        try
        {
            connection.BeginWrite();
            var answer = change(session);
            connection.Flush();
            AtCommit?.Invoke();
            isCommitting = true;
            connection.Commit();
            return answer;
        }
        catch (SqlException failure)
        {
            RollBack(connection);
            throw failure.AsFailure(connection.Path, isCommitting);
        }
        catch
        {
            RollBack(connection);
            throw;
        }
    }

    protected static T Answer<T>(SqlSession session, Func<SqlSession, T> question)
    {
        session.Connection.BeginRead();
        var answer = question(session);
        session.Connection.EndRead();
        return answer;
    }

    static void RollBack(SqlConnection connection)
    {
        try
        {
            connection.BreakOff();
            if (connection.IsInTransaction)
                connection.Rollback();
        }
        catch (SqlException)
        {
            // The failure that led here says why; beginning fails while this one stands.
        }
    }
}
