using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Server.Jobs;

namespace NextUp.Server.Live;

/// <summary>
/// One open stream of one user: sends every numbered event once and in order, whether it comes from the store or live,
/// and what is live only between them.
/// </summary>
/// <param name="from">The number of the last event the client has.</param>
sealed class EventConnection(IJobStore store, JobViews views, UserId user, PipeWriter output, long from)
{
    /// <summary>Stored events read at once.</summary>
    const int PageSize = 200;

    /// <summary>Log lines in one progress event; the rest follows with the next one.</summary>
    const int LinesMax = 1_000;

    readonly Dictionary<JobId, long> _linesSent = [];
    long _sent = from;

    /// <summary>Sends what is stored and not yet sent.</summary>
    public async ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var events = await store.EventsAsync(user, _sent, PageSize);
            var jobs = new Dictionary<JobId, JobView?>();
            foreach (var happened in events)
                await SendAsync(happened, jobs, cancellationToken);

            await output.FlushAsync(cancellationToken);
            if (events.Count < PageSize)
                return;
        }
    }

    /// <summary>Sends what comes until there is no more: the reader was too slow, or the server stops.</summary>
    public async ValueTask FollowAsync(ChannelReader<FeedItem> items, CancellationToken cancellationToken)
    {
        var progressed = new HashSet<JobId>();
        while (await items.WaitToReadAsync(cancellationToken))
        {
            // One view a job serves everything that waits now.
            var jobs = new Dictionary<JobId, JobView?>();
            while (items.TryRead(out var item))
                await TakeAsync(item, jobs, progressed, cancellationToken);

            foreach (var job in progressed)
                await SendProgressAsync(job, cancellationToken);
            progressed.Clear();

            var flushed = await output.FlushAsync(cancellationToken);
            if (flushed.IsCompleted)
                return;
        }
    }

    async ValueTask TakeAsync(
        FeedItem item, Dictionary<JobId, JobView?> jobs, HashSet<JobId> progressed, CancellationToken cancellationToken)
    {
        switch (item)
        {
            case FeedItem.Frame frame:
                cancellationToken.ThrowIfCancellationRequested();
                output.Write(frame.Bytes.Span);
                break;
            case FeedItem.Progressed progress:
                progressed.Add(progress.Job);
                break;
            case FeedItem.Happened { Event: var happened } when happened.Number == _sent + 1:
                if (progressed.Remove(happened.Job))
                    await SendProgressAsync(happened.Job, cancellationToken); // The last log lines come before the end they belong to.
                await SendAsync(happened, jobs, cancellationToken);
                break;
            case FeedItem.Happened { Event: var happened } when happened.Number > _sent:
                await CatchUpAsync(cancellationToken); // Some were not told live; the store has them all.
                break;
        }
    }

    async ValueTask SendAsync(JobEvent happened, Dictionary<JobId, JobView?> jobs, CancellationToken cancellationToken)
    {
        _sent = happened.Number;
        if (!jobs.TryGetValue(happened.Job, out var view))
        {
            var job = await store.FindAsync(user, happened.Job);
            jobs.Add(happened.Job, view = job is null ? null : await views.OfAsync(job));
        }

        if (view is null)
            return; // The job was deleted since; so was what happened to it.
        cancellationToken.ThrowIfCancellationRequested();

        var changed = new JobChangedEvent(happened.Number, Name(happened.Type), happened.At, happened.Reason, view);
        EventFrame.Write(output, LiveEventNames.Job, happened.Number, changed, WireJson.Wire.JobChangedEvent);
    }

    async ValueTask SendProgressAsync(JobId id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(user, id) is not { } job)
            return;

        var lines = await store.LogAsync(job.Sequence, _linesSent.GetValueOrDefault(id), LinesMax);
        if (lines.Count > 0)
            _linesSent[id] = lines[^1].Number;

        var progress = new JobProgressEvent(
            await views.OfAsync(job), [.. lines.Select(line => new LogLineView(line.Number, line.At, line.Text))]);
        cancellationToken.ThrowIfCancellationRequested();
        EventFrame.Write(output, LiveEventNames.Progress, null, progress, WireJson.Wire.JobProgressEvent);
    }

    /// <summary>The event as the feed names it.</summary>
    public static string Name(JobEventType type) => type switch
    {
        JobEventType.Queued => "queued",
        JobEventType.Held => "held",
        JobEventType.Started => "started",
        JobEventType.Retrying => "retrying",
        JobEventType.Completed => "completed",
        JobEventType.Failed => "failed",
        JobEventType.Requeued => "requeued",
        JobEventType.Adopted => "adopted",
        _ => "cancelled",
    };
}
