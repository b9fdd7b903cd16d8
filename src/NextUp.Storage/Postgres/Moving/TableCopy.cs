using System.Data;
using Npgsql;
using NpgsqlTypes;
using NextUp.Actors.Store;

namespace NextUp.Storage.Postgres.Moving;

/// <summary>Copies tables of one file, and reads back what has arrived.</summary>
sealed class TableCopy(Sqlite.Connection source, NpgsqlConnection target)
{
    readonly Dictionary<string, string> tables = TablesOf(source);

    public bool Has(string table) => tables.ContainsKey(table);

    /// <exception cref="StoreFailedException">What arrived is not what was sent.</exception>
    public MovedTable Move(MovingTable table)
    {
        Run($"DELETE FROM {MovingTable.Quoted(table.Name)}");
        var sent = Send(table);
        var stored = ReadBack(table);
        if (sent != stored)
        {
            throw Differs(
                $"the table {table.Name}",
                $"{stored.Rows} rows with hash {stored.Sha256} there, {sent.Rows} with {sent.Sha256} here");
        }

        if (table.Identity is { } identity)
            GoOnBehind(table.Name, identity);
        return sent;
    }

    public static StoreFailedException Differs(string what, string how) => new(
        $"After the copy {what} is not the same: {how}. Nothing was moved.", isUncertain: false);

    MovedTable Send(MovingTable table)
    {
        using var given = new RowHash();
        var rows = 0L;
        using var all = source.Once(table.Select);
        using var into = target.BeginBinaryImport(
            $"COPY {MovingTable.Quoted(table.Name)} "
            + $"({string.Join(", ", table.Columns.Select(column => MovingTable.Quoted(column.Name)))}) FROM STDIN (FORMAT BINARY)");
        for (; all.Step(); rows++)
        {
            into.StartRow();
            for (var i = 0; i < table.Columns.Count; i++)
            {
                var value = Value(all, i, table.Columns[i].Type);
                given.Add(value);
                if (value is null)
                    into.WriteNull();
                else
                    into.Write(value, table.Columns[i].Type);
            }
        }

        into.Complete();
        return new MovedTable(table.Name, rows, given.Take());
    }

    MovedTable ReadBack(MovingTable table)
    {
        using var stored = new RowHash();
        using var command = new NpgsqlCommand(table.Select, target) { CommandTimeout = 0 };
        using var all = command.ExecuteReader(CommandBehavior.SequentialAccess);
        var rows = 0L;
        for (; all.Read(); rows++)
        {
            for (var i = 0; i < table.Columns.Count; i++)
                stored.Add(all.GetValue(i) is var value && value is DBNull ? null : value);
        }

        return new MovedTable(table.Name, rows, stored.Take());
    }

    /// <summary>The numbers that the database gives itself go on behind the highest that was ever given.</summary>
    void GoOnBehind(string table, string identity)
    {
        var given = 0L;
        if (tables[table].Contains("AUTOINCREMENT", StringComparison.OrdinalIgnoreCase))
        {
            using var last = source.Once("SELECT seq FROM sqlite_sequence WHERE name = ?");
            given = last.With(table).Step() ? last.Long(0) : 0;
        }

        Run(
            $"SELECT setval(pg_get_serial_sequence('{MovingTable.Quoted(table)}', '{identity}'), "
            + $"greatest(1, {given}, (SELECT max({identity}) FROM {MovingTable.Quoted(table)})), true)");
    }

    void Run(string sql)
    {
        using var command = new NpgsqlCommand(sql, target) { CommandTimeout = 0 };
        command.ExecuteNonQuery();
    }

    static object? Value(Sql.SqlStatement row, int column, NpgsqlDbType type) => row.IsNull(column) ? null : type switch
    {
        NpgsqlDbType.Bigint => row.Long(column),
        NpgsqlDbType.Text => row.Text(column).Replace('\0', '\uFFFD'),
        NpgsqlDbType.Uuid => row.Id(column),
        _ => row.Bytes(column).ToArray(),
    };

    /// <summary>Each table's definition, by its name.</summary>
    static Dictionary<string, string> TablesOf(Sqlite.Connection source)
    {
        var tables = new Dictionary<string, string>(StringComparer.Ordinal);
        using var rows = source.Once("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
        while (rows.Step())
            tables[rows.Text(0)] = rows.Text(1);
        return tables;
    }
}
