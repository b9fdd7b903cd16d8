using System.Buffers;
using NextUp.Actors.Statistics;

namespace NextUp.Storage.Sql.Statistics;

/// <summary>
/// Counts what the running transaction does, and stores it with its commit.
/// </summary>
/// <remarks>
/// <para>A commit is as dear as the pages it dirties, and the figures that a change belongs to (its hour, its user's
/// day, its cause) lie on pages of their own. So a commit only appends one small row to the journal. Once
/// <c>gatheredMax</c> entries or <see cref="BytesMax"/> bytes have gathered, the commit that makes them full folds the
/// whole journal into the tables and empties it, all in its own transaction: neighbours share a page then.</para>
/// <para>Nothing is kept in memory but how much has gathered, so there is nothing to rebuild after a crash, and a
/// question that reads tables and journal in one snapshot sees each change exactly once.</para>
/// </remarks>
sealed class StatisticsJournal(SqlConnection connection, int gatheredMax)
{
    /// <summary>Bytes of journal that a question may have to read: 1 MiB; long causes reach it before the entries do.</summary>
    const long BytesMax = 1024 * 1024;

    readonly SqlStatement insert = connection.Prepare("INSERT INTO statistic_journal (entries, content) VALUES (?, ?)");
    readonly SqlStatement measure = connection.Prepare(
        "SELECT CAST(coalesce(sum(entries), 0) AS BIGINT), CAST(coalesce(sum(length(content)), 0) AS BIGINT) "
        + "FROM statistic_journal");
    readonly SqlStatement read = connection.Prepare("SELECT content FROM statistic_journal ORDER BY id");
    readonly SqlStatement empty = connection.Prepare("DELETE FROM statistic_journal");

    readonly StatisticsTables tables = new(connection);
    readonly ArrayBufferWriter<byte> content = new();
    readonly List<JournalEntry> added = [];
    (long Entries, long Bytes) gathered;
    (long Entries, long Bytes) gatheredNext;
    bool isMeasured;

    /// <summary>The state changes of the transaction, where someone listens; else null.</summary>
    public List<JobTransition>? Transitions { get; set; }

    public (int Entries, int Transitions) Mark => (added.Count, Transitions?.Count ?? 0);

    public void Begin()
    {
        added.Clear();
        if (isMeasured)
        {
            gatheredNext = gathered;
            return;
        }

        measure.Step();
        gathered = gatheredNext = (measure.Long(0), measure.Long(1));
        measure.Reset();
        isMeasured = true;
    }

    public void Add(in JournalEntry entry) => added.Add(entry);

    public void Return((int Entries, int Transitions) mark)
    {
        added.RemoveRange(mark.Entries, added.Count - mark.Entries);
        Transitions?.RemoveRange(mark.Transitions, Transitions.Count - mark.Transitions);
    }

    /// <summary>As one of the last things before the commit.</summary>
    public void Write()
    {
        if (added.Count == 0)
            return;

        content.ResetWrittenCount();
        JournalEntry.Write(content, added);
        insert.With(added.Count).With(content.WrittenSpan).Later();
        gatheredNext = (gathered.Entries + added.Count, gathered.Bytes + content.WrittenCount);
        if (gatheredNext.Entries < gatheredMax && gatheredNext.Bytes < BytesMax)
            return;

        tables.Add(GatheredFigures.Read(read));
        empty.Later();
        gatheredNext = default;
    }

    public void Committed() => gathered = gatheredNext;

    /// <summary>After a transaction that may have failed.</summary>
    public void Forget()
    {
        isMeasured = false;
        tables.Forget();
    }
}
