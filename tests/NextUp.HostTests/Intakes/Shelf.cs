using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.HostTests.Behaviour;

namespace NextUp.HostTests.Intakes;

/// <summary>An intake that keeps what it takes as a database would, over the death of a process, and fails when it is told.</summary>
sealed class Shelf : IResultIntake
{
    readonly Lock _gate = new();
    readonly SortedDictionary<Guid, int> _aside = [];
    readonly Dictionary<JobId, int> _visible = [];

    public JobKind Kind => World.Kind;

    /// <summary>What the next takes say, one each; then they take.</summary>
    public Queue<IntakeAnswer> Answers { get; } = new();

    /// <summary>So many takes, and so many settlings, find the store away.</summary>
    public int TakesFailing { get; set; }

    public int SettlingsFailing { get; set; }

    /// <summary>Held back takes go on when it is done.</summary>
    public Task? Gate { get; set; }

    public int TakesAtOnceMax { get; private set; }

    int _takesNow;
    int _settlings;

    public int Settlings => Volatile.Read(ref _settlings);

    public int Aside
    {
        get
        {
            lock (_gate)
                return _aside.Count;
        }
    }

    /// <summary>The attempt whose result everyone sees; null where there is none.</summary>
    public int? VisibleOf(JobRecord job)
    {
        lock (_gate)
            return _visible.TryGetValue(job.Id, out var attempt) ? attempt : null;
    }

    /// <summary>What an earlier process left.</summary>
    public void Left(JobId job, int attempt)
    {
        lock (_gate)
            _aside[job.Value] = attempt;
    }

    public async Task<IntakeAnswer> TakeAsync(JobRecord job, IReadOnlyList<StagedFile> files, CancellationToken cancellationToken)
    {
        lock (_gate)
            TakesAtOnceMax = Math.Max(TakesAtOnceMax, ++_takesNow);
        try
        {
            await (Gate?.WaitAsync(cancellationToken) ?? Task.CompletedTask);
            lock (_gate)
            {
                if (TakesFailing-- > 0)
                    throw new StoreFailedException("The shelf is away.", isUncertain: false);
                if (Answers.TryDequeue(out var answer))
                    return answer;
                _aside[job.Id.Value] = job.Attempt;
                return new IntakeAnswer.Taken();
            }
        }
        finally
        {
            lock (_gate)
                _takesNow--;
        }
    }

    public Task SettleAsync(JobId job, JobRecord? stored, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _settlings++;
            if (SettlingsFailing-- > 0)
                throw new StoreFailedException("The shelf is away.", isUncertain: false);
            if (stored is not null && !stored.State.IsFinished())
                return Task.CompletedTask;
            if (_aside.Remove(job.Value, out var attempt) && stored is { State: JobState.Completed } && stored.Attempt == attempt)
                _visible[job] = attempt;
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<JobId>> UnsettledAsync(JobId? after, int limit)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<JobId>>(
                [.. _aside.Keys.Where(id => after is null || id.CompareTo(after.Value.Value) > 0).Take(limit).Select(id => new JobId(id))]);
        }
    }
}

/// <summary>Files that were staged; what is let go is counted.</summary>
sealed class CountedFiles : IFileStore
{
    public int Discarded { get; private set; }

    public ValueTask<StagedFile> StageAsync(
        FileRole role, string name, string contentType, Stream content, long bytesMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing is staged here.");

    public Stream Open(StagedFile file) => throw new NotSupportedException("Nothing is read here.");

    public void Discard(StagedFile file) => Discarded++;
}
