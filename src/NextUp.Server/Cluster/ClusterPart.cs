using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Hosting;
using NextUp.Hosting.InProcess;
using NextUp.Server.Live;
using NextUp.Server.Settings;
using NextUp.Server.Standby;
using NextUp.Server.Telemetry;
using NextUp.Server.Users;
using NextUp.Storage.Postgres;

namespace NextUp.Server.Cluster;

/// <summary>
/// What a server has and does because it is one of a cluster, or could be: the host of the actors, the way to the other servers,
/// and the duties that only the owner of the store has.
/// </summary>
sealed class ClusterPart : IAsyncDisposable
{
    static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    readonly MemberStore? _store;
    readonly PeerForwarder? _forwarder;
    readonly CancellationTokenSource _lost;
    readonly ActorEnvironment _environment;
    Task _duties = Task.CompletedTask;

    public ClusterPart(
        NextUpSettings settings, OpenedStore opened, string dataFolder, KindPolicies kinds, IJobRunner runner, ActorEnvironment environment)
    {
        _store = opened.Member;
        _environment = environment;
        Host = ClusterHosts.New(
            settings, opened.Store, kinds, runner, environment,
            services => services.AddLogging(logging =>
            {
                ServerLog.Configure(logging, settings.Telemetry);
                logging.AddFilter("Orleans", LogLevel.Error); // What it warns of, it mends; a server that is lost is told of here.
            }));
        _lost = CancellationTokenSource.CreateLinkedTokenSource(opened.Lost, Host.Lost);
        if (_store is not null)
            _forwarder = new PeerForwarder(_store, new PeerHeader(dataFolder));
    }

    public IClusterHost Host { get; }

    /// <summary>False on a server that is alone, on a file.</summary>
    public bool IsOneOfSeveral => _store is not null;

    /// <summary>Set when this server can do nothing any more.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Before all that answers requests.</summary>
    public void Use(WebApplication application) => _forwarder?.Use(application);

    /// <summary>What Orleans shows of itself, for administrators.</summary>
    public void Map(WebApplication application, Callers callers) => ClusterHosts.MapPages(application, Host, callers);

    /// <summary>The server listens at that address and takes its part.</summary>
    /// <param name="asOwner">What the owner of the store does beside what all do; tried until it is done.</param>
    /// <param name="settleLeft">Settles what a server left that is gone; called on the owner, also on a new one.</param>
    public void Join(string url, LiveFeed live, Func<Task> asOwner, Action settleLeft)
    {
        if (_store is null)
            return;
        Host.ServerGone += settleLeft;
        _store.Owned += settleLeft;

        // Who was connected comes back with the last number it saw, and reads from the store what came meanwhile.
        _store.Missed += live.Restart;
        _store.Owned += () => _duties = Task.Run(() => BeginDutiesAsync(asOwner));
        _store.Join($"{Host.Silo} {url}");
    }

    public async ValueTask DisposeAsync()
    {
        await _lost.CancelAsync();
        await _duties;
        _forwarder?.Dispose();
        await Host.DisposeAsync();
        _lost.Dispose();
    }

    async Task BeginDutiesAsync(Func<Task> asOwner)
    {
        while (!_lost.IsCancellationRequested)
        {
            try
            {
                await asOwner();
                return;
            }
            catch (Exception error) when (error is StoreFailedException or IOException)
            {
                _environment.TellFailed("the begin of what the owner of the store does", error);
                await Task.Delay(TryAgainAfter, _environment.Clock);
            }
        }
    }
}
