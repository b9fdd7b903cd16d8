using NextUp.Actors;
using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Hosting;
using NextUp.Hosting.InProcess;
using NextUp.Hosting.Intakes;
using NextUp.Hosting.Workers;
using NextUp.Processors.Bibtex.Catalogue;
using NextUp.Server.Cleanup;
using NextUp.Server.Cluster;
using NextUp.Server.Documents;
using NextUp.Server.Jobs;
using NextUp.Server.Live;
using NextUp.Server.Notices;
using NextUp.Server.Operations;
using NextUp.Server.Pages;
using NextUp.Server.Papers;
using NextUp.Server.Queue;
using NextUp.Server.Scholar;
using NextUp.Server.Settings;
using NextUp.Server.Standby;
using NextUp.Server.Steering;
using NextUp.Server.Tables;
using NextUp.Server.Users;
using NextUp.Server.Workers;
using NextUp.Storage.Files;
using NextUp.Storage.Sql;

namespace NextUp.Server;

/// <summary>
/// Everything the server is made of, put together in one place by plain constructors: store and files, the kinds and
/// their processors, the host that runs the actors, and the endpoints in front of them. Opened before the first
/// request, closed after the last one.
/// </summary>
sealed class Composition : IAsyncDisposable
{
    /// <summary>A file that no job names may belong to an upload that is not accepted yet; after this long it does not.</summary>
    static readonly TimeSpan UnnamedFilesKept = TimeSpan.FromHours(1);

    readonly OpenedStore _opened;
    readonly SqlStore _store;
    readonly InstalledKinds _installed;
    readonly KindPolicies _policies;
    readonly IActorHost _host;
    readonly ClusterPart? _cluster;
    readonly SlotsByLoad _slotsByLoad;
    readonly ResultIntakes _intakes;

    Composition(
        string dataFolder, SettingsSources sources, NextUpSettings settings, TimeProvider clock, Random random,
        OpenedStore opened, InstalledKinds installed, TableDesk tables)
    {
        (DataFolder, Clock, _opened, _store, _installed, Tables) = (dataFolder, clock, opened, opened.Store, installed, tables);
        var (store, files) = (opened.Store, opened.Files);
        Papers = new PaperSlice(opened.Side.Papers, clock);
        Reload = new SettingsReload(sources, settings, ConfigureAsync);
        _policies = new KindPolicies(settings.Kinds.Policies);
        void Failed(string what, Exception error) => TellFailed?.Invoke(what, error);
        Documents = new DocumentDesk(opened, installed.Documents, () => Settings.Documents, clock, Failed);
        _intakes = new ResultIntakes(store, files, [Documents.Intake, Papers.Intake(files)], clock, Failed);
        Kinds = [.. installed.Kinds.Select(kind => kind.Kind == Documents.Offered.Kind ? Documents.Offered : kind)];
        var kinds = new JobKinds(Kinds, _policies);
        var processors = installed.Kinds.ToDictionary(kind => kind.Kind, kind => kind.Processor);
        var runner = new JobRunner(store, files, processors, WorkFolder(dataFolder), clock, _intakes);
        Desk = new LeaseDesk(runner, store, files, clock, settings.Workers.Lease, _intakes);
        var environment = new ActorEnvironment(clock, random, Failed);
        _cluster = settings.Cluster.IsOn ? new ClusterPart(settings, opened, dataFolder, _policies, Desk, environment) : null;
        _host = _cluster?.Host ?? (IActorHost)new InProcessHost(
            store, _policies, settings.Queue, Desk, environment, cleanup: settings.Cleanup);
        Desk.Serve(_host);

        Places = new LinePlaces(_host);
        var views = new JobViews(Places, store, kinds, clock);
        Machine = new MachineLoad(clock);
        Queue = new QueueViews(Places, store, Machine, clock);
        Identity = new Identity(dataFolder, settings.Identity, store, store, clock);
        Me = new MeViews(store, views, Identity.SignInPath);
        Live = new LiveFeed(store, Places, views, Queue, clock);
        Disk = new DiskSpace(dataFolder);
        Marks = new UserMarks(dataFolder);
        var leases = new LeaseEndpoint(Desk, store, files, kinds, Identity.Tenures, KeyFile.ReadOrMake(dataFolder, "worker-users.key"));
        Work = new WorkEndpoints(Desk, store, files, leases, new CompleteEndpoint(Desk, files), Callers);
        Uploads = new UploadReader(files, kinds);
        Endpoints = MakeEndpoints(files, kinds, views, Queue, Me);
        Notices = new NoticeDesk(
            store.Notices, settings.Notices, dataFolder, Callers, clock, random, Failed);
        Care = new JobCareEndpoints(_host, store, Marks, new ListCursor(dataFolder), views, clock);
        Steering = new SteeringEndpoints(_host, kinds, Live);
        _slotsByLoad = new SlotsByLoad(_host, Machine, clock);
    }

    public string DataFolder { get; }

