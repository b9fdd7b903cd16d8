using NextUp.Actors.Jobs;

namespace NextUp.Server;

/// <summary>
/// A processor that can be replaced while it works: what has begun with the old one ends with it, what begins later takes
/// the new one. What an old one kept open is closed after its last call.
/// </summary>
sealed class RenewableProcessor(IJobProcessor first, IDisposable keepsOpen) : IJobProcessor, IDisposable
{
    readonly Lock _lock = new();
    Generation _current = new(first, keepsOpen);

    sealed class Generation(IJobProcessor processor, IDisposable keepsOpen)
    {
        public IJobProcessor Processor => processor;

        public int Calls { get; set; }

        public bool IsRetired { get; set; }

        public void Close() => keepsOpen.Dispose();
    }

    public JobKind Kind => first.Kind;

    public async ValueTask<UploadVerdict> CheckAsync(string fileName, Stream content, CancellationToken cancellationToken)
    {
        var generation = Enter();
        try
        {
            return await generation.Processor.CheckAsync(fileName, content, cancellationToken);
        }
        finally
        {
            Leave(generation);
        }
    }

    public async Task<JobOutcome> RunAsync(IJobRun run, CancellationToken cancellationToken)
    {
        var generation = Enter();
        try
        {
            return await generation.Processor.RunAsync(run, cancellationToken);
        }
        finally
        {
            Leave(generation);
        }
    }

    public void Renew(IJobProcessor processor, IDisposable keepsOpen)
    {
        Generation old;
        bool isIdle;
        lock (_lock)
        {
            (old, _current) = (_current, new(processor, keepsOpen));
            old.IsRetired = true;
            isIdle = old.Calls == 0;
        }

        if (isIdle)
            old.Close();
    }

    /// <summary>Closes what the newest keeps open; nobody may call any more.</summary>
    public void Dispose() => _current.Close();

    Generation Enter()
    {
        lock (_lock)
        {
            _current.Calls++;
            return _current;
        }
    }

    void Leave(Generation generation)
    {
        bool isOver;
        lock (_lock)
            isOver = --generation.Calls == 0 && generation.IsRetired;
        if (isOver)
            generation.Close();
    }
}
