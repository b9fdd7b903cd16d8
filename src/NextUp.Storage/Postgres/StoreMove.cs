using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using NextUp.Actors.Store;
using NextUp.Storage.Files;
using NextUp.Storage.Sqlite;

namespace NextUp.Storage.Postgres;

/// <summary>A table that was moved: as many rows on both sides, and the same hash over all of them.</summary>
public sealed record MovedTable(string Name, long Rows, string Sha256);

/// <summary>
/// Moves everything from a store on SQLite into an empty one on PostgreSQL, in one transaction: whatever goes wrong, the
/// target is as it was. Each table is read back before the commit and compared by its count and by a hash of all its rows.
/// </summary>
public sealed class StoreMove
{
    static readonly string[] Identities = ["kind", "\"user\"", "notice_subscription", "notice", "statistic_journal"];

    /// <summary>In PostgreSQL these are its own, or made of others.</summary>
    static readonly string[] NotMoved = ["store_owner", "store_layout", "server_key", "file_chunk"];

    readonly Sqlite.Connection source;
    readonly NpgsqlConnection target;
    readonly string files;

    StoreMove(Sqlite.Connection source, NpgsqlConnection target, string files) =>
        (this.source, this.target, this.files) = (source, target, files);

    /// <summary>A column and the order of the rows.</summary>
    sealed record Table(string Name, IReadOnlyList<(string Name, NpgsqlDbType Type)> Columns, IReadOnlyList<string> Key)
    {
        public string Select =>
            $"SELECT {string.Join(", ", Columns.Select(column => Quoted(column.Name)))} FROM {Quoted(Name)} "
            + $"ORDER BY {string.Join(", ", Key.Select(Quoted))}";
    }

    /// <summary>Moves the store of a data folder.</summary>
    /// <param name="intoDatabase">Large files become chunks of the database; else they stay in the folder, which all servers
    /// must then share.</param>
    /// <exception cref="StoreOwnedException">A server runs on the folder.</exception>
    /// <exception cref="StoreFailedException">One of them cannot be used, the target is not empty, or they differ after
    /// all.</exception>
    public static IReadOnlyList<MovedTable> Run(string dataFolder, PostgresStoreOptions options, bool intoDatabase)
    {
        using var old = SqliteStore.Open(dataFolder);
        using var _ = PostgresStore.Open(options);
        var link = new PostgresLink(options);
        try
        {
            using var source = Sqlite.Connection.OpenFile(old.Connection.Path, readOnly: true);
            using var target = link.Open();
            using var transaction = target.BeginTransaction();
            var move = new StoreMove(source, target, Path.Combine(dataFolder, "files"));
            move.MustBeEmpty(link.Name);
            var moved = move.Tables().Select(move.Move).ToList();
            if (intoDatabase)
                moved.Add(move.MoveFiles());
            foreach (var table in Identities)
                move.Ask($"SELECT setval(pg_get_serial_sequence('{table}', a.attname), greatest(1, (SELECT max(k) FROM ("
                    + $"SELECT {Key(table)} AS k FROM {table}) AS keys)), true) FROM pg_attribute a "
                    + $"WHERE a.attrelid = '{table}'::regclass AND a.attidentity <> ''");
            transaction.Commit();
            return moved;
        }
        catch (SqliteException failure)
        {
            throw failure.AsFailure(old.Connection.Path, whileCommitting: false);
        }
        catch (PostgresException failure)
        {
            throw new PostgresFailure(failure).AsFailure(link.Name, whileCommitting: false);
        }
        catch (NpgsqlException failure)
        {
            throw PostgresFailure.Gone(failure).AsFailure(link.Name, whileCommitting: false);
        }
    }

    static string Key(string table) => table switch
    {
        "kind" => "kind_key",
        "\"user\"" => "user_key",
        "notice_subscription" => "subscription_key",
        "notice" => "notice_key",
        _ => "id",
    };

    static string Quoted(string name) => $"\"{name}\"";

    void MustBeEmpty(string name)
    {
        if ((long)Ask("SELECT last_sequence + (SELECT count(*) FROM \"user\") + (SELECT count(*) FROM api_key) FROM store_state")! != 0)
        {
            throw new StoreFailedException(
                $"In {name} there are jobs or users already. Move into an empty schema: name another one with "
                + "'Search Path=NAME' in store.connection.",
                isUncertain: false);
        }
    }

    List<Table> Tables()
    {
        var tables = new List<Table>();
        using var command = new NpgsqlCommand(
            "SELECT c.table_name, c.column_name, c.data_type, coalesce(array_position(i.indkey::int2[], c.ordinal_position::int2), -1) "
            + "FROM information_schema.columns c JOIN pg_class t ON t.relname = c.table_name AND t.relkind = 'r' "
            + "AND t.relnamespace = current_schema()::regnamespace JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary "
            + "WHERE c.table_schema = current_schema() AND c.table_name <> ALL($1) ORDER BY c.table_name, c.ordinal_position",
            target);
        command.Parameters.Add(new() { Value = NotMoved });
        using var rows = command.ExecuteReader();
        var columns = new List<(string Table, string Column, NpgsqlDbType Type, int Key)>();
        while (rows.Read())
            columns.Add((rows.GetString(0), rows.GetString(1), TypeOf(rows.GetString(2)), rows.GetInt32(3)));
        foreach (var table in columns.GroupBy(column => column.Table))
        {
            tables.Add(new Table(
                table.Key, [.. table.Select(column => (column.Column, column.Type))],
                [.. table.Where(column => column.Key >= 0).OrderBy(column => column.Key).Select(column => column.Column)]));
        }

        return tables;
    }

