using System.Buffers.Binary;
using NextUp.Actors.Jobs;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;
using NextUp.Storage.Sql.Side;

namespace NextUp.Storage.Sql.Records;

/// <summary>How an import and a mark stand in their rows.</summary>
static class ImportRows
{
    public const string Select =
        "SELECT i.number, i.job, i.owner, t.name, i.file_name, i.state, i.attempt, i.begun_at, i.settled_at, i.row_no, i.total, "
        + "i.inserted, i.updated, i.duplicates, i.rejected, i.blank, i.plan, i.header, i.stores, i.table_id "
        + "FROM import i JOIN user_table t ON t.id = i.table_id ";

    /// <summary>The column behind those of the import.</summary>
    public const int TableId = 19;

    public static TableImport Read(SqlStatement row) => new()
    {
        Number = new(row.Long(0)),
        Job = new JobId(row.Id(1)),
        User = new UserId(row.Text(2)),
        Table = row.Text(3),
        FileName = row.Text(4),
        State = (ImportState)row.Int(5),
        Attempt = row.Int(6),
        BegunAt = row.Time(7),
        SettledAt = row.TimeOrNull(8),
        Row = row.Long(9),
        Counts = new(row.Long(10), row.Long(11), row.Long(12), row.Long(13), row.Long(14), row.Long(15)),
        Plan = row.Text(16),
        Header = row.Text(17),
        Stores = row.Long(18) != 0,
    };

    public static SqlStatement With(this SqlStatement statement, ValueMark mark)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, mark.Value);
        return statement.With(bytes);
    }
}
