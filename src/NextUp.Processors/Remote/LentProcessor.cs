using NextUp.Actors.Jobs;

namespace NextUp.Processors.Remote;

/// <summary>
/// Stands for the work of a kind that this program knows nothing of: workers elsewhere do it, in whatever language. It
/// takes any file that is not empty; what is in it is between the one who sends it and the worker.
/// </summary>
public sealed class LentProcessor(JobKind kind) : IJobProcessor
{
    public JobKind Kind => kind;

    public ValueTask<UploadVerdict> CheckAsync(string fileName, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        UploadVerdict verdict = content.Length > 0
            ? new UploadVerdict.Fit(null)
            : new UploadVerdict.Unfit($"\"{fileName}\" is empty. Send a file that has something in it.");
        return new(verdict);
    }

    /// <summary>Only a job that was started here before its kind was lent gets here.</summary>
    public Task<JobOutcome> RunAsync(IJobRun run, CancellationToken cancellationToken) => Task.FromResult<JobOutcome>(
        new JobOutcome.GiveUp($"Jobs of kind {kind} are worked on by workers elsewhere, not by the server itself."));
}
