using NextUp.Actors;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Workers;
using NextUp.Hosting.Intakes;

namespace NextUp.Hosting.Workers;

/// <summary>
/// Between workers elsewhere and the actors. To a job's actor it is a runner: an attempt under a lease "runs" here until
/// its worker reports its end, or is lost by the rules of <see cref="LeaseBook"/>. To workers it is the one they talk to.
///
/// Nothing here is the truth. A lease is in the job's row from the commit of its start; if we die, the queue's successor
/// finds the job processing, its actor has it watched again, and the worker goes on with whoever answers. What a worker
/// says of an attempt that is not watched (yet) is held against the store.
/// </summary>
/// <param name="here">Runs what is worked on in this process.</param>
/// <param name="intakes">Where results of some kinds are kept beside their files; null where none are.</param>
/// <param name="term">How long a worker may be silent before its attempt is cut off.</param>
public sealed partial class LeaseDesk(
    IJobRunner here, IJobStore store, IFileStore files, TimeProvider clock, TimeSpan term, ResultIntakes? intakes = null)
    : IJobRunner, IDisposable
{
    /// <summary>How soon a waiting worker hears that it has to stop, and how exactly a term is measured.</summary>
    static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    readonly Lock _gate = new();
    readonly LeaseBook _book = new(term);
    readonly Dictionary<JobId, Watched> _watched = [];
    readonly Dictionary<WorkerId, Listening> _listening = [];
    ITimer? _look;
    IActorDirectory? _actors;
    bool _isStopping;
    long _asks;

    sealed class Watched(JobRecord job, CancellationToken stop)
    {
        public JobRecord Job => job;

        public bool IsAskedToStop => stop.IsCancellationRequested;

        public bool IsToldToStop { get; set; }

        public JobProgress Progress { get; set; } = job.Progress;

        public int Lines { get; set; }

        public TaskCompletionSource<AttemptEnd> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    sealed class Listening(int offers)
    {
        public int Offers => offers;

        public TaskCompletionSource Word { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public TimeSpan Term => term;

    /// <summary>Who works for this server: what each does, holds and waits for.</summary>
    public IReadOnlyList<KnownWorker> Workers()
    {
        lock (_gate)
        {
            return [.. _book.Workers(clock.GetUtcNow())
                .Select(worker => new KnownWorker(worker, _listening.GetValueOrDefault(worker.Worker)?.Offers ?? 0))];
        }
    }

    /// <summary>Whether the attempt's lease is watched here; from the turn on in which its actor starts or recovers it.</summary>
    public bool IsWatching(JobId job, int attempt)
    {
        lock (_gate)
            return _watched.TryGetValue(job, out var watched) && watched.Job.Attempt == attempt;
    }

    /// <summary>Whom to ask for jobs; set once, before the first worker is answered.</summary>
    public void Serve(IActorDirectory actors) => _actors = actors;

    /// <summary>Every worker that waits is answered now, so that a server that stops need not wait for them.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
            foreach (var listening in _listening.Values)
                listening.Word.TrySetResult();
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _look?.Dispose();
    }

    public Task<AttemptEnd> RunAsync(JobRecord job, CancellationToken cancellationToken)
    {
        if (job.Lease is null)
            return here.RunAsync(job, cancellationToken);

        lock (_gate)
        {
            if (_watched.TryGetValue(job.Id, out var older))
                Let(older, new AttemptEnd.Stopped());
            var watched = new Watched(job, cancellationToken);
            _watched.Add(job.Id, watched);
            if (!_book.Hold(job, clock.GetUtcNow()))
                Let(watched, BeganAnew(job));
            else
                _look ??= clock.CreateTimer(_ => Look(), null, LookInterval, LookInterval);
            return watched.End.Task;
        }
    }

    public void Ended(JobRecord job) => here.Ended(job);

    public TimeSpan? Typical(JobKind kind) => here.Typical(kind);

    /// <summary>Cuts off who was silent for too long, and tells those that listen to stop where that is asked for.</summary>
    void Look()
    {
        lock (_gate)
        {
            foreach (var job in _book.RunOut(clock.GetUtcNow()))
            {
                var silent = $"The worker {NameOf(job)} was not heard of for {term.TotalSeconds:0.##} seconds.";
                Let(_watched[job.Id], new AttemptEnd.Lost(silent));
            }

            foreach (var watched in _watched.Values)
            {
                if (watched is { IsAskedToStop: true, IsToldToStop: false }
                    && _listening.TryGetValue(watched.Job.Lease!.Worker, out var listening))
                    listening.Word.TrySetResult();
            }

            if (_watched.Count > 0)
                return;
            _look?.Dispose();
            _look = null;
        }
    }

    /// <summary>The attempt is no longer watched; where its actor still waits for an end, this is it.</summary>
    void Let(Watched watched, AttemptEnd end)
    {
        _book.Release(watched.Job.Id, watched.Job.Attempt);
        _watched.Remove(watched.Job.Id);
        watched.End.TrySetResult(end);
    }

    static AttemptEnd.Lost BeganAnew(JobRecord job) => new($"The worker {NameOf(job)} was started anew while the job ran.");

    /// <summary>The worker's own name; whose token it showed is not for the job's user.</summary>
    static string NameOf(JobRecord job) => job.Lease!.Worker.Name;

    IActorDirectory Actors => _actors ?? throw new InvalidOperationException("The desk serves nobody yet.");
}
