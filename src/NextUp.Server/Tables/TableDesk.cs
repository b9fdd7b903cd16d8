using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Processors.Tables.Importing;
using NextUp.Processors.Tables.Reading;
using NextUp.Processors.Tools;
using NextUp.Server.Jobs;
using NextUp.Server.Settings;
using NextUp.Server.Users;

namespace NextUp.Server.Tables;

/// <summary>Everything of the kind <c>tables</c>, put together: the records, who imports into them, and who settles imports.</summary>
sealed class TableDesk : IAsyncDisposable
{
    readonly IRecordStore _records;
    readonly WorkbookProcess _workbooks;
    readonly ReplaceableProcessor _processor;
    ImportSettler? _settler;

    public TableDesk(IRecordStore records, TablesLimits limits, TimeProvider clock)
    {
        (_records, Limits) = (records, limits);
        _workbooks = new WorkbookProcess(new ToolRunner(new Toolbox(), clock));
        _processor = new ReplaceableProcessor(new TablesProcessor(records, _workbooks, limits));
    }

    public TablesLimits Limits { get; private set; }

    public OfferedKind Kind => new(_processor, Preview: null) { Repeat = TableRepeat.Of };

    /// <summary>Attempts that run end as they began.</summary>
    public void Configure(TablesLimits limits)
    {
        Limits = limits;
        _processor.Current = new TablesProcessor(_records, _workbooks, limits);
    }

    public Task StartAsync(IJobStore jobs, TimeProvider clock, Action<string, Exception> told)
    {
        _settler = new ImportSettler(_records, jobs, clock, told);
        return _settler.StartAsync();
    }

    /// <summary>Another server is gone; see <see cref="ImportSettler.SettleLeft"/>.</summary>
    public void SettleLeft() => _settler?.SettleLeft();

    public Task MovedAsync(UserId visitor, UserId account) =>
        _settler?.MovedAsync(visitor, account) ?? Task.CompletedTask;

    public void Map(
        IEndpointRouteBuilder map, Callers callers, UploadReader uploads, IFileStore files, string workFolder, TimeProvider clock)
    {
        var found = new TableLookup(_records);
        new ImportEndpoints(_records, found, callers, () => _settler?.Wake(), clock).Map(map);
        new RecordEndpoints(_records, found, callers).Map(map);
        new ProfileEndpoints(_records, callers, () => Limits, clock).Map(map);
        new TablePreviewEndpoint(_records, _workbooks, uploads, files, callers, workFolder).Map(map);
    }

    public async ValueTask DisposeAsync()
    {
        if (_settler is not null)
            await _settler.DisposeAsync();
    }

    /// <summary>What begins later takes the newer one; neither keeps anything open.</summary>
    sealed class ReplaceableProcessor(TablesProcessor first) : IJobProcessor
    {
        public TablesProcessor Current { get; set; } = first;

        public JobKind Kind => TablesProcessor.TablesKind;

        public ValueTask<UploadVerdict> CheckAsync(string fileName, Stream content, CancellationToken cancellationToken) =>
            Current.CheckAsync(fileName, content, cancellationToken);

        public Task<JobOutcome> RunAsync(IJobRun run, CancellationToken cancellationToken) =>
            Current.RunAsync(run, cancellationToken);
    }
}