    /// <summary>The settings in force, and how they are replaced.</summary>
    public SettingsReload Reload { get; }

    public NextUpSettings Settings => Reload.Current;

    public TimeProvider Clock { get; }

    public IJobStore Store => _store;

    /// <summary>Another server has taken the store over, or the cluster has given this one up: it can do nothing any more.</summary>
    public CancellationToken Lost => _cluster?.Lost ?? _opened.Lost;

    /// <summary>This server's part in a cluster; null where it serves alone.</summary>
    public ClusterPart? Cluster => _cluster;

    public LinePlaces Places { get; }

    public LiveFeed Live { get; }

    /// <summary>The kinds that this installation offers.</summary>
    public IReadOnlyList<OfferedKind> Kinds { get; }

    public DocumentDesk Documents { get; }

    /// <summary>Gives work to workers elsewhere.</summary>
    public LeaseDesk Desk { get; }

    public WorkEndpoints Work { get; }

    public IStatisticsStore Statistics => _store;

    public QueueViews Queue { get; }

    public MachineLoad Machine { get; }

    public DiskSpace Disk { get; }

    public UserMarks Marks { get; }

    /// <summary>Who calls, and who may; the endpoints of every slice are guarded by this one.</summary>
    public Callers Callers => Identity.Callers;

    public Identity Identity { get; }

    public MeViews Me { get; }

    public IActorDirectory Actors => _host;

    public Endpoints Endpoints { get; }

    public NoticeDesk Notices { get; }

    public SteeringEndpoints Steering { get; }

    /// <summary>Tables and their records.</summary>
    public TableDesk Tables { get; }

    /// <summary>Takes in uploads for endpoints of a kind's own.</summary>
    public UploadReader Uploads { get; }

    public IFileStore Files => _opened.Files;

    /// <summary>Where attempts and previews have their folders; empty at each start.</summary>
    public string WorkPath => WorkFolder(DataFolder);

    /// <summary>Exam papers.</summary>
    public PaperSlice Papers { get; }

    /// <summary>What operators do with single jobs, and users with their failed ones.</summary>
    public JobCareEndpoints Care { get; }

    /// <summary>Told of each sweep.</summary>
    public event Action<SweepOutcome> Swept
    {
        add => _host.Swept += value;
        remove => _host.Swept -= value;
    }

    /// <summary>The sweep; works before the start, too.</summary>
    public ICleanupActor Cleanup => _host.Cleanup;

    /// <summary>Told of failures inside actors that no caller waits for.</summary>
    public Action<string, Exception>? TellFailed { get; set; }

    /// <summary>
    /// Opens the data folder. Throws what <see cref="IsUnusable"/> knows, with a sentence for the operator, where that
    /// cannot be.
    /// </summary>
    /// <param name="seed">For jitter; nothing that must be unguessable comes of it.</param>
    /// <param name="opened">The store, where it is opened already; it is closed with this. Null opens the folder's own.</param>
    public static async Task<Composition> OpenAsync(
        ServeOptions options, NextUpSettings settings, TimeProvider clock, int seed, OpenedStore? opened = null)
    {
        var dataFolder = DataFolderOf(options, settings);
        var random = new SharedRandom(seed);
        opened ??= OpenedStore.OnSqlite(dataFolder, clock);
        InstalledKinds? installed = null;
        TableDesk? tables = null;
        try
        {
            using var keys = settings.Cluster.IsOn ? opened.Keys?.Hold() : null;
            opened.Keys?.Fetch();
            if (!opened.IsShared)
                await opened.Side.DropTakenAsync();
            tables = new TableDesk(opened.Side.Records, settings.Tables, clock);
            installed = await InstalledKinds.OpenAsync(dataFolder, settings, clock, random, tables);
            var composition = new Composition(
                dataFolder, SettingsSources.Of(options), settings, clock, random, opened, installed, tables);
            opened.Keys?.Share();
            return composition;
        }
        catch
        {
            installed?.Dispose();
            if (tables is not null)
                await tables.DisposeAsync();
            opened.Dispose();
            throw;
        }
    }

    public static string DataFolderOf(ServeOptions options, NextUpSettings settings) =>
        Path.GetFullPath(options.DataFolder ?? settings.Server.DataFolder);

    /// <summary>The data folder cannot be used; the message says why and what to do.</summary>
    public static bool IsUnusable(Exception error) => error
        is StoreFailedException or StoreOwnedException or CatalogueFileException or IOException
            or UnauthorizedAccessException;

    /// <summary>From here on jobs run.</summary>
    public async Task StartAsync()
    {
        RemoveLeftovers();
        await StartKindsAsync();
        if (_cluster is not { IsOneOfSeveral: true })
            await BeforeJobsRunAsync();
        await _host.StartAsync();
        if (_cluster is not { IsOneOfSeveral: true })
            await StartDutiesAsync();
        Live.Start();
    }

