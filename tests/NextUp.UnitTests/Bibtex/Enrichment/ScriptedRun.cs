using System.Text;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.UnitTests.Bibtex.Enrichment;

/// <summary>An attempt that remembers everything, and whose checkpoints can be handed to the next attempt.</summary>
sealed class ScriptedRun(string bib, string? options = null, ScriptedRun? before = null) : IJobRun
{
    public Dictionary<string, byte[]> Checkpoints { get; } = before?.Checkpoints ?? [];

    public List<string> Lines { get; } = [];

    public List<JobProgress> Reported { get; } = [];

    /// <summary>The number of the save that fails, from 1; 0 never does.</summary>
    public int FailingSave { get; init; }

    public int Saves { get; private set; }

    public JobId Job { get; } = new(Guid.Empty);

    public UserId User { get; } = UserId.Account("ada");

    public int Attempt { get; } = (before?.Attempt ?? 0) + 1;

    public string FileName { get; init; } = "refs.bib";

    public string? Options => options;

    public TimeProvider Clock { get; } = TimeProvider.System;

    public string Workspace => throw new NotSupportedException("The processor needs no folder");

    public ValueTask<Stream> OpenInputAsync(CancellationToken cancellationToken) => new(new MemoryStream(Encoding.UTF8.GetBytes(bib)));

    public void Report(JobProgress progress) => Reported.Add(progress);

    public void Log(string line) => Lines.Add(line);

    public ValueTask<byte[]?> LoadCheckpointAsync(string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Checkpoints.GetValueOrDefault(name));

    public ValueTask SaveCheckpointAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (++Saves == FailingSave) throw new IOException("The store is away");
        Checkpoints[name] = content.ToArray();
        return ValueTask.CompletedTask;
    }
}

/// <summary>The files of a finished job, read.</summary>
sealed class FinishedJob
{
    public FinishedJob(JobOutcome outcome)
    {
        var done = Assert.IsType<JobOutcome.Done>(outcome);
        Files = done.Files;
        Bib = Encoding.UTF8.GetString(File(FileRole.Result));
        Report = JsonDocument.Parse(File(FileRole.Report)).RootElement;
        Difference = JsonDocument.Parse(File(FileRole.Diff)).RootElement;
        Summary = JsonDocument.Parse(done.Summary).RootElement;
    }

    public IReadOnlyList<ResultFile> Files { get; }

    public string Bib { get; }

    public JsonElement Report { get; }

    public JsonElement Difference { get; }

    public JsonElement Summary { get; }

    public JsonElement Entry(int index) => Report.GetProperty("entries")[index];

    public string? Outcome(int index) => Entry(index).GetProperty("outcome").GetString();

    byte[] File(FileRole role) => Files.Single(file => file.Role == role).Content!;
}
