using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Hosting.InProcess;

/// <summary>
/// One attempt as its processor sees it. Progress and log lines gather here and are stored together, at most once every
/// <see cref="FlushInterval"/>; each store carries the attempt, and a refusal means that the attempt is over.
/// </summary>
sealed class JobRun(
    IJobStore store, IFileStore files, JobRecord job, string workspace, TimeProvider clock, CancellationTokenSource stopping)
    : IJobRun, IAsyncDisposable
{
    static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long an attempt waits for a store that is away, before it has failed. The store may be back, or the attempt be taken
    /// elsewhere, long before.
    /// </summary>
    static readonly TimeSpan StorePatience = TimeSpan.FromMinutes(1);

    static readonly TimeSpan StoreRetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>A longer line is cut.</summary>
    const int LineLengthMax = 1_000;

    /// <summary>Lines a single attempt may log; what is beyond is dropped and said so once.</summary>
    const int LinesMax = 20_000;

    readonly Lock _gate = new();
    readonly SemaphoreSlim _flushing = new(1, 1);
    List<string> _lines = [];
    JobProgress _progress = job.Progress;
    int _lineCount;
    bool _isDirty;
    bool _isFlushDue;
    bool _hasWorkspace;

    public JobId Job => job.Id;

    public UserId User => job.User;

    public int Attempt => job.Attempt;

    public string FileName => job.FileName;

    public string? Options => job.Options;

    public TimeProvider Clock => clock;

    public string Workspace
    {
        get
        {
            _hasWorkspace = true;
            return Directory.CreateDirectory(workspace).FullName;
        }
    }

    public async ValueTask<Stream> OpenInputAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var original = await PatientlyAsync(() => store.FindFileAsync(job.Sequence, FileRole.Original), cancellationToken);
        return files.Open(original ?? throw new UploadGoneException());
    }

    public void Report(JobProgress progress)
    {
        lock (_gate)
        {
            var isBack = progress.Percent < _progress.Percent;
            _progress = isBack ? progress with { Percent = _progress.Percent } : progress;
        }

        MarkDirty();
    }

    public void Log(string line)
    {
        lock (_gate)
        {
            if (++_lineCount > LinesMax)
                return;
            var text = _lineCount == LinesMax ? $"(more than {LinesMax} lines; the rest is left out)" : line;
            _lines.Add(text.Length <= LineLengthMax ? text : text[..LineLengthMax]);
        }

        MarkDirty();
    }

    public async ValueTask<byte[]?> LoadCheckpointAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await PatientlyAsync(() => store.LoadCheckpointAsync(job.Sequence, name), cancellationToken);
    }

    async Task<T> PatientlyAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        for (var begun = clock.GetTimestamp(); ;)
        {
            try
            {
                return await ask();
            }
            catch (StoreFailedException) when (clock.GetElapsedTime(begun) < StorePatience)
            {
                await Task.Delay(StoreRetryDelay, clock, cancellationToken);
            }
        }
    }

    public async ValueTask SaveCheckpointAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await CommitAsync(new Change.Checkpoint(job.Sequence, job.Attempt, name, content));
    }

    /// <summary>Stores what has gathered, if anything has.</summary>
    public async Task FlushAsync()
    {
        await _flushing.WaitAsync();
        try
        {
            Change.Report report;
            lock (_gate)
            {
                _isFlushDue = false;
                if (!_isDirty)
                    return;
                _isDirty = false;
                report = new(job.Sequence, job.Attempt, clock.GetUtcNow(), _progress, _lines);
                _lines = [];
            }

            await CommitAsync(report);
        }
        finally
        {
            _flushing.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_hasWorkspace && Directory.Exists(workspace))
            Directory.Delete(workspace, recursive: true);
        return default;
    }

    void MarkDirty()
    {
        lock (_gate)
        {
            _isDirty = true;
            if (_isFlushDue)
                return;
            _isFlushDue = true;
        }

        _ = FlushSoonAsync();
    }

    async Task FlushSoonAsync()
    {
        try
        {
            await Task.Delay(FlushInterval, clock, stopping.Token);
            await FlushAsync();
        }
        catch (Exception error) when (error is OperationCanceledException or StoreFailedException or ObjectDisposedException)
        {
            // Nothing is lost that anybody was promised: progress is shown again with the next report.
        }
    }

    async Task CommitAsync(Change change)
    {
        // What may have been stored is stored again: a checkpoint is the same, and of a report lines come twice at worst.
        if (await PatientlyAsync(() => store.CommitAsync(new([change])), stopping.Token) is CommitAnswer.Committed)
            return;
        await stopping.CancelAsync();
        throw new OperationCanceledException("The attempt is over: it was cancelled, timed out, or another has taken over.");
    }
}
