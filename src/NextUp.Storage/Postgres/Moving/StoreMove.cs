using System.Security.Cryptography;
using Npgsql;
using NextUp.Actors.Store;
using NextUp.Storage.Sqlite;
using NextUp.Storage.Sqlite.Side;

namespace NextUp.Storage.Postgres.Moving;

/// <summary>A table that was moved: as many rows on both sides, and the same hash over all of them.</summary>
public sealed record MovedTable(string Name, long Rows, string Sha256);

/// <summary>
/// Moves everything from a data folder on SQLite into an empty store on PostgreSQL: jobs, documents, records and papers, in one
/// transaction. Whatever goes wrong, the target is as it was. Each table is read back before the commit and compared by its
/// count and by a hash of all its rows.
/// </summary>
public sealed class StoreMove
{
    readonly NpgsqlConnection target;
    readonly string files;

    StoreMove(NpgsqlConnection target, string files) => (this.target, this.files) = (target, files);

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

        // Opening brings files of an earlier version to the layout that is moved.
        SqliteSideStores.Open(dataFolder).Dispose();
        try
        {
            using var target = link.Open();
            using var transaction = target.BeginTransaction();
            var move = new StoreMove(target, Path.Combine(dataFolder, "files"));
            move.MustBeEmpty(link.Name);
            var moved = move.MoveAll(old.Connection.Path, dataFolder, intoDatabase);
            transaction.Commit();
            return moved;
        }
        catch (SqliteException failure)
        {
            throw failure.AsFailure(dataFolder, whileCommitting: false);
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

    List<MovedTable> MoveAll(string jobsFile, string dataFolder, bool intoDatabase)
    {
        var waiting = MovingTable.AllOf(target);
        var moved = new List<MovedTable>();

        // Those of the files beside first: what is left then must all be the queue's.
        foreach (var file in SqliteSideStores.FilesIn(dataFolder))
        {
            using var source = Sqlite.Connection.OpenFile(file, readOnly: true);
            var copy = new TableCopy(source, target);
            var here = waiting.Where(table => copy.Has(table.Name)).ToList();
            moved.AddRange(here.Select(copy.Move));
            waiting.RemoveAll(here.Contains);
        }

        using var jobs = Sqlite.Connection.OpenFile(jobsFile, readOnly: true);
        var queue = new TableCopy(jobs, target);
        moved.InsertRange(0, waiting.Select(queue.Move));
        if (intoDatabase)
            moved.Add(MoveFiles(jobs));
        return moved;
    }

    void MustBeEmpty(string name)
    {
        using var command = new NpgsqlCommand(
            "SELECT last_sequence + (SELECT count(*) FROM \"user\") + (SELECT count(*) FROM api_key) + (SELECT count(*) FROM document) "
            + "+ (SELECT count(*) FROM user_table) + (SELECT count(*) FROM profile) + (SELECT count(*) FROM paper) "
            + "+ (SELECT count(*) FROM syllabus) FROM store_state",
            target);
        if ((long)command.ExecuteScalar()! != 0)
        {
            throw new StoreFailedException(
                $"In {name} there are jobs, users or what they keep already. Move into an empty schema: name another one with "
                + "'Search Path=NAME' in store.connection.",
                isUncertain: false);
        }
    }

    /// <summary>The large files that rows name; each is hashed as it is read, and must be what its row says.</summary>
    MovedTable MoveFiles(Sqlite.Connection jobs)
    {
        var named = new List<(string Path, string Sha256)>();
        using (var all = jobs.Once("SELECT DISTINCT path, sha256 FROM file WHERE path IS NOT NULL ORDER BY path"))
        {
            while (all.Step())
                named.Add((all.Text(0), all.Text(1)));
        }

        using var whole = new RowHash();
        foreach (var (path, sha256) in named)
        {
            PutChunks(path);
            whole.Add(path);
            whole.Add(sha256);
            if (HashOfChunks(path) is var stored && stored != sha256)
                throw TableCopy.Differs($"the file {path}", $"its hash is {stored} there and {sha256} in its row");
        }

        return new MovedTable("files", named.Count, whole.Take());
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
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
