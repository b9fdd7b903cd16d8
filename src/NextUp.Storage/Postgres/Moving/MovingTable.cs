using Npgsql;
using NpgsqlTypes;

namespace NextUp.Storage.Postgres.Moving;

/// <summary>A table that both databases have by the same name.</summary>
/// <param name="Key">The order of its rows, which is the same in both.</param>
/// <param name="Identity">The column that the database numbers itself; null where there is none.</param>
sealed record MovingTable(
    string Name, IReadOnlyList<(string Name, NpgsqlDbType Type)> Columns, IReadOnlyList<string> Key, string? Identity)
{
    /// <summary>In PostgreSQL these are its own, or made of others.</summary>
    static readonly string[] s_notMoved = ["store_owner", "store_layout", "server_key", "file_chunk"];

    public string Select =>
        $"SELECT {string.Join(", ", Columns.Select(column => Quoted(column.Name)))} FROM {Quoted(Name)} "
        + $"ORDER BY {string.Join(", ", Key.Select(Quoted))}";

    public static string Quoted(string name) => $"\"{name}\"";

    /// <summary>All of the store, as it is laid out there. One without a primary key is in the order of all its columns.</summary>
    public static List<MovingTable> AllOf(NpgsqlConnection target)
    {
        using var command = new NpgsqlCommand(
            "SELECT c.table_name, c.column_name, c.data_type, c.is_identity = 'YES', "
            + "coalesce(array_position(i.indkey::int2[], c.ordinal_position::int2), -1) "
            + "FROM information_schema.columns c JOIN pg_class t ON t.relname = c.table_name AND t.relkind = 'r' "
            + "AND t.relnamespace = current_schema()::regnamespace LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary "
            + "WHERE c.table_schema = current_schema() AND c.table_name <> ALL($1) ORDER BY c.table_name, c.ordinal_position",
            target);
        command.Parameters.Add(new() { Value = s_notMoved });
        using var rows = command.ExecuteReader();
        var columns = new List<(string Table, string Column, NpgsqlDbType Type, bool IsIdentity, int Key)>();
        while (rows.Read())
            columns.Add((rows.GetString(0), rows.GetString(1), TypeOf(rows.GetString(2)), rows.GetBoolean(3), rows.GetInt32(4)));
        return
        [
            .. from table in columns.GroupBy(column => column.Table)
               let key = table.Where(column => column.Key >= 0).OrderBy(column => column.Key).Select(column => column.Column).ToList()
               select new MovingTable(
                   table.Key, [.. table.Select(column => (column.Column, column.Type))],
                   key.Count > 0 ? key : [.. table.Select(column => column.Column)],
                   table.FirstOrDefault(column => column.IsIdentity).Column),
        ];
    }

    static NpgsqlDbType TypeOf(string name) => name switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "text" => NpgsqlDbType.Text,
        "uuid" => NpgsqlDbType.Uuid,
        "bytea" => NpgsqlDbType.Bytea,
        _ => throw new InvalidOperationException($"The store has no columns of type {name}."),
    };
}
