using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Server.Jobs;
using NextUp.Server.Queue;
using NextUp.Server.Users;
using NextUp.Storage.Sqlite.Papers;

namespace NextUp.Server.Papers;

/// <summary>Everything of exam papers that the server keeps open, and its endpoints.</summary>
sealed class PaperSlice : IDisposable
{
    readonly SqlitePaperStore _store;
    readonly TimeProvider _clock;
    Action<IEndpointRouteBuilder>? _map;

    PaperSlice(SqlitePaperStore store, TimeProvider clock) => (_store, _clock) = (store, clock);

    /// <summary>Opens the papers of a data folder that the caller owns.</summary>
    /// <exception cref="StoreFailedException">They cannot be used; the message says why.</exception>
    public static PaperSlice Open(string dataFolder, TimeProvider clock) => new(SqlitePaperStore.Open(dataFolder), clock);

    public IResultIntake Intake(IFileStore files) => new PaperIntake(_store, files, _clock);

    /// <summary>Puts the endpoints together; they are served from the next <see cref="Map"/> on.</summary>
    /// <param name="workFolder">Where parts lie until they are packed; emptied at each start.</param>
    public void Serve(
        IJobStore jobs, IFileStore files, JobKinds kinds, KindPolicies policies, SubmitEndpoint submit, Submitter submitter,
        JobViews views, LinePlaces places, ListCursor cursors, Callers callers, string workFolder)
    {
        var submission = new PaperSubmission(_store, jobs, files, kinds, submit, workFolder);
        var papers = new PaperEndpoints(_store, submission, cursors, callers, _clock);
        var syllabuses = new SyllabusEndpoints(_store, callers, _clock);
        var contract = new ContractEndpoints(jobs, _store, submission, submitter, views, places, policies, callers);
        _map = map =>
        {
            syllabuses.Map(map);
            papers.Map(map);
            contract.Map(map);
        };
    }

    public void Map(IEndpointRouteBuilder map) => _map?.Invoke(map);

    public void Dispose() => _store.Dispose();
}
