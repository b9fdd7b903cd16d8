using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.UnitTests.Exams;

/// <summary>An attempt that keeps what its processor says.</summary>
sealed class ExamRun(string folder, byte[] upload, string? options) : IJobRun
{
    public List<JobProgress> Told { get; } = [];

    public List<string> Lines { get; } = [];

    public JobId Job { get; } = JobId.New(DateTimeOffset.UnixEpoch);

    public UserId User { get; } = new("a:ann");

    public int Attempt => 1;

    public string FileName => "paper.pdf";

    public string? Options => options;

    public TimeProvider Clock => TimeProvider.System;

    public string Workspace { get; } = Directory.CreateDirectory(Path.Combine(folder, $"run-{Guid.NewGuid():N}")).FullName;

    public ValueTask<Stream> OpenInputAsync(CancellationToken cancellationToken) => new(new MemoryStream(upload));

    public void Report(JobProgress progress) => Told.Add(progress);

    public void Log(string line) => Lines.Add(line);

    public ValueTask<byte[]?> LoadCheckpointAsync(string name, CancellationToken cancellationToken) => new((byte[]?)null);

    public ValueTask SaveCheckpointAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => default;
}
