using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Hosting.Intakes;

/// <summary>
/// Takes results in for the kinds that have an <see cref="IResultIntake"/>, and settles them when their job has ended. Jobs of
/// other kinds cost one look into a small table.
/// </summary>
/// <remarks>
/// Whoever stores an attempt's end calls <see cref="Ended"/> afterwards. What is taken while an end is being stored is looked
/// after here: a take is followed by a look at the stored job, so whichever of the two comes last settles it.
/// </remarks>
/// <param name="tellFailed">Told of failures that no caller waits for.</param>
public sealed class ResultIntakes(
    IJobStore store, IFileStore files, IReadOnlyList<IResultIntake> intakes, TimeProvider clock,
    Action<string, Exception>? tellFailed = null) : IAsyncDisposable
{
    /// <summary>Jobs looked at together when the server starts.</summary>
    const int StartPage = 500;

    /// <summary>Takes of one job come one after the other; jobs share so many turns.</summary>
    const int Turns = 64;

    static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(30);

    readonly Dictionary<JobKind, IResultIntake> _intakes = intakes.ToDictionary(intake => intake.Kind);
    readonly CancellationTokenSource _stopping = new();
    readonly Lock _gate = new();
    readonly HashSet<Task> _settling = [];
    readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>
    /// The end as it may be stored: a result that was taken is as it was; one that cannot be kept makes its job fail.
    /// Throws where nobody knows; the attempt has failed then.
    /// </summary>
    public async Task<AttemptEnd> TakeAsync(JobRecord job, AttemptEnd end, CancellationToken cancellationToken)
    {
        if (end is not AttemptEnd.Finished { Outcome: JobOutcome.Done } finished || !_intakes.TryGetValue(job.Kind, out var intake))
            return end;

        var answer = await TakeInTurnAsync(intake, job, finished, cancellationToken);
        if (answer is IntakeAnswer.Taken)
        {
            if (await store.FindAsync(job.Id) is not { State: JobState.Processing } stored || stored.Attempt != job.Attempt)
                Ended(job);
            return end;
        }

        Discard(finished);
        return answer is IntakeAnswer.Refused refused
            ? new AttemptEnd.Finished(new JobOutcome.GiveUp(refused.Reason), [])
            : new AttemptEnd.Stopped();
    }

    /// <summary>
    /// A worker that got no answer reports once more while the first report is still taken in; the second finds it done.
    /// </summary>
    async Task<IntakeAnswer> TakeInTurnAsync(
        IResultIntake intake, JobRecord job, AttemptEnd.Finished finished, CancellationToken cancellationToken)
    {
        var turn = _turns[(uint)job.Id.GetHashCode() % Turns];
        var isMine = false;
        try
        {
            await turn.WaitAsync(cancellationToken);
            isMine = true;
            return await intake.TakeAsync(job, finished.Files, cancellationToken);
        }
        catch
        {
            Discard(finished);
            throw;
        }
        finally
        {
            if (isMine)
                turn.Release();
        }
    }

    /// <summary>An attempt's end was stored, whatever it was. Returns at once; what is to be settled follows.</summary>
    public void Ended(JobRecord job)
    {
        if (_intakes.TryGetValue(job.Kind, out var intake))
            Begin(() => SettlePatientlyAsync(intake, job.Id));
    }

    void Begin(Func<Task> settle)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
                return;
            // The caller is an actor in its turn, which must not wait for another store.
            var settling = Task.Run(settle);
            _settling.Add(settling);
            _ = settling.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Before the first job runs: settles what a process that died, or stopped in between, left.</summary>
    public async Task StartAsync()
    {
        foreach (var intake in _intakes.Values)
        {
            foreach (var job in await UnsettledAsync(intake))
                await intake.SettleAsync(job, await store.FindAsync(job), CancellationToken.None);
        }
    }

    /// <summary>
    /// Another server is gone: what it left of jobs that have ended is settled. What servers that live are about to settle may be
    /// among it, and comes out the same. Returns at once.
    /// </summary>
    public void SettleLeft()
    {
        foreach (var intake in _intakes.Values)
            Begin(() => SettleLeftPatientlyAsync(intake));
    }

    static async Task<List<JobId>> UnsettledAsync(IResultIntake intake)
    {
        // All first: the next page begins behind a job that is still unsettled.
        List<JobId> unsettled = [];
        IReadOnlyList<JobId> page;
        do
        {
            page = await intake.UnsettledAsync(unsettled.Count > 0 ? unsettled[^1] : null, StartPage);
            unsettled.AddRange(page);
        }
        while (page.Count == StartPage);
        return unsettled;
    }

    public async ValueTask DisposeAsync()
    {
        Task[] settling;
        lock (_gate)
        {
            _stopping.Cancel();
            settling = [.. _settling];
        }

        await Task.WhenAll(settling);
        _stopping.Dispose();
    }

    Task SettlePatientlyAsync(IResultIntake intake, JobId job) =>
        PatientlyAsync(async () => await intake.SettleAsync(job, await store.FindAsync(job), _stopping.Token));

    Task SettleLeftPatientlyAsync(IResultIntake intake) => PatientlyAsync(async () =>
    {
        foreach (var job in await UnsettledAsync(intake))
        {
            _stopping.Token.ThrowIfCancellationRequested();
            if (await store.FindAsync(job) is var stored && (stored is null || stored.State.IsFinished()))
                await intake.SettleAsync(job, stored, _stopping.Token);
        }
    });

    async Task PatientlyAsync(Func<Task> settle)
    {
        for (var delay = RetryDelay; !_stopping.IsCancellationRequested; delay = delay * 2 < RetryDelayMax ? delay * 2 : RetryDelayMax)
        {
            try
            {
                await settle();
                return;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return; // The next start settles it.
            }
            catch (StoreFailedException error)
            {
                tellFailed?.Invoke("the settling of a result", error);
            }

            await Task.Delay(delay, clock, _stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    void Forget(Task settled)
    {
        lock (_gate)
            _settling.Remove(settled);
        if (settled.Exception?.InnerException is { } error)
            tellFailed?.Invoke("the settling of a result", error);
    }

    void Discard(AttemptEnd.Finished finished)
    {
        foreach (var file in finished.Files)
            files.Discard(file);
    }
}