    /// <summary>Once it listens: the server takes its part in a cluster, and what only one does where it becomes that one.</summary>
    public void Join(string url) => _cluster?.Join(url, Live, async () =>
    {
        await BeforeJobsRunAsync();
        await StartDutiesAsync();
        _ = SweepFilesAsync();
    }, SettleLeft);

    void SettleLeft()
    {
        _intakes.SettleLeft();
        Tables.SettleLeft();
    }

    /// <summary>What each server settles of results: those that it takes in, and those that one which died left.</summary>
    async Task StartKindsAsync()
    {
        await _intakes.StartAsync();
        await Tables.StartAsync(_store, Clock, (what, error) => TellFailed?.Invoke(what, error));
    }

    async Task BeforeJobsRunAsync()
    {
        await Identity.Places.LoadAsync();
        await Documents.StartAsync();
    }

    async Task StartDutiesAsync()
    {
        await Notices.StartAsync();
        _slotsByLoad.Start();
    }

    /// <summary>Changed settings come into force. A slice that can change while it works is a line here.</summary>
    async Task ConfigureAsync(NextUpSettings settings, IReadOnlySet<string> changed)
    {
        _installed.Configure(settings, changed);
        Notices.Configure(settings.Notices);
        Identity.Configure(settings.Identity);
        try
        {
            // Which kinds there are is settled at the start: one that is no longer named keeps its rules, a new one waits.
            var policies = _policies.All.Select(old => settings.Kinds.Find(old.Kind) ?? old);
            await _host.ConfigureAsync([.. policies], settings.Queue);
        }
        catch (Exception error) when (error is StoreFailedException or ActorForgottenException)
        {
            // The queue has them all the same: whoever comes after the actor that failed begins with them.
            TellFailed?.Invoke("the start of what new settings let start", error);
        }
    }

    /// <summary>What a process that died left behind: half uploads, work folders, and files that no job names.</summary>
    void RemoveLeftovers()
    {
        var work = WorkFolder(DataFolder);
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        if (_cluster is { IsOneOfSeveral: true })
            return; // What looks left behind may be another server's that lives.
        _opened.Files.RemoveLeftovers();
        _ = SweepFilesAsync();
    }

    async Task SweepFilesAsync()
    {
        try
        {
            await _opened.Files.SweepAsync(Clock.GetUtcNow() - UnnamedFilesKept, _store.HasFileAsync, CancellationToken.None);
        }
        catch (Exception error) when (error is StoreFailedException or IOException or UnauthorizedAccessException)
        {
            TellFailed?.Invoke("the sweep of files that no job names", error);
        }
    }

    static string WorkFolder(string dataFolder) => Path.Combine(dataFolder, "work");

    /// <summary>Asks running work to stop; it goes on after the next start.</summary>
    public Task StopAsync(TimeSpan timeout) => _host.StopAsync(timeout);

    /// <summary>What kinds keep of a visitor's, once the visitor's jobs are the account's.</summary>
    public async Task MoveBelongingsAsync(UserId visitor, UserId account)
    {
        await Documents.MoveAsync(visitor, account);
        await Tables.MovedAsync(visitor, account);
    }

    public async ValueTask DisposeAsync()
    {
        await _slotsByLoad.DisposeAsync();
        await Live.DisposeAsync();
        await Notices.DisposeAsync();
        Identity.Dispose();
        Desk.Dispose();
        await _intakes.DisposeAsync();
        await Documents.DisposeAsync();
        Reload.Dispose();
        _installed.Dispose();
        await Tables.DisposeAsync();
        _host.Close();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _opened.Dispose();
    }

    Endpoints MakeEndpoints(IFileStore files, JobKinds kinds, JobViews views, QueueViews queue, MeViews me)
    {
        var uploads = Uploads;
        var submitter = new Submitter(_host, files, _store, Identity.Places, Clock);
        var jobs = new JobEndpoints(_store, submitter, views, new ListCursor(DataFolder));
        var downloads = new FileEndpoints(_store, files, jobs);
        var previews = new PreviewEndpoint(uploads, files);
        var scholar = new ScholarEndpoints(_store, uploads, submitter, views, me, queue, Clock);
        var submit = new SubmitEndpoint(uploads, submitter, views);
        var cursors = new ListCursor(DataFolder);
        Papers.Serve(_store, files, kinds, _policies, submit, submitter, views, Places, cursors, Callers, WorkPath);
        Documents.Serve(files, uploads, submit, submitter, cursors, Identity, Live, Settings.Front.Origins);
        return new Endpoints(
            Callers,
            submit,
            new AgainEndpoint(Callers, jobs, _store, files, kinds, submit),
            new KindsEndpoint(Callers, kinds),
            jobs,
            downloads,
            previews,
            queue,
            me,
            new EventsEndpoint(_store, Live, views, me, queue, Identity.Tenures),
            scholar,
            new ScholarFiles(_store, files, scholar, downloads, previews, BibtexViews.Papers),
            new StaticPages(Callers));
    }
}
