using NextUp.Actors.Jobs;
using NextUp.Client;
using NextUp.Client.Wire;
using NextUp.Client.Work;

namespace NextUp.Server.Workers.Working;

/// <param name="Name">Unique among the workers of one account.</param>
/// <param name="Slots">Jobs at once.</param>
/// <param name="Grace">How long running work may go on after the worker was asked to end; the rest is handed back.</param>
/// <param name="WorkFolder">Where attempts have their folders.</param>
sealed record WorkerOptions(string Name, int Slots, TimeSpan Grace, string WorkFolder)
{
    /// <summary>The most jobs at once.</summary>
    public const int SlotsMax = 256;

    /// <summary>Work that was told to stop and has not after so long never will: its process has to end.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>How a worker came to its end.</summary>
enum WorkerEnd
{
    /// <summary>As asked: everything is finished or handed back.</summary>
    Drained,

    /// <summary>Some work does not stop; only the end of the process ends it.</summary>
    Stuck,

    /// <summary>Another process works under this one's name.</summary>
    Superseded,
}

/// <summary>
/// Works on the jobs of a server elsewhere with the processors that the server itself uses. One ask at a time is open: it
/// renews what runs, brings new jobs and word to stop; heartbeats carry progress and lines in between. A server that is
/// away is asked again, later and later; what runs goes on meanwhile.
/// </summary>
sealed class Worker(
    WorkClient client, IReadOnlyDictionary<JobKind, IJobProcessor> processors, WorkerOptions options, TimeProvider clock,
    Random random, Action<string> tell)
    : IDisposable
{
    /// <summary>How long work may take before word to stop is listened for, and how often progress is sent.</summary>
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(15);
    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2 * WorkLimits.WaitSecondsDefault);
    const int InlineBytesMax = 64 * 1024;

    readonly Lock _gate = new();
    readonly Dictionary<string, WorkerRun> _running = [];
    readonly long _incarnation = clock.GetUtcNow().ToUnixTimeMilliseconds();
    CancellationTokenSource _changed = new();
    bool _isSuperseded;

    /// <summary>Works until asked to end, or until the process has to.</summary>
    public async Task<WorkerEnd> RunAsync(CancellationToken drain)
    {
        using var over = new CancellationTokenSource();
        var beating = BeatAsync(over.Token);
        await AskAsync(drain);
        var isStuck = !drain.IsCancellationRequested && !_isSuperseded;
        if (_isSuperseded)
            Each(run => run.StopAsOver());
        else
            await HandBackUnheardAsync();

        var isLeft = await RestAsync(isStuck || _isSuperseded ? TimeSpan.Zero : options.Grace);
        await over.CancelAsync();
        await beating;
        return _isSuperseded ? WorkerEnd.Superseded : isLeft ? WorkerEnd.Stuck : WorkerEnd.Drained;
    }

    public void Dispose() => _changed.Dispose();

    async Task AskAsync(CancellationToken drain)
    {
        var delay = RetryDelay;
        while (!drain.IsCancellationRequested && !IsStuck() && !_isSuperseded)
        {
            try
            {
                if (await AskOnceAsync(drain) is { } given)
                    Take(given);
                delay = RetryDelay;
            }
            catch (OperationCanceledException)
            {
                // Something changed here: the next ask says so.
            }
            catch (NextUpProblemException superseded) when (superseded.Code == ProblemCodes.WorkerSuperseded)
            {
                tell(superseded.Message);
                _isSuperseded = true;
            }
            catch (Exception away) when (away is ServerUnreachableException || away is NextUpProblemException { Status: >= 500 })
            {
                tell($"{away.Message} Trying again.");
                await PauseAsync(delay * (0.5 + random.NextDouble() / 2), drain);
                delay = delay * 2 < RetryDelayMax ? delay * 2 : RetryDelayMax;
            }
        }
    }

    async Task<LeaseView?> AskOnceAsync(CancellationToken drain)
    {
        LeaseRequest request;
        CancellationToken changed;
        lock (_gate)
        {
            if (_changed.IsCancellationRequested)
            {
                _changed.Dispose();
                _changed = new();
            }

            changed = _changed.Token;
            request = Request(options.Slots - _running.Count);
        }

        // An ask for jobs is not taken back when something changes: its answer may have jobs in it. A connection that died
        // without a word is not waited for.
        using var late = new CancellationTokenSource(AnswerWithin, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            drain, late.Token, request.Count == 0 ? changed : default);
        if (request.Count == 0)
        {
            await Task.Delay(Beat, clock, either.Token);
            if (IsStuck())
                return null;
        }

        return await client.LeaseAsync(request, either.Token);
    }

