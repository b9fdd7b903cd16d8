using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Server.Documents;

/// <summary>
/// Sees to it that nobody is shown a document as open whose job has ended. Who settles results is told of the end of every
/// attempt; a job that is cancelled while it waits has none, and is settled here by whoever looks next.
/// </summary>
sealed class Settling(IJobStore jobs, IDocumentStore documents, IResultIntake intake, TimeProvider clock)
{
    /// <summary>A job that is not stored so long after its birth was never accepted, or is gone.</summary>
    static readonly TimeSpan AcceptedWithin = TimeSpan.FromMinutes(10);

    public static bool MayComeYet(JobId job, DateTimeOffset now) => job.BornAt + AcceptedWithin >= now;

    /// <summary>The document as it is, and its newest job where the document still waits for its end.</summary>
    public async ValueTask<(DocumentRecord Document, JobRecord? Job)> LookAsync(DocumentRecord document)
    {
        if (document is { State: DocumentState.Completed, Error: null })
            return (document, null);
        var job = await jobs.FindAsync(document.Job);
        if (job is { State: JobState.Pending or JobState.Processing })
            return (document, job);
        var isOver = document.State == DocumentState.Open && (job is not null || !MayComeYet(document.Job, clock.GetUtcNow()));
        if (!isOver)
            return (document, null);
        await intake.SettleAsync(document.Job, job, CancellationToken.None);
        return (await documents.FindAsync(document.User, document.Id) ?? document, null);
    }
}
