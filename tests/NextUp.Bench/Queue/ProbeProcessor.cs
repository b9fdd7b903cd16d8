using System.Collections.Concurrent;
using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.Bench.Queue;

/// <summary>Work that counts: how many ran, how many of one user at once, and whether each user's came in order.</summary>
sealed class ProbeProcessor(TimeSpan work, int? activePerUserMax) : IJobProcessor
{
    public static readonly JobKind ProbeKind = new("probe");
    static readonly JobOutcome Done = new JobOutcome.Done("{}", []);

    readonly ConcurrentDictionary<UserId, int> _active = new();
    int _done;
    int _limitBreaks;
    int _target;
    TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JobKind Kind => ProbeKind;

    public int LimitBreaks => _limitBreaks;

    /// <summary>Called with each job as it starts.</summary>
    public Action<IJobRun>? Started { get; set; }

    /// <summary>Completes when that many more jobs have run.</summary>
    public Task After(int jobs)
    {
        _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _target, Volatile.Read(ref _done) + jobs);
        return _reached.Task;
    }

    public ValueTask<UploadVerdict> CheckAsync(string fileName, Stream content, CancellationToken cancellationToken) =>
        new(new UploadVerdict.Fit(1));

    public async Task<JobOutcome> RunAsync(IJobRun run, CancellationToken cancellationToken)
    {
        Started?.Invoke(run);
        if (_active.AddOrUpdate(run.User, 1, static (_, active) => active + 1) > (activePerUserMax ?? int.MaxValue))
            Interlocked.Increment(ref _limitBreaks);
        if (work > TimeSpan.Zero)
            await Task.Delay(work, TimeProvider.System, cancellationToken);
        _active.AddOrUpdate(run.User, 0, static (_, active) => active - 1);
        if (Interlocked.Increment(ref _done) == Volatile.Read(ref _target))
            _reached.TrySetResult();
        return Done;
    }
}
