using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Hosting.Intakes;

namespace NextUp.Hosting.InProcess;

/// <summary>Runs attempts on this machine's threads, each in a folder of its own.</summary>
public sealed class JobRunner(
    IJobStore store, IFileStore files, IReadOnlyDictionary<JobKind, IJobProcessor> processors, string workspaces, TimeProvider clock,
    ResultIntakes? intakes = null) : IJobRunner
{
    /// <summary>The largest file that a job may hand back: 1 GiB.</summary>
    public const long ResultBytesMax = 1L << 30;

    readonly RunTimes _times = new();

    public Task<AttemptEnd> RunAsync(JobRecord job, CancellationToken cancellationToken) =>
        // The work must not run in the turns of the actor that waits for it.
        Task.Run(() => RunTimedAsync(job, cancellationToken), CancellationToken.None);

    public void Ended(JobRecord job) => intakes?.Ended(job);

    public TimeSpan? Typical(JobKind kind) => _times.Of(kind);

    async Task<AttemptEnd> RunTimedAsync(JobRecord job, CancellationToken asked)
    {
        var begun = clock.GetTimestamp();
        var end = await RunOnPoolAsync(job, asked);
        _times.Took(job.Kind, clock.GetElapsedTime(begun));
        return end;
    }

    async Task<AttemptEnd> RunOnPoolAsync(JobRecord job, CancellationToken asked)
    {
        if (!processors.TryGetValue(job.Kind, out var processor))
            return new AttemptEnd.Finished(new JobOutcome.GiveUp($"This server does not work on jobs of kind {job.Kind}."), []);

        using var stopping = new CancellationTokenSource();
        // Whoever asks the work to stop does not carry out what it does about that.
        await using var asking = asked.UnsafeRegister(
            static source => _ = ((CancellationTokenSource)source!).CancelAsync(), stopping);
        await using var run = new JobRun(store, files, job, Path.Combine(workspaces, $"{job.Id}-{job.Attempt}"), clock, stopping);
        try
        {
            var outcome = await processor.RunAsync(run, stopping.Token);
            await run.FlushAsync();
            var results = outcome is JobOutcome.Done done ? await StageAsync(done.Files, stopping.Token) : [];
            var end = new AttemptEnd.Finished(outcome, results);
            return intakes is null ? end : await intakes.TakeAsync(job, end, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return new AttemptEnd.Stopped();
        }
        catch (UploadGoneException gone)
        {
            return new AttemptEnd.Finished(new JobOutcome.GiveUp(gone.Message), []);
        }
#pragma warning disable CA1031 // The one boundary that turns any fault of the work into a retry of the job.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new AttemptEnd.Faulted($"{error.GetType().Name}: {error.Message}");
        }
    }

    async Task<IReadOnlyList<StagedFile>> StageAsync(IReadOnlyList<ResultFile> results, CancellationToken cancellationToken)
    {
        List<StagedFile> staged = new(results.Count);
        try
        {
            foreach (var file in results)
            {
                await using Stream content = file.Path is { } path ? File.OpenRead(path) : new MemoryStream(file.Content ?? []);
                staged.Add(await files.StageAsync(
                    file.Role, file.Name, file.ContentType, content, ResultBytesMax, cancellationToken));
            }

            return staged;
        }
        catch
        {
            staged.ForEach(files.Discard);
            throw;
        }
    }
}
