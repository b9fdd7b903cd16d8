using NextUp.Actors.Store;

namespace NextUp.Storage.Sqlite;

/// <summary>
/// All databases of a data folder as they are at one moment, whoever writes them meanwhile. The kinds' databases follow
/// the jobs, so none of them may be older or newer than the jobs are: for the milliseconds in which the views are taken,
/// nobody can write them. The jobs' own database is never held up: one view of it is one moment.
/// </summary>
sealed class FolderMoment : IDisposable
{
    /// <summary>Of jobs; always there.</summary>
    public const string Jobs = "nextup.db";

    /// <summary>What only one kind of file is written to, and by long imports: its own moment will do.</summary>
    const string Catalogue = "catalogue.db";

    /// <summary>How long one try waits for a writer; then all are let go, so that nobody waits for two.</summary>
    const int HoldMilliseconds = 250;

    static readonly TimeSpan TryFor = TimeSpan.FromMinutes(1);
    static readonly TimeSpan TryEvery = TimeSpan.FromMilliseconds(100);

    readonly List<Connection> views = [];

    FolderMoment()
    {
    }

    public IReadOnlyList<Connection> Views => views;

    /// <exception cref="StoreFailedException">One of them is being written for a minute on end, or cannot be read.</exception>
    public static async Task<FolderMoment> TakeAsync(
        IReadOnlyList<string> paths, TimeProvider clock, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return Take(paths);
            }
            catch (SqliteException busy) when (busy.Primary == Native.Busy && clock.GetElapsedTime(begun) < TryFor)
            {
                await Task.Delay(TryEvery, clock, cancellationToken);
            }
            catch (SqliteException failure)
            {
                throw failure.AsFailure(Path.GetDirectoryName(paths[0])!, whileCommitting: false);
            }
        }
    }

    static FolderMoment Take(IReadOnlyList<string> paths)
    {
        var held = new List<Connection>();
        var moment = new FolderMoment();
        try
        {
            foreach (var path in paths.Where(path => Path.GetFileName(path) is not (Jobs or Catalogue)))
            {
                held.Add(Connection.OpenFile(path, readOnly: false));
                held[^1].Execute($"PRAGMA busy_timeout = {HoldMilliseconds}");
                held[^1].BeginWrite();
            }

            foreach (var path in paths)
            {
                moment.views.Add(Connection.OpenFile(path, readOnly: true));
                moment.views[^1].BeginRead();
                moment.views[^1].Ask("SELECT count(*) FROM sqlite_schema"); // Only now the view is taken.
            }

            return moment;
        }
        catch
        {
            moment.Dispose();
            throw;
        }
        finally
        {
            foreach (var one in held)
            {
                if (one.IsInTransaction)
                    one.Rollback();
                one.Dispose();
            }
        }
    }

    public void Dispose()
    {
        foreach (var view in views)
        {
            if (view.IsInTransaction)
                view.EndRead();
            view.Dispose();
        }
    }
}
