using System.Diagnostics;
using NextUp.Actors.Store;
using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Postgres.Side;

/// <summary>
/// The database beside the queue's, in the same schema, on connections and threads of its own: some that write and some that
/// read, so that a long write of one user keeps nobody else waiting.
/// </summary>
/// <remarks>
/// A transaction whose process is paused would keep its turns: the database ends it after a while, and nothing of it is stored.
/// </remarks>
sealed class PostgresSideDatabase : SideDatabase
{
    /// <summary>Transactions that write at the same time, of this server; more wait their turn.</summary>
    const int WritersMax = 4;

    const int ReadersMax = 4;

    /// <summary>How long a transaction may do nothing before the database ends it.</summary>
    const int IdleSecondsMax = 15;

    /// <summary>Times that a transaction is run again which the database ended because two waited for each other.</summary>
    const int DeadlocksMax = 5;

    static readonly TimeSpan AwayPause = TimeSpan.FromMilliseconds(100);

    readonly SessionThreads<SqlSession> writers;
    readonly SessionThreads<SqlSession> readers;
    readonly ManualResetEventSlim closing = new();
    readonly TimeSpan awayMax;

    public PostgresSideDatabase(PostgresStoreOptions options)
    {
        var link = new PostgresLink(options, $"-c idle_in_transaction_session_timeout={IdleSecondsMax}s");
        (writers, readers, awayMax) = (Threads("writer"), Threads("reader"), options.AwayMax);

        SessionThreads<SqlSession> Threads(string name) => new(
            () => new SqlSession(new Connection(link, null)), name == "writer" ? WritersMax : ReadersMax,
            options.WaitingQuestionsMax, $"side {name}");
    }

    public override Task<T> WriteAsync<T>(Func<SqlSession, T> change) => writers.RunAsync(session => Stubbornly(session, change));

    public override Task<T> ReadAsync<T>(Func<SqlSession, T> question) =>
        readers.RunAsync(session => Stubborn.Ask(session.Connection, () => Answer(session, question)));

    public override void Dispose()
    {
        closing.Set();
        writers.Dispose();
        readers.Dispose();
    }

    /// <summary>
    /// Tries again for a while where the database is away and certainly has nothing of it, and where two transactions waited
    /// for each other.
    /// </summary>
    T Stubbornly<T>(SqlSession session, Func<SqlSession, T> change)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var deadlocks = 0; ;)
        {
            try
            {
                return Commit(session, change);
            }
            catch (StoreFailedException failure) when (!failure.IsUncertain && MayTryAgain(failure, begun, ref deadlocks))
            {
                if (closing.Wait(AwayPause))
                    throw;
            }
        }
    }

    bool MayTryAgain(StoreFailedException failure, long begun, ref int deadlocks) => failure.InnerException switch
    {
        PostgresFailure { IsDeadlock: true } => ++deadlocks <= DeadlocksMax,
        PostgresFailure { IsAway: true } => Stopwatch.GetElapsedTime(begun) < awayMax,
        _ => false,
    };
}