    LeaseRequest Request(int count) => new(options.Name, _incarnation, [.. processors.Keys.Select(kind => kind.Value)], count)
    {
        WaitSeconds = WorkLimits.WaitSecondsDefault,
        Holding = [.. _running.Values.Select(run => run.Held)],
        InlineBytesMax = InlineBytesMax,
    };

    void Take(LeaseView given)
    {
        foreach (var stop in given.Stop)
            Find(stop.Job, stop.Attempt)?.StopAsOver();
        foreach (var job in given.Jobs)
        {
            var run = new WorkerRun(client, job, Path.Combine(options.WorkFolder, $"{job.Id}-{job.Attempt}"), clock);
            lock (_gate)
                _running[job.Id] = run;
            _ = Task.Run(() => WorkAsync(run), CancellationToken.None);
        }
    }

    async Task WorkAsync(WorkerRun run)
    {
        try
        {
            await new WorkerAttempt(client, run).WorkAsync(processors[run.Kind]);
        }
        catch (Exception lost) when (lost is ServerUnreachableException or NextUpProblemException)
        {
            tell($"{lost.Message} The job {run.Job} is given up here; its lease will run out.");
        }
        finally
        {
            lock (_gate)
            {
                if (_running.GetValueOrDefault(run.Held.Job) == run)
                    _running.Remove(run.Held.Job);
                _changed.Cancel();
            }

            run.Dispose();
        }
    }

    async Task BeatAsync(CancellationToken over)
    {
        while (await PauseAsync(Beat, over))
        {
            List<HeartbeatOf> beats;
            lock (_gate)
                beats = [.. _running.Values.Select(run => run.TakeBeat()).OfType<HeartbeatOf>()];
            if (beats.Count == 0)
                continue;
            try
            {
                foreach (var stop in (await client.BeatAsync(new(beats), over)).Stop)
                    Find(stop.Job, stop.Attempt)?.StopAsOver();
            }
            catch (Exception away) when (away is ServerUnreachableException or NextUpProblemException or OperationCanceledException)
            {
                // Nothing is lost that anybody was promised: progress is shown again with the next heartbeat.
            }
        }
    }

    /// <summary>An ask that was taken back may have been answered with jobs that never got here: they go back at once.</summary>
    async Task HandBackUnheardAsync()
    {
        LeaseRequest last;
        lock (_gate)
            last = Request(0) with { WaitSeconds = 0 };
        using var late = new CancellationTokenSource(options.StuckAfter / 3, clock);
        try
        {
            foreach (var job in (await client.LeaseAsync(last, late.Token)).Jobs)
                await client.FailAsync(new(job.Id, job.Attempt), WorkerAttempt.Back, late.Token);
        }
        catch (Exception away) when (away is ServerUnreachableException or NextUpProblemException or OperationCanceledException)
        {
            // Their leases run out.
        }
    }

    /// <summary>Lets what runs finish, then stops it. True where something does not stop.</summary>
    async Task<bool> RestAsync(TimeSpan grace)
    {
        var until = clock.GetUtcNow() + grace;
        while (IsBusy() && clock.GetUtcNow() < until && !IsStuck())
            await PauseAsync(Beat / 10, CancellationToken.None);
        Each(run => run.Stop());
        until = clock.GetUtcNow() + options.StuckAfter;
        while (IsBusy() && clock.GetUtcNow() < until)
            await PauseAsync(Beat / 10, CancellationToken.None);
        return IsBusy();
    }

    WorkerRun? Find(string job, int attempt)
    {
        lock (_gate)
            return _running.GetValueOrDefault(job) is { } run && run.Attempt == attempt ? run : null;
    }

    void Each(Action<WorkerRun> act)
    {
        WorkerRun[] all;
        lock (_gate)
            all = [.. _running.Values];
        foreach (var run in all)
            act(run);
    }

    bool IsBusy()
    {
        lock (_gate)
            return _running.Count > 0;
    }

    bool IsStuck()
    {
        lock (_gate)
            return _running.Values.Any(run => run.AskedToStopAt + options.StuckAfter <= clock.GetUtcNow());
    }

    /// <summary>False where the pause was cut short.</summary>
    async Task<bool> PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, clock, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
