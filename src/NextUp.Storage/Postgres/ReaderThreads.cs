using NextUp.Actors.Store;
using NextUp.Storage.Sql;

namespace NextUp.Storage.Postgres;

/// <summary>Readers on <see cref="SessionThreads{TSession}"/>.</summary>
sealed class ReaderThreads(Func<JobReader> open, StoreOptions options) : JobReaders
{
    readonly SessionThreads<JobReader> threads = new(open, options.ReadersMax, options.WaitingQuestionsMax, "store reader");

    public override Task<T> AskAsync<T>(Func<JobReader, T> question) =>
        threads.RunAsync(reader => Stubborn.Ask(reader.Connection, () => question(reader)));

    // Whoever goes through the rows may take long and ask other questions meanwhile.
    public override IEnumerable<QueueRow> ReadQueue()
    {
        using var reader = open();
        using var rows = QueueRows.Read(reader.Connection).GetEnumerator();
        while (HasNext(rows, reader))
            yield return rows.Current;
    }

    public override void Dispose() => threads.Dispose();

    static bool HasNext(IEnumerator<QueueRow> rows, JobReader reader)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (SqlException failure)
        {
            throw failure.AsFailure(reader.Connection.Path, whileCommitting: false);
        }
    }
}
