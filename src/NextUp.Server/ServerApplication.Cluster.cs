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
    /// Serves as one of a cluster. A server that the others have given up, or that lost the store, leaves and joins anew: what
    /// it believed is worth nothing any more.
    /// </summary>
    static async Task ServeTogetherAsync(
        ServeOptions options, NextUpSettings settings, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var dataFolder = Composition.DataFolderOf(options, settings);
        using var folderLock = FolderLock.Take(dataFolder);
        var place = new Place(options.Urls);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var opened = OpenedStore.OnCluster(settings.Store, dataFolder, TimeProvider.System);
                await ServeAsync(options, settings, opened, place, output, stop);
                if (!stop.IsCancellationRequested)
                    await error.WriteLineAsync("The cluster went on without this server, which joins it again.");
            }
            catch (Exception away) when (away is StoreFailedException failure && PostgresStandby.IsAway(failure))
            {
                await error.WriteLineAsync(away.Message);
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
