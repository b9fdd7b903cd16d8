using Npgsql;
using NextUp.Actors.Store;

namespace NextUp.Storage.Postgres;

/// <summary>
/// Hears what happens to jobs from a server that does not write: the owner's commits name their events by NOTIFY, which
/// PostgreSQL delivers with the commit, in its order, to whoever listens. Whoever was cut off is told by
/// <see cref="Missed"/> and reads from the store what came meanwhile, by the users' event numbers.
/// </summary>
/// <remarks>
/// Whoever listens works on the store as it is: its session holds off those who would change the layout (see
/// <see cref="Schema"/>), and looks at it each time that it was away.
/// </remarks>
public sealed class EventListener : IAsyncDisposable
{
    static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    readonly PostgresLink link;
    readonly TimeProvider clock;
    readonly CancellationTokenSource closing = new();
    readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task hearing;

    public EventListener(PostgresStoreOptions options)
    {
        (link, clock) = (new PostgresLink(options), options.Time);
        hearing = Task.Run(HearAsync);
    }

    /// <summary>Raised in commit order, from one thread at a time, with a commit's events; a long reason is cut.</summary>
    public event Action<IReadOnlyList<JobEvent>>? Happened;

    /// <summary>Raised where notices may have been missed: the connection was lost and is there again.</summary>
    public event Action? Missed;

    /// <summary>Raised once where the store is a newer program's by now; nothing is heard any more.</summary>
    public event Action? Outdated;

    /// <summary>From here on nothing is missed without being told.</summary>
    public Task Listening => listening.Task;

    /// <summary>The channel of the store in this schema.</summary>
    internal static string Channel(PostgresLink link) => $"nextup_{OwnerLock.Key(link, "events"):x16}";

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await hearing;
        closing.Dispose();
    }

    async Task HearAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                await using var session = link.Open();
                session.Notification += (_, notice) => Happened?.Invoke(EventWire.Read(notice.Payload));
                await RunAsync(session, $"SELECT pg_advisory_lock_shared({Schema.UseKey(link)})");
                _ = Schema.Look(session, link);
                await RunAsync(session, $"LISTEN {Channel(link)}");
                if (!listening.TrySetResult())
                    Missed?.Invoke();
                while (true)
                    await session.WaitAsync(closing.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (StoreFailedException)
            {
                Outdated?.Invoke();
                return;
            }
            catch (Exception away) when (away is NpgsqlException or PostgresFailure or IOException or TimeoutException)
            {
                if (!await PauseAsync())
                    return;
            }
        }
    }

    async Task RunAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync(closing.Token);
    }

    async Task<bool> PauseAsync()
    {
        try
        {
            await Task.Delay(TryAgainAfter, clock, closing.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
