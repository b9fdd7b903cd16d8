using NextUp.Actors;
using NextUp.Actors.Store;
using NextUp.Server.Settings;
using NextUp.Server.Standby;
using NextUp.Storage.Files;
using NextUp.Storage.Postgres;

namespace NextUp.Server;

/// <summary>How a server that is one of a cluster serves.</summary>
public static partial class ServerApplication
{
    /// <summary>Between two tries to be part of the cluster.</summary>
    static readonly TimeSpan JoinAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a server waits for those of an older program to stop, or to be found gone, before it gives up. Longer than that
    /// takes with one that was killed.
    /// </summary>
    static readonly TimeSpan OlderServersMax = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Serves as one of a cluster. A server that the others have given up, or that lost the store, leaves and joins anew: what
    /// it believed is worth nothing any more.
    /// </summary>
    static async Task ServeTogetherAsync(
        ServeOptions options, NextUpSettings settings, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var dataFolder = Composition.DataFolderOf(options, settings);
        using var folderLock = FolderLock.Take(dataFolder);
        var place = new Place(options.Urls);
        var begun = TimeProvider.System.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var opened = OpenedStore.OnCluster(settings.Store, dataFolder, TimeProvider.System);
                await ServeAsync(options, settings, opened, place, output, stop);
                if (!stop.IsCancellationRequested)
                    await error.WriteLineAsync("The cluster went on without this server, which joins it again.");
            }
            catch (StoreFailedException failure) when (PostgresStandby.IsLayoutInUse(failure))
            {
                if (TimeProvider.System.GetElapsedTime(begun) > OlderServersMax)
                    throw;
            }
            catch (StoreFailedException failure) when (
                !PostgresStandby.IsLayoutNewer(failure) && (place.HasListened || PostgresStandby.IsAway(failure)))
            {
                // What was right before is right again when the database is back; what never was, the operator has to hear of.
                await error.WriteLineAsync(failure.Message);
            }
            catch (ActorForgottenException gone)
            {
                // What was under way could not be stored any more; the other servers have it.
                await error.WriteLineAsync(gone.Message);
            }

            if (!stop.IsCancellationRequested)
                await Task.WhenAny(Task.Delay(JoinAgainAfter, TimeProvider.System, stop));
        }
    }
}
