using System.Threading.Channels;
using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Processors.Documents.Processing;
using NextUp.Server.Live;

namespace NextUp.Server.Documents.Contract;

/// <summary>
/// One open connection of one user: each numbered event of a document once and in order, from the store or live; progress
/// as it comes.
/// </summary>
/// <param name="end">From then on nothing more is told; what is being sent is not broken off.</param>
sealed class DocumentConnection(
    IJobStore jobs, IDocumentStore documents, IResultIntake intake, UserId user, SocketTalk talk, SentMarks marks,
    CancellationToken end)
{
    /// <summary>Stored events read at once.</summary>
    const int PageSize = 200;

    /// <summary>The number of the last event that was sent, or that was none of a document.</summary>
    long _sent;

    /// <summary>The number of the last event that the client has; where it did not close, only what it surely has.</summary>
    public long Read(bool hasReadAll) => hasReadAll ? _sent : marks.Sure();

    public Task CloseAsync(int code, string reason) => talk.CloseAsync(code, reason);

    /// <summary>Answers pings until the client closes.</summary>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (await talk.ReceiveAsync(cancellationToken) is { } message)
        {
            if (message.Type == "ping")
                await talk.PongAsync(cancellationToken);
        }
    }

    /// <summary>Tells what was missed and what happens, until there is no more: the client was too slow, or the server stops.</summary>
    /// <param name="from">The number of the last event that the client has.</param>
    public async Task TellAsync(ChannelReader<FeedItem> items, long from, CancellationToken cancellationToken)
    {
        _sent = from;
        await CatchUpAsync(cancellationToken);
        HashSet<JobId> progressed = [];
        while (await items.WaitToReadAsync(cancellationToken))
        {
            while (items.TryRead(out var item))
            {
                if (item is FeedItem.Progressed progress)
                    progressed.Add(progress.Job);
                else if (item is FeedItem.Happened { Event: var happened } && happened.Number > _sent)
                    await (happened.Number == _sent + 1 ? SendAsync(happened, cancellationToken) : CatchUpAsync(cancellationToken));
            }

            foreach (var job in progressed)
                await SendProgressAsync(job, null, cancellationToken);
            progressed.Clear();
        }
    }

    async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<JobEvent> events;
        do
        {
            events = await jobs.EventsAsync(user, _sent, PageSize);
            foreach (var happened in events)
                await SendAsync(happened, cancellationToken);
        }
        while (events.Count == PageSize);
    }

    async Task SendAsync(JobEvent happened, CancellationToken cancellationToken)
    {
        if (happened.Type is JobEventType.Completed or JobEventType.Failed or JobEventType.Cancelled)
            await SendProcessedAsync(happened, cancellationToken);
        else
            await SendProgressAsync(happened.Job, happened.Number, cancellationToken);
        _sent = happened.Number;
        marks.Note(_sent);
    }

    async Task SendProgressAsync(JobId id, long? number, CancellationToken cancellationToken)
    {
        if (await FindAsync(id) is not ({ State: JobState.Pending or JobState.Processing } job, { } document))
            return;
        var status = job.State == JobState.Pending ? JobStateNames.Pending : JobStateNames.Processing;
        var message = job.State == JobState.Pending ? "Waiting for processing..."
            : job.Progress.Step.Length == 0 ? "Processing document..." : Words(job.Progress);
        end.ThrowIfCancellationRequested();
        await talk.SendAsync(
            new("job_progress", new(id.ToString(), status, job.Progress.Percent, message, document.Id.ToString()), number),
            ContractJson.Wire.ProgressEvent, cancellationToken);
    }

    async Task SendProcessedAsync(JobEvent happened, CancellationToken cancellationToken)
    {
        var (job, document) = await FindAsync(happened.Job);
        if (job is null || !job.State.IsFinished())
            return; // Deleted since, or done again: its next end is told.
        if (document?.State == DocumentState.Open)
        {
            // What is told to be processed can be found.
            await intake.SettleAsync(job.Id, job, cancellationToken);
            (_, document) = await FindAsync(happened.Job);
        }

        if (document is null)
            return;
        var status = job.State == JobState.Completed ? JobStateNames.Completed : JobStateNames.Failed;
        end.ThrowIfCancellationRequested();
        await talk.SendAsync(
            new("document_processed", new(document.Id.ToString(), document.Name, status, job.Error, job.EndedAt), happened.Number),
            ContractJson.Wire.ProcessedEvent, cancellationToken);
    }

    /// <summary>Both null for a job of another kind, or of nobody's any more.</summary>
    async Task<(JobRecord? Job, DocumentRecord? Document)> FindAsync(JobId id)
    {
        if (await jobs.FindAsync(user, id) is not { } job || job.Kind != DocumentsProcessor.DocumentsKind)
            return default;
        var document = await documents.FindByJobAsync(id);
        return (job, document?.User == user ? document : null);
    }

    static string Words(JobProgress progress) => progress.Total is { } total
        ? $"{progress.Step} ({progress.Done} of {total})..." : progress.Step + "...";
}
