using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Server.Jobs;
using NextUp.Server.Queue;
using NextUp.Server.Users;

namespace NextUp.Server.Papers;

/// <summary>Everything of exam papers, put together, and its endpoints.</summary>
sealed class PaperSlice(IPaperStore store, TimeProvider clock)
{
    Action<IEndpointRouteBuilder>? _map;

    public IResultIntake Intake(IFileStore files) => new PaperIntake(store, files, clock);

    /// <summary>Puts the endpoints together; they are served from the next <see cref="Map"/> on.</summary>
    /// <param name="workFolder">Where parts lie until they are packed; emptied at each start.</param>
    public void Serve(
        IJobStore jobs, IFileStore files, JobKinds kinds, KindPolicies policies, SubmitEndpoint submit, Submitter submitter,
        JobViews views, LinePlaces places, ListCursor cursors, Callers callers, string workFolder)
    {
        var submission = new PaperSubmission(store, jobs, files, kinds, submit, workFolder);
        var papers = new PaperEndpoints(store, submission, cursors, callers, clock);
        var syllabuses = new SyllabusEndpoints(store, callers, clock);
        var contract = new ContractEndpoints(jobs, store, submission, submitter, views, places, policies, callers);
        _map = map =>
        {
            syllabuses.Map(map);
            papers.Map(map);
            contract.Map(map);
        };
    }

    public void Map(IEndpointRouteBuilder map) => _map?.Invoke(map);
}
