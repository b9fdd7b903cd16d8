using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NextUp.Actors;
using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Hosting;
using NextUp.Hosting.InProcess;
using NextUp.Orleans.Grains;
using NextUp.Storage.Postgres;
using Npgsql;
using Orleans.Dashboard;

namespace NextUp.Orleans.Cluster;

/// <summary>
/// Runs the actors as grains of a silo, beside others on other machines. The silo that owns the store has the queue, the
/// clean-up, users' actors and the store's writer; attempts are on all of them.
///
/// What happens when a silo is lost: (1) the others miss its probes and write it down as dead, which is the proof: a silo that
/// finds itself called dead there ends itself, whether it was paused, cut off or slow. (2) Was it the owner, the next takes the
/// store by its own proof (see <see cref="OwnerLock"/>), its queue reads the line, and every attempt that runs is asked after.
/// (3) Was it another, the owner asks after every attempt that it had placed there. An attempt that nobody runs any more is
/// lost: the commit that says so moves the job's attempt on, so that nothing of the old one can be stored, should it still live.
/// </summary>
public sealed class SiloHost : IClusterHost
{
    const int StopRoundsMax = 100;
    static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);
    static readonly TimeSpan FirstAnswerWithin = TimeSpan.FromSeconds(60);

    readonly SiloParts _parts;
    readonly ClusterActors _actors;
    readonly SiloOptions _options;
    readonly IJobStore _store;
    readonly MemberStore? _member;
    readonly Action<IServiceCollection>? _services;
    readonly CancellationTokenSource _lost = new();
    readonly HostClock _clock;
    readonly LostSilos _lostSilos; // Orleans holds it weakly.
    IHost? _host;
    Seat? _alone;
    ITimer? _cleaning;

    /// <param name="store">A <see cref="MemberStore"/>, or, for a silo that is alone, any other.</param>
    /// <param name="services">Further services of the silo, such as its log.</param>
    public SiloHost(
        SiloOptions options, IJobStore store, KindPolicies kinds, QueueSettings settings, IJobRunner runner,
        ActorEnvironment environment, CleanupSettings? cleanup = null, Action<IServiceCollection>? services = null)
    {
        (_options, _store, _member, _services) = (options, store, store as MemberStore, services);
        (_clock, _lostSilos) = (new HostClock(environment.Clock), new LostSilos(this));
        _parts = new SiloParts
        {
            Store = store,
            Kinds = kinds,
            Runner = runner,
            Environment = environment with { Clock = _clock },
            Cleanup = cleanup ?? new(),
            TellSwept = outcome => Swept?.Invoke(outcome),
            Seat = SeatNow,
            Settings = settings,
        };
        _parts.Actors = _actors = new ClusterActors(_parts);
        _parts.Brief = new(new PoolScheduler(), _parts.Environment, cell => new JobActor(store, _actors, cell, kinds, runner));
        if (_member is not null)
        {
            _member.Forward = ForwardAsync;
            _member.Owned += () => _ = TakeSeatAsync();
        }
    }

    public event Action<SweepOutcome>? Swept;

    /// <summary>Set when the cluster has called this silo dead: it can do nothing any more.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>This silo's name among silos.</summary>
    public string Silo => Address.ToParsableString();

    /// <summary>The silo's own services, for what is shown of it.</summary>
    public IServiceProvider Services => Host.Services;

    /// <summary>Orleans' pages for operators, to be shown to those who may see them.</summary>
    public RequestDelegate Pages()
    {
        var pages = new ApplicationBuilder(Host.Services);
        pages.UseRouting();
        pages.UseEndpoints(static endpoints => endpoints.MapOrleansDashboard());
        return pages.Build();
    }

    public IQueueActor Queue => _actors.Queue;

    public ICleanupActor Cleanup => _actors.Cleanup;

    /// <summary>Jobs whose attempts run on this silo.</summary>
    public IReadOnlyCollection<JobId> Running => _parts.RunningNow();

    public IUserActor User(UserId user) => _actors.User(user);

    public IJobActor Job(JobId job) => _actors.Job(job);

    IHost Host => _host ?? throw new InvalidOperationException("The silo has not started.");

    SiloAddress Address => Host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    /// <summary>Joins the cluster. A silo that is alone has the queue from then on; others wait for who owns the store.</summary>
    public async Task StartAsync()
    {
        if (_options.Connection is { } connection)
            await ClusterSchema.BringAsync(connection);
        _host = SiloBuilding.Build(_options, _parts, _lost, _services);
        var silos = _host.Services.GetRequiredService<ISiloStatusOracle>();
        silos.SubscribeToSiloStatusEvents(_lostSilos);
        try
        {
            await _host.StartAsync();
        }
        catch (Exception failure) when (failure is NpgsqlException or OrleansException or OperationCanceledException or TimeoutException)
        {
            throw new StoreFailedException($"This server cannot join the cluster ({failure.Message}).", isUncertain: false, failure);
        }

        _parts.Services = _host.Services;
        if (_member is null)
        {
            _alone = new Seat(1, Address);
            await TakeSeatAsync();
            await Queue.StatusAsync().AsTask().WaitAsync(FirstAnswerWithin, TimeProvider.System);
        }
    }

    public async Task StopAsync(TimeSpan timeout)
    {
        if (_cleaning is not null)
            await _cleaning.DisposeAsync();
        using var late = new CancellationTokenSource(timeout, TimeProvider.System);
        try
        {
            if (!_lost.IsCancellationRequested)
                await LeaveAsync(late.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or ActorForgottenException or StoreFailedException)
        {
            // The rest is found processing where nobody runs it, and recovered.
        }

        _parts.IsStopping = true;
        using var now = new CancellationTokenSource();
        if (_lost.IsCancellationRequested)
            await now.CancelAsync();
        await Host.StopAsync(_lost.IsCancellationRequested ? now.Token : late.Token);
    }

    /// <summary>Ends the silo without a word to the others, as a process that is killed does. For tests.</summary>
    internal async Task KillAsync()
    {
        Close();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await Host.StopAsync(now.Token);
        await DisposeAsync();
    }

    public async Task ConfigureAsync(IEnumerable<KindPolicy> kinds, QueueSettings settings)
    {
        _parts.Kinds.Replace(kinds);
        _parts.Settings = settings;

        // Each server reads its own settings, one after the other; a user's lane goes by those of the server that it is on.
        await new LaneReview(_store, this, _parts.Environment.Clock).LetInAsync();
        if (SeatNow()?.Silo.Equals(Address) == true)
            await Queue.ConfigureAsync(settings);
    }

    public void Close()
    {
        _parts.IsStopping = true;
        _clock.Stop();
    }

    public async ValueTask DisposeAsync()
    {
        Close();
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        _lost.Dispose();
    }

    Seat? SeatNow() => _member is null ? _alone
        : _member.Owner is { Address.Length: > 0 } owner ? Seat.Of(owner)
        : null;

    async Task LeaveAsync(CancellationToken late)
    {
        var isOwner = SeatNow()?.Silo.Equals(Address) == true;
        _parts.Placing.Leave(Address);
        if (isOwner)
            await Queue.ConfigureAsync(_parts.Settings with { Paused = true }).AsTask().WaitAsync(late);
        else if (SeatNow() is { } seat)
            await _actors.Silo(seat.Silo).SentAsync(owner => owner.LeavingAsync(Silo)).AsTask().WaitAsync(late);

        // A start that was on its way when we said that we leave still arrives: look again.
        for (var round = 0; round < StopRoundsMax && _parts.RunningNow().Length > 0; round++)
        {
            await Task.WhenAll(_parts.Running.Select(
                job => job.Value.SentAsync(grain => grain.ShutDownAsync()).AsTask().WaitAsync(late)));
            await _parts.Brief.ShutDownAsync(late);
            await Task.Yield();
        }
    }

    async Task<CommitAnswer> ForwardAsync(StoreOwner owner, StoreWrite write)
    {
        var seat = Seat.Of(owner);
        var silos = Host.Services.GetRequiredService<ISiloStatusOracle>();
        if (silos.IsDeadSilo(seat.Silo))
            throw new StoreFailedException("The server that owns the store is gone.", isUncertain: false);
        try
        {
            return await Host.Services.GetRequiredService<IGrainFactory>().GetGrain<IWriterGrain>(seat.Key).CommitAsync(write);
        }
        catch (Exception error) when (ClusterActors.IsLost(error))
        {
            throw new StoreFailedException(
                $"The server that owns the store did not answer ({error.Message}).", isUncertain: true, error);
        }
    }

    /// <summary>The store is ours: the queue begins, and we learn what runs where.</summary>
    async Task TakeSeatAsync()
    {
        _store.Happened += _parts.Placing.Happened;
        while (!_parts.IsStopping && !_lost.IsCancellationRequested)
        {
            try
            {
                await EndReplacedAsync();
                var asked = Task.WhenAll(_actors.Silos.Select(AskWhatRunsAsync));
                await Queue.StatusAsync();
                await asked;
                break;
            }
            catch (Exception error) when (error is ActorForgottenException or StoreFailedException or OrleansException)
            {
                _parts.Environment.TellFailed("the begin of the queue", error);
                await Task.Delay(TryAgainAfter, TimeProvider.System);
            }
        }

        var (clock, interval) = (_parts.Environment.Clock, _parts.Cleanup.Interval);
        _cleaning = clock.CreateTimer(_ => _ = CleanAsync(), null, interval, interval);
    }

    /// <summary>
    /// Whoever had the store was silent for too long, or its sessions were gone, and it can write nothing any more. The others
    /// need not find out by themselves: it is dead.
    /// </summary>
    async Task EndReplacedAsync()
    {
        if (_member?.Replaced is { } replaced && Seat.Of(replaced).Silo is var silo && !silo.Equals(Address))
            await Host.Services.GetRequiredService<IClusterMembershipService>().TryKill(silo);
    }

    async Task AskWhatRunsAsync(SiloAddress silo)
    {
        try
        {
            _parts.Placing.Found(silo, await _actors.Silo(silo).SentAsync(there => there.RunningAsync()));
        }
        catch (ActorForgottenException)
        {
            // It is gone, and what it had is recovered.
        }
    }

    async Task CleanAsync()
    {
        try
        {
            await Cleanup.SweepAsync(new(IsDryRun: false, DeleteOlderThan: null) { IsPeriodic = true });
        }
        catch (Exception error) when (error is ActorForgottenException or StoreFailedException)
        {
            _parts.Environment.TellFailed("the sweep", error);
        }
    }

    /// <summary>A silo is dead: as the owner of the store we ask after what it had.</summary>
    async Task LoseAsync(SiloAddress silo)
    {
        if (SeatNow()?.Silo.Equals(Address) != true)
            return;
        _parts.Placing.Lose(silo);
        try
        {
            var lost = _store.ReadQueue()
                .Where(row => row is { State: JobState.Processing, IsElsewhere: false } && !_parts.Placing.IsPlaced(row.Id))
                .Select(row => row.Id).ToList();
            await Task.WhenAll(lost.Select(job => Job(job).RecoverAsync(job).AsTask()));
        }
        catch (Exception error) when (error is ActorForgottenException or StoreFailedException)
        {
            _parts.Environment.TellFailed("the recovery of a lost server's jobs", error);
        }
    }

    sealed class LostSilos(SiloHost host) : ISiloStatusListener
    {
        public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
        {
            if (status != SiloStatus.Dead || updatedSilo.Equals(host.Address) || host._parts.IsStopping)
                return;
            host._parts.Environment.TellFailed("the cluster", new OrleansException($"The server {updatedSilo} is gone."));
            _ = Task.Run(() => host.LoseAsync(updatedSilo));
        }
    }
}
