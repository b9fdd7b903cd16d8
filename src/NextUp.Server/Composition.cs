using NextUp.Actors;
using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Hosting.InProcess;
using NextUp.Hosting.Intakes;
using NextUp.Hosting.Workers;
using NextUp.Processors.Bibtex.Catalogue;
using NextUp.Server.Cleanup;
using NextUp.Server.Jobs;
using NextUp.Server.Live;
using NextUp.Server.Notices;
using NextUp.Server.Operations;
using NextUp.Server.Pages;
using NextUp.Server.Papers;
using NextUp.Server.Queue;
using NextUp.Server.Scholar;
using NextUp.Server.Settings;
using NextUp.Server.Steering;
using NextUp.Server.Users;
using NextUp.Server.Workers;
using NextUp.Storage.Files;
using NextUp.Storage.Sqlite;
using NextUp.Storage.Sqlite.Papers;

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

    readonly SqliteStore _store;
    readonly FolderFileStore _files;
    readonly PaperSlice _papers;
    readonly ResultIntakes _intakes;
    readonly InstalledKinds _installed;
    readonly KindPolicies _policies;
    readonly InProcessHost _host;
    readonly SlotsByLoad _slotsByLoad;

    Composition(
        string dataFolder, SettingsSources sources, NextUpSettings settings, TimeProvider clock, Random random,
        FolderFileStore files, SqliteStore store, SqlitePaperStore papers, InstalledKinds installed)
    {
        (DataFolder, Clock, _files, _store, _installed) = (dataFolder, clock, files, store, installed);
        Reload = new SettingsReload(sources, settings, ConfigureAsync);
        _policies = new KindPolicies(settings.Kinds.Policies);
        var kinds = new JobKinds(installed.Kinds, _policies);
        var processors = installed.Kinds.ToDictionary(kind => kind.Kind, kind => kind.Processor);
        _intakes = new ResultIntakes(
            store, files, [new PaperIntake(papers, files, clock)], clock, (what, error) => TellFailed?.Invoke(what, error));
        var runner = new JobRunner(store, files, processors, WorkFolder(dataFolder), clock, _intakes);
        Desk = new LeaseDesk(runner, store, files, clock, settings.Workers.Lease, _intakes);
        var environment = new ActorEnvironment(clock, random, (what, error) => TellFailed?.Invoke(what, error));
        _host = new InProcessHost(store, _policies, settings.Queue, Desk, environment, cleanup: settings.Cleanup);
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
        var leases = new LeaseEndpoint(Desk, store, files, kinds, KeyFile.ReadOrMake(dataFolder, "worker-users.key"));
        Work = new WorkEndpoints(Desk, store, files, leases, new CompleteEndpoint(Desk, files), Callers);
        (Endpoints, _papers) = MakeEndpoints(files, kinds, views, Queue, Me, papers);
        Notices = new NoticeDesk(
            store.Notices, settings.Notices, dataFolder, Callers, clock, random,
            (what, error) => TellFailed?.Invoke(what, error));
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

    public LinePlaces Places { get; }

    public LiveFeed Live { get; }

    /// <summary>The kinds that this installation offers.</summary>
    public IReadOnlyList<OfferedKind> Kinds => _installed.Kinds;

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

    public PaperSlice Papers => _papers;

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
    public static async Task<Composition> OpenAsync(
        ServeOptions options, NextUpSettings settings, TimeProvider clock, int seed)
    {
        var dataFolder = Path.GetFullPath(options.DataFolder ?? settings.Server.DataFolder);
        var random = new SharedRandom(seed);
        var files = new FolderFileStore(Path.Combine(dataFolder, "files"), clock);
        var store = SqliteStore.Open(dataFolder, files);
        SqlitePaperStore? papers = null;
        InstalledKinds? installed = null;
        try
        {
            papers = SqlitePaperStore.Open(dataFolder);
            installed = await InstalledKinds.OpenAsync(dataFolder, settings, clock, random);
            return new Composition(
                dataFolder, SettingsSources.Of(options), settings, clock, random, files, store, papers, installed);
        }
        catch
        {
            installed?.Dispose();
            papers?.Dispose();
            store.Dispose();
            throw;
        }
    }

    /// <summary>The data folder cannot be used; the message says why and what to do.</summary>
    public static bool IsUnusable(Exception error) => error
        is StoreFailedException or StoreOwnedException or CatalogueFileException or IOException
            or UnauthorizedAccessException;

    /// <summary>From here on jobs run.</summary>
    public async Task StartAsync()
    {
        RemoveLeftovers();
        await Identity.Places.LoadAsync();
        await _intakes.StartAsync();
        await _host.StartAsync();
        await Notices.StartAsync();
        _slotsByLoad.Start();
        Live.Start();
    }

    /// <summary>Changed settings come into force. A slice that can change while it works is a line here.</summary>
    async Task ConfigureAsync(NextUpSettings settings, IReadOnlySet<string> changed)
    {
        _installed.Configure(settings, changed);
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
        _files.RemoveLeftovers();
        var work = WorkFolder(DataFolder);
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        _ = SweepFilesAsync();
    }

    async Task SweepFilesAsync()
    {
        try
        {
            await _files.SweepAsync(Clock.GetUtcNow() - UnnamedFilesKept, _store.HasFileAsync, CancellationToken.None);
        }
        catch (Exception error) when (error is StoreFailedException or IOException or UnauthorizedAccessException)
        {
            TellFailed?.Invoke("the sweep of files that no job names", error);
        }
    }

    static string WorkFolder(string dataFolder) => Path.Combine(dataFolder, "work");

    /// <summary>Asks running work to stop; it goes on after the next start.</summary>
    public Task StopAsync(TimeSpan timeout) => _host.StopAsync(timeout);

    public async ValueTask DisposeAsync()
    {
        await _slotsByLoad.DisposeAsync();
        await Live.DisposeAsync();
        await Notices.DisposeAsync();
        Identity.Dispose();
        Desk.Dispose();
        await _intakes.DisposeAsync();
        _papers.Dispose();
        Reload.Dispose();
        _installed.Dispose();
        _store.Dispose();
    }

    (Endpoints Endpoints, PaperSlice Papers) MakeEndpoints(
        IFileStore files, JobKinds kinds, JobViews views, QueueViews queue, MeViews me, SqlitePaperStore papers)
    {
        var uploads = new UploadReader(files, kinds);
        var submitter = new Submitter(_host, files, _store, Identity.Places, Clock);
        var jobs = new JobEndpoints(_store, submitter, views, new ListCursor(DataFolder));
        var downloads = new FileEndpoints(_store, files, jobs);
        var previews = new PreviewEndpoint(uploads, files);
        var scholar = new ScholarEndpoints(_store, uploads, submitter, views, me, queue, Clock);
        var submit = new SubmitEndpoint(uploads, submitter, views);
        var submission = new PaperSubmission(papers, _store, files, kinds, submit, WorkFolder(DataFolder));
        var slice = new PaperSlice(
            papers,
            new PaperEndpoints(papers, submission, new ListCursor(DataFolder), Callers, Clock),
            new SyllabusEndpoints(papers, Callers, Clock),
            new ContractEndpoints(_store, papers, submission, submitter, views, Places, _policies, Callers));
        return (new Endpoints(
            Callers,
            submit,
            new AgainEndpoint(Callers, jobs, _store, files, kinds, submit),
            new KindsEndpoint(Callers, kinds),
            jobs,
            downloads,
            previews,
            queue,
            me,
            new EventsEndpoint(_store, Live, views, me, queue),
            scholar,
            new ScholarFiles(_store, files, scholar, downloads, previews, BibtexViews.Papers),
            new StaticPages(Callers)), slice);
    }
}