    static NpgsqlDbType TypeOf(string name) => name switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "text" => NpgsqlDbType.Text,
        "uuid" => NpgsqlDbType.Uuid,
        "bytea" => NpgsqlDbType.Bytea,
        _ => throw new InvalidOperationException($"The store has no columns of type {name}."),
    };

    MovedTable Move(Table table)
    {
        Ask($"DELETE FROM {Quoted(table.Name)}");
        using var given = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var rows = 0L;
        using (var all = source.Once(table.Select))
        using (var into = target.BeginBinaryImport(
            $"COPY {Quoted(table.Name)} ({string.Join(", ", table.Columns.Select(column => Quoted(column.Name)))}) "
            + "FROM STDIN (FORMAT BINARY)"))
        {
            for (; all.Step(); rows++)
            {
                into.StartRow();
                for (var i = 0; i < table.Columns.Count; i++)
                {
                    var value = Value(all, i, table.Columns[i].Type);
                    Add(given, value);
                    if (value is null)
                        into.WriteNull();
                    else
                        into.Write(value, table.Columns[i].Type);
                }
            }

            into.Complete();
        }

        return Compared(table.Name, rows, given, ReadBack(table));
    }

    static object? Value(Sql.SqlStatement row, int column, NpgsqlDbType type) => row.IsNull(column) ? null : type switch
    {
        NpgsqlDbType.Bigint => row.Long(column),
        NpgsqlDbType.Text => row.Text(column).Replace('\0', '\uFFFD'),
        NpgsqlDbType.Uuid => row.Id(column),
        _ => row.Bytes(column).ToArray(),
    };

    (long Rows, string Hash) ReadBack(Table table)
    {
        using var stored = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var command = new NpgsqlCommand(table.Select, target);
        using var all = command.ExecuteReader(System.Data.CommandBehavior.SequentialAccess);
        var rows = 0L;
        for (; all.Read(); rows++)
        {
            for (var i = 0; i < table.Columns.Count; i++)
                Add(stored, all.GetValue(i) is var value && value is DBNull ? null : value);
        }

        return (rows, Hex(stored));
    }

    /// <summary>The large files that rows name; each is hashed as it is read, and must be what its row says.</summary>
    MovedTable MoveFiles()
    {
        var named = new List<(string Path, string Sha256)>();
        using (var all = source.Once("SELECT DISTINCT path, sha256 FROM file WHERE path IS NOT NULL ORDER BY path"))
        {
            while (all.Step())
                named.Add((all.Text(0), all.Text(1)));
        }

        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, sha256) in named)
        {
            PutChunks(path);
            Add(whole, path);
            Add(whole, sha256);
            if (HashOfChunks(path) is var stored && stored != sha256)
                throw Differs($"the file {path}", $"its hash is {stored} there and {sha256} in its row");
        }

        return new MovedTable("files", named.Count, Hex(whole));
    }

    void PutChunks(string path)
    {
        using var file = File.OpenRead(Path.Combine(files, Path.GetFileName(path)));
        var buffer = new byte[PostgresFileStore.ChunkBytes];
        for (var (number, length) = (0L, 0); (length = file.ReadAtLeast(buffer, buffer.Length, false)) > 0; number++)
        {
            using var put = new NpgsqlCommand("INSERT INTO file_chunk VALUES ($1, $2, 0, $3)", target);
            put.Parameters.Add(new() { Value = path });
            put.Parameters.Add(new() { Value = number });
            put.Parameters.Add(new() { Value = buffer.AsMemory(0, length) });
            put.ExecuteNonQuery();
        }
    }

    string HashOfChunks(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var command = new NpgsqlCommand("SELECT content FROM file_chunk WHERE path = $1 ORDER BY number", target);
        command.Parameters.Add(new() { Value = path });
        using var chunks = command.ExecuteReader();
        while (chunks.Read())
            hash.AppendData((byte[])chunks[0]);
        return Hex(hash);
    }

    object? Ask(string sql)
    {
        using var command = new NpgsqlCommand(sql, target);
        return command.ExecuteScalar();
    }

    static MovedTable Compared(string table, long rows, IncrementalHash given, (long Rows, string Hash) stored)
    {
        var hash = Hex(given);
        return rows == stored.Rows && hash == stored.Hash ? new MovedTable(table, rows, hash)
            : throw Differs($"the table {table}", $"{stored.Rows} rows with hash {stored.Hash} there, {rows} with {hash} here");
    }

    static StoreFailedException Differs(string what, string how) => new(
        $"After the copy {what} is not the same: {how}. Nothing was moved.", isUncertain: false);

    // Each value with its length, so that no two rows are written alike.
    static void Add(IncrementalHash hash, object? value)
    {
        var bytes = value switch
        {
            null => null,
            long number => Bytes(number),
            string text => Encoding.UTF8.GetBytes(text),
            Guid id => id.ToByteArray(bigEndian: true),
            _ => (byte[])value,
        };
        hash.AppendData(Bytes(bytes?.Length ?? -1L));
        hash.AppendData(bytes ?? []);
    }

    static byte[] Bytes(long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }

    static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
