using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.UnitTests.Exams;

/// <summary>An attempt that keeps what its processor says.</summary>
/// <param name="kept">What attempts leave for each other; null for a first one.</param>
sealed class ExamRun(string folder, byte[] upload, string? options, Dictionary<string, byte[]>? kept = null) : IJobRun
{
    readonly Dictionary<string, byte[]> _kept = kept ?? [];

    public List<JobProgress> Told { get; } = [];

    /// <summary>What happens at a report: a test may let the attempt be lost there.</summary>
    public Action<JobProgress>? AtReport { get; init; }

    public List<string> Lines { get; } = [];

    public JobId Job { get; } = JobId.New(DateTimeOffset.UnixEpoch);

    public UserId User { get; } = new("a:ann");

    public int Attempt => 1;

    public string FileName => "paper.pdf";

    public string? Options => options;

    public TimeProvider Clock => TimeProvider.System;

    public string Workspace { get; } = Directory.CreateDirectory(Path.Combine(folder, $"run-{Guid.NewGuid():N}")).FullName;

    public ValueTask<Stream> OpenInputAsync(CancellationToken cancellationToken) => new(new MemoryStream(upload));

    public void Report(JobProgress progress)
    {
        Told.Add(progress);
        AtReport?.Invoke(progress);
    }

    public void Log(string line) => Lines.Add(line);

    public ValueTask<byte[]?> LoadCheckpointAsync(string name, CancellationToken cancellationToken) =>
        new(_kept.GetValueOrDefault(name));

    public ValueTask SaveCheckpointAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _kept[name] = content.ToArray();
        return default;
    }
}
