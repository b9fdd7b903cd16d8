using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Client.Documents;
using NextUp.Client.Wire;
using NextUp.Server.Operations;

namespace NextUp.Server.Documents;

/// <summary>
/// Documents as their users see them. While a document's newest job goes on the job says how far it is; a job that has
/// completed a moment ago counts as processing until its chunks can be found.
/// </summary>
sealed class DocumentViews(Settling settling)
{
    public async ValueTask<IReadOnlyList<DocumentView>> OfAsync(IReadOnlyList<DocumentRecord> documents)
    {
        var views = new DocumentView[documents.Count];
        for (var i = 0; i < views.Length; i++)
            views[i] = await OfAsync(documents[i]);
        return views;
    }

    public async ValueTask<DocumentView> OfAsync(DocumentRecord stored)
    {
        var (document, job) = await settling.LookAsync(stored);
        var version = document.Version;
        var progress = job?.Progress;
        return new(
            document.Id.ToString(), document.Name, document.Size, document.ContentType, document.Sha256, StateOf(document, job),
            job is null ? document.Error : job.Error, document.Job.ToString(),
            progress is null ? null : new(progress.Percent, progress.Done, progress.Total, progress.Failed, progress.Step),
            version?.Chunks ?? 0, version?.Chunks ?? 0, version?.Pages, version?.Language, version?.Space.Model,
            version?.Space.Dimension, version?.Warnings ?? [], document.CreatedAt,
            job is null ? document.StartedAt : job.StartedAt, document.ProcessedAt);
    }

    static string StateOf(DocumentRecord document, JobRecord? job) => (document.State, job?.State) switch
    {
        (_, JobState.Pending) => JobStateNames.Pending,
        (_, JobState.Processing) => JobStateNames.Processing,
        (DocumentState.Open, null) => JobStateNames.Pending, // Its submission is on its way.
        (DocumentState.Completed, _) => JobStateNames.Completed,
        (DocumentState.Cancelled, _) => JobStateNames.Cancelled,
        _ => JobStateNames.Failed,
    };
}
