using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NextUp.Actors.Store;

namespace NextUp.Storage.Postgres;

/// <summary>
/// The one server that may write: an advisory lock on a session of its own, and an epoch in <c>store_owner</c> that each
/// commit repeats. The lock keeps others out while the owner lives; the epoch holds where a lock cannot, for an owner that
/// was paused, cut off, or believes to be the one.
/// </summary>
/// <remarks>
/// The owner says every second that it is there. Whoever finds it silent for longer than
/// <see cref="PostgresStoreOptions.TakeoverAfter"/>, or twice without any session, ends what sessions it has left (a paused
/// process keeps its own, with their locks), takes the lock and counts the epoch up. Silence is measured by the database's
/// clock, from its own start at the earliest: after a restart of the database its owner has time to come back.
/// </remarks>
sealed class OwnerLock : IDisposable
{
    readonly PostgresLink link;
    readonly Fence fence;
    readonly CancellationTokenSource closing = new();
    readonly Task seeing;
    NpgsqlConnection? session;

    OwnerLock(PostgresLink link, NpgsqlConnection session, Fence fence, PostgresStoreOptions options)
    {
        this.link = link;
        this.session = session;
        this.fence = fence;
        seeing = Task.Factory.StartNew(
            () => SeeAsync(options), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default).Unwrap();
    }

    public Fence Fence => fence;

    /// <summary>The database could not be reached when the owner last said that it is there.</summary>
    public bool IsAway { get; private set; }

    /// <summary>The owner as somebody else sees it.</summary>
    /// <param name="Silent">Since when it was not heard of, or the database started.</param>
    public readonly record struct Seen(
        long Epoch, string Name, string Address, bool IsReleased, TimeSpan Silent, TimeSpan Up, long Sessions);

    /// <summary>A lock's number: of this schema of the database, so that several stores can share one.</summary>
    public static long Key(PostgresLink link, string what) =>
        BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"nextup/{link.Schema}/{what}")));

    public static Seen Look(NpgsqlConnection session)
    {
        using var command = new NpgsqlCommand(
            "SELECT epoch, name, address, is_released, "
            + "extract(epoch FROM clock_timestamp() - greatest(seen_at, pg_postmaster_start_time()))::float8, "
            + "extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8, "
            + "(SELECT count(*) FROM pg_stat_activity a WHERE a.application_name = o.name) FROM store_owner o",
            session);
        using var row = command.ExecuteReader();
        row.Read();
        return new(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3) != 0, TimeSpan.FromSeconds(row.GetDouble(4)),
            TimeSpan.FromSeconds(row.GetDouble(5)), row.GetInt64(6));
    }

    /// <summary>Takes the store from the owner that was seen; null where another was faster.</summary>
    /// <param name="session">Becomes the owner's.</param>
    public static OwnerLock? Take(PostgresLink link, NpgsqlConnection session, Seen from, PostgresStoreOptions options)
    {
        if (from.Name.Length > 0)
        {
            Run(
                session, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 "
                + "AND pid <> pg_backend_pid() AND usename = current_user", from.Name);
        }

        Run(session, "SET lock_timeout = '3s'");
        Run(session, $"SELECT pg_advisory_lock({Key(link, "owner")})");
        var taken = Run(
            session, "UPDATE store_owner SET epoch = epoch + 1, name = $1, address = $2, seen_at = clock_timestamp(), "
            + $"is_released = 0 WHERE epoch = {from.Epoch}", link.Instance, options.Address);
        Run(session, "SET lock_timeout = 0");
        return taken == 1 ? new OwnerLock(link, session, new Fence(from.Epoch + 1), options) : null;
    }

    /// <summary>Gives the store back, so that the next owner need not wait.</summary>
    public void Dispose()
    {
        closing.Cancel();
        seeing.Wait();
        try
        {
            if (session is not null)
                Run(session, $"UPDATE store_owner SET is_released = 1 WHERE epoch = {fence.Epoch}");
        }
        catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException)
        {
            // Whoever comes next waits a little longer.
        }

        session?.Dispose();
        closing.Dispose();
    }

    async Task SeeAsync(PostgresStoreOptions options)
    {
        using var timer = new PeriodicTimer(options.SeenEvery, options.Time);
        while (!closing.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(closing.Token);
                if (!await SayAsync())
                {
                    _ = fence.Lost();
                    return;
                }

                IsAway = false;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failure) when (failure is NpgsqlException or PostgresFailure or InvalidOperationException
                or TimeoutException)
            {
                // The database is away; whether this server is still the owner shows itself when it is back.
                IsAway = true;
                session?.Dispose();
                session = null;
            }
        }
    }

    /// <returns>False where another server owns the store.</returns>
    async Task<bool> SayAsync()
    {
        if (session is null)
        {
            session = link.Open();
            Run(session, $"SELECT pg_try_advisory_lock({Key(link, "owner")})");
        }

        await using var command = new NpgsqlCommand(fence.Text, session);
        return await command.ExecuteNonQueryAsync(closing.Token) == 1;
    }

    static int Run(NpgsqlConnection session, string sql, params ReadOnlySpan<string> parameters)
    {
        using var command = new NpgsqlCommand(sql, session);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command.ExecuteNonQuery();
    }
}
