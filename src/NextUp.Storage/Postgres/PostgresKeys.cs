using Npgsql;
using NextUp.Actors.Store;

namespace NextUp.Storage.Postgres;

/// <summary>The installation's secrets, kept beside its jobs for the servers that come after this one.</summary>
public sealed class PostgresKeys(PostgresStoreOptions options)
{
    readonly PostgresLink link = new(options);

    /// <summary>All of them, by name.</summary>
    /// <exception cref="StoreFailedException">The database cannot be reached.</exception>
    public IReadOnlyDictionary<string, byte[]> Read() => Ask(session =>
    {
        var keys = new Dictionary<string, byte[]>();
        using var command = new NpgsqlCommand("SELECT name, content FROM server_key", session);
        using var rows = command.ExecuteReader();
        while (rows.Read())
            keys[rows.GetString(0)] = (byte[])rows[1];
        return keys;
    });

    /// <summary>Adds those that are not there; the others stay as they are.</summary>
    public void Add(IReadOnlyDictionary<string, byte[]> keys) => Ask(session =>
    {
        foreach (var (name, content) in keys)
        {
            using var command = new NpgsqlCommand("INSERT INTO server_key VALUES ($1, $2) ON CONFLICT DO NOTHING", session);
            command.Parameters.Add(new() { Value = name });
            command.Parameters.Add(new() { Value = content });
            command.ExecuteNonQuery();
        }

        return true;
    });

    /// <summary>Waits until no other server holds them, and keeps the others waiting until it is disposed.</summary>
    /// <exception cref="StoreFailedException">The database cannot be reached.</exception>
    public IDisposable Hold()
    {
        var session = link.Open();
        try
        {
            using var command = new NpgsqlCommand($"SELECT pg_advisory_lock({OwnerLock.Key(link, "keys")})", session);
            command.ExecuteNonQuery();
            return session;
        }
        catch (NpgsqlException failure)
        {
            session.Dispose();
            throw PostgresFailure.Gone(failure).AsFailure(link.Name, whileCommitting: false);
        }
    }

    T Ask<T>(Func<NpgsqlConnection, T> question)
    {
        try
        {
            using var session = link.Open();
            return question(session);
        }
        catch (PostgresFailure failure)
        {
            throw failure.AsFailure(link.Name, whileCommitting: false);
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
}
