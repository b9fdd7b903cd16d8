using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Processors.Documents.Processing;
using NextUp.Server.Documents.Contract;
using NextUp.Server.Jobs;
using NextUp.Server.Live;
using NextUp.Server.Settings;
using NextUp.Server.Standby;
using NextUp.Server.Users;

namespace NextUp.Server.Documents;

/// <summary>The slice of documents, put together: their store, what goes in, what is found, and who may ask.</summary>
sealed class DocumentDesk : IAsyncDisposable
{
    /// <summary>Visitors looked at together when the server starts.</summary>
    const int VisitorsPage = 500;

    readonly IDocumentStore _store;
    readonly DocumentKind _kind;
    readonly IJobStore _jobs;
    readonly TimeProvider _clock;
    readonly Settling _settling;
    readonly Erasure _erasure;
    readonly DocumentSearch _search;
    readonly Func<DocumentSettings> _settings;
    readonly Action<string, Exception> _tellFailed;
    Reembedding? _reembedding;
    DocumentEndpoints? _endpoints;
    ContractEndpoints? _contract;
    SocketEndpoint? _socket;

    /// <param name="settings">As they are now.</param>
    public DocumentDesk(
        OpenedStore opened, DocumentKind kind, Func<DocumentSettings> settings, TimeProvider clock,
        Action<string, Exception> tellFailed)
    {
        var (store, jobs, files) = (opened.Side.Documents, opened.Store, opened.Files);
        (_store, _kind, _jobs, _clock, _settings, _tellFailed) = (store, kind, jobs, clock, settings, tellFailed);
        _erasure = new Erasure(store, jobs, clock, () => tellFailed);
        _search = new DocumentSearch(store, () => kind.Embedder, () => settings().SearchMemoryBytesMax, clock);
        Intake = new DocumentIntake(store, files, () => settings().ChunksPerUserMax, _erasure.Wake)
        {
            MayComeYet = job => opened.IsShared && Settling.MayComeYet(job, clock.GetUtcNow()),
        };
        _settling = new Settling(jobs, store, Intake, clock);
        Offered = new OfferedKind(kind.Processor, Preview: null)
        {
            Admission = new DocumentAdmission(store, _settling, Quota, clock),
            Repeat = (_, _, _) => new RepeatAnswer.Refused(
                "A document is worked on anew by POST /api/v1/documents/{id}/reprocess."),
        };
    }

    /// <summary>Where results of documents go.</summary>
    public IResultIntake Intake { get; }

    /// <summary>The kind, as this server offers it.</summary>
    public OfferedKind Offered { get; }

    /// <summary>Everything of a visitor becomes the account's.</summary>
    public Task MoveAsync(UserId visitor, UserId account) => _store.MoveAsync(visitor, account);

    /// <summary>Before the first request: what visitors left whose sign-in was cut short, and what was to be erased.</summary>
    public async Task StartAsync()
    {
        IReadOnlyList<UserId> page = [];
        do
        {
            page = await _store.VisitorsAsync(page.Count > 0 ? page[^1] : null, VisitorsPage);
            foreach (var visitor in page)
            {
                if (await _jobs.AdoptedByAsync(visitor) is { } account)
                    await _store.MoveAsync(visitor, account);
            }
        }
        while (page.Count == VisitorsPage);
        _erasure.Wake();
        _reembedding!.Start();
    }

    /// <summary>Builds the endpoints, once everything that they stand on is there.</summary>
    public void Serve(
        IFileStore files, UploadReader uploads, SubmitEndpoint submit, Submitter submitter, ListCursor cursors, Identity identity,
        LiveFeed live, IReadOnlyList<string> origins)
    {
        var views = new DocumentViews(_settling);
        var again = new Reprocessing(_jobs, files, _store, _settling, submit, Offered);
        _reembedding = new Reembedding(
            _store, _jobs, again, () => _kind.Embedder, () => _settings().EmbedAnew, _clock, _tellFailed);
        _endpoints = new DocumentEndpoints(
            _store, views, _search, again, _erasure, submitter, cursors, identity.Callers, Quota);
        _contract = new ContractEndpoints(uploads, submit, _store, views, identity.Callers);
        _socket = new SocketEndpoint(
            identity.Credentials, identity.Tenures, live, _jobs, _store, Intake, new LastHeard(_clock), origins, _clock);
    }

    public void Map(IEndpointRouteBuilder map)
    {
        _endpoints!.Map(map);
        _contract!.Map(map);
        _socket!.Map(map);
    }

    public async ValueTask DisposeAsync()
    {
        if (_reembedding is not null)
            await _reembedding.DisposeAsync();
        await _erasure.DisposeAsync();
    }

    DocumentQuota Quota() => new(_settings().DocumentsPerUserMax, _settings().ChunksPerUserMax);
}
