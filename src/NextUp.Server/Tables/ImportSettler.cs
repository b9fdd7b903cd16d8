using System.Threading.Channels;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Server.Tables;

/// <summary>
/// Makes the rows of an import visible when its job has completed, and lets them go when it ended otherwise.
/// </summary>
/// <remarks>
/// Jobs and records are two databases, so a job's end and its records can differ for the moment in between; what lies aside
/// is then settled by what the job store says, and at each start all that lies aside is looked at. If we die between the
/// two, the start does it. Visitors that have become accounts are followed the same way. Jobs of other kinds cost one look
/// into a set.
/// </remarks>
sealed class ImportSettler : IAsyncDisposable
{
    /// <summary>Rows of gone imports that are deleted in one transaction, so that nobody waits long behind it.</summary>
    const int PurgeRows = 5_000;

    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    readonly IRecordStore _records;
    readonly IJobStore _jobs;
    readonly TimeProvider _clock;
    readonly Action<string, Exception> _told;
    readonly Channel<JobId?> _asked = Channel.CreateUnbounded<JobId?>();
    readonly CancellationTokenSource _stopping = new();
    readonly Lock _gate = new();
    readonly HashSet<JobId> _aside = [];
    Task _running = Task.CompletedTask;
    volatile bool _isLeftAsked;

    public ImportSettler(IRecordStore records, IJobStore jobs, TimeProvider clock, Action<string, Exception> told)
    {
        (_records, _jobs, _clock, _told) = (records, jobs, clock, told);
        records.Begun += Begun;
        jobs.Happened += Happened;
    }

    /// <summary>Settles what an earlier process left, then whatever ends.</summary>
    public async Task StartAsync()
    {
        await FollowVisitorsAsync();
        await SettleAsideAsync();
        _running = Task.Run(RunAsync);
        Wake();
    }

    /// <summary>
    /// Another server is gone: what it left aside is settled. What servers that live are about to settle may be among it, and
    /// comes out the same. Returns at once.
    /// </summary>
    public void SettleLeft()
    {
        _isLeftAsked = true;
        Wake();
    }

    /// <summary>There is something to purge.</summary>
    public void Wake() => _asked.Writer.TryWrite(null);

    /// <summary>A visitor signed in: what they imported is the account's.</summary>
    public Task MovedAsync(UserId visitor, UserId account) => _records.AdoptAsync(visitor, account);

    public async ValueTask DisposeAsync()
    {
        _records.Begun -= Begun;
        _jobs.Happened -= Happened;
        _asked.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    void Begun(JobId job)
    {
        lock (_gate)
            _aside.Add(job);

        // It may have ended while it began; then nothing else would tell.
        _asked.Writer.TryWrite(job);
    }

    void Happened(IReadOnlyList<JobEvent> events)
    {
        foreach (var one in events)
        {
            if (one.Type is not (JobEventType.Completed or JobEventType.Failed or JobEventType.Cancelled))
                continue;
            bool isOurs;
            lock (_gate)
                isOurs = _aside.Contains(one.Job);
            if (isOurs)
                _asked.Writer.TryWrite(one.Job);
        }
    }

    async Task RunAsync()
    {
        try
        {
            while (await _asked.Reader.WaitToReadAsync(_stopping.Token))
            {
                while (_asked.Reader.TryRead(out var job))
                {
                    if (job is { } known)
                        await SurelyAsync(() => SettleAsync(known));
                }

                if (_isLeftAsked)
                {
                    _isLeftAsked = false;
                    await SurelyAsync(SettleAsideAsync);
                }

                await PurgeAsync();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // What was not settled is settled at the next start.
        }
    }

    async Task SettleAsideAsync()
    {
        foreach (var import in await _records.AsideAsync())
            await SettleAsync(import.Job);
    }

    async Task SurelyAsync(Func<Task> settle)
    {
        while (true)
        {
            try
            {
                await settle();
                return;
            }
            catch (StoreFailedException error)
            {
                _told("the settling of an import, which is tried again", error);
                await Task.Delay(RetryDelay, _clock, _stopping.Token);
            }
        }
    }

    async Task SettleAsync(JobId job)
    {
        var record = await _jobs.FindAsync(job);
        switch (record?.State)
        {
            case JobState.Pending or JobState.Processing:
                lock (_gate)
                    _aside.Add(job);
                return;
            case JobState.Completed:
                await _records.StoreAsync(job, record.User, _clock.GetUtcNow());
                break;
            default:
                await _records.DropAsync(job, _clock.GetUtcNow());
                break;
        }

        lock (_gate)
            _aside.Remove(job);
    }

    async Task PurgeAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested && _asked.Reader.Count == 0 && await _records.PurgeAsync(PurgeRows) > 0)
            {
                // Each round deletes some; what was asked for meanwhile comes first.
            }

            if (_asked.Reader.Count > 0)
                Wake();
        }
        catch (StoreFailedException error)
        {
            _told("the deletion of what imports left", error);
        }
    }

    async Task FollowVisitorsAsync()
    {
        foreach (var visitor in await _records.VisitorsAsync())
        {
            if (await _jobs.AdoptedByAsync(visitor) is { } account)
                await _records.AdoptAsync(visitor, account);
        }
    }
}
