using NextUp.Actors.Jobs;
using NextUp.Actors.Users;
using NextUp.Client;
using NextUp.Client.Wire;
using NextUp.Client.Work;

namespace NextUp.Server.Workers.Working;

/// <summary>
/// One attempt at a job of another machine's server, as its processor sees it. Progress and lines gather here until the
/// worker's next heartbeat takes them.
/// </summary>
sealed class WorkerRun(WorkClient client, LeasedJobView job, string workspace, TimeProvider clock) : IJobRun, IDisposable
{
    const string InputName = ".input";

    readonly Lock _gate = new();
    readonly CancellationTokenSource _stopping = new();
    List<string> _lines = [];
    JobProgress? _progress;
    bool _hasWorkspace;
    bool _isFetched;

    public AttemptView Held { get; } = new(job.Id, job.Attempt);

    public JobKind Kind { get; } = new(job.Kind);

    /// <summary>The submission's trace, or null.</summary>
    public string? Trace => job.Traceparent;

    /// <summary>Asked to stop, whether by the server or because the worker ends.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public DateTimeOffset? AskedToStopAt { get; private set; }

    /// <summary>The server said that the attempt is over: nothing more of it can be stored.</summary>
    public bool IsOver { get; private set; }

    public JobId Job { get; } = JobId.Parse(job.Id, null);

    /// <summary>A word that stands for the user; this machine does not learn who it is.</summary>
    public UserId User { get; } = new(job.User);

    public int Attempt => job.Attempt;

    public string FileName => job.FileName;

    public string? Options { get; } = job.Options?.GetRawText();

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
        if (job.Content is { } content)
            return new MemoryStream(content, writable: false);

        var path = Path.Combine(Workspace, InputName);
        if (!_isFetched)
        {
            await using var file = File.Create(path);
            await CallAsync(() => client.InputAsync(Held, file, cancellationToken));
            _isFetched = true;
        }

        return File.OpenRead(path);
    }

    public void Report(JobProgress progress)
    {
        lock (_gate)
            _progress = progress;
    }

    public void Log(string line)
    {
        lock (_gate)
            _lines.Add(line);
    }

    public async ValueTask<byte[]?> LoadCheckpointAsync(string name, CancellationToken cancellationToken)
    {
        byte[]? content = null;
        await CallAsync(async () => content = await client.LoadCheckpointAsync(Held, name, cancellationToken));
        return content;
    }

    public async ValueTask SaveCheckpointAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        await CallAsync(() => client.SaveCheckpointAsync(Held, name, content, cancellationToken));

    /// <summary>What is new since the last time, or null.</summary>
    public HeartbeatOf? TakeBeat()
    {
        lock (_gate)
        {
            if (_progress is null && _lines.Count == 0)
                return null;
            var beat = new HeartbeatOf(job.Id, job.Attempt)
            {
                Progress = _progress is { } told ? new(told.Done, told.Total, told.Failed, told.Percent, told.Step) : null,
                Lines = _lines.Count > 0 ? _lines : null,
            };
            (_progress, _lines) = (null, []);
            return beat;
        }
    }

    public void Stop()
    {
        lock (_gate)
            AskedToStopAt ??= clock.GetUtcNow();
        _stopping.Cancel();
    }

    public void StopAsOver()
    {
        IsOver = true;
        Stop();
    }

    public void Dispose()
    {
        _stopping.Dispose();
        if (_hasWorkspace && Directory.Exists(workspace))
            Directory.Delete(workspace, recursive: true);
    }

    async Task CallAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (NextUpProblemException over) when (over.Code == ProblemCodes.AttemptOver)
        {
            StopAsOver();
            throw new OperationCanceledException(over.Message, over, _stopping.Token);
        }
    }
}
