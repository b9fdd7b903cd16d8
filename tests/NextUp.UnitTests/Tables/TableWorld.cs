using System.Text;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Actors.Users;
using NextUp.Processors.Tables.Importing;
using NextUp.Processors.Tables.Reading;
using NextUp.Storage.Sql.Records;
using NextUp.Storage.Sql.Side;
using NextUp.Storage.Sqlite.Side;
using NextUp.UnitTests.Server;

namespace NextUp.UnitTests.Tables;

/// <summary>The real processor on a real store of records, with attempts that are begun, cut off and settled by hand.</summary>
sealed class TableWorld : IDisposable
{
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryFolder _folder = new();
    readonly SideStores _stores;

    public TableWorld(TablesLimits? limits = null)
    {
        _stores = SqliteSideStores.Open(_folder.Path);
        Processor = new TablesProcessor(Store, new WorkbookHere(), limits ?? new());
    }

    public SqlRecordStore Store => _stores.Records;

    public TablesProcessor Processor { get; }

    public UserId User { get; } = UserId.Account("ada");

    public string Folder => _folder.Path;

    public void Dispose()
    {
        _stores.Dispose();
        _folder.Dispose();
    }

    /// <summary>A job from its submission to its settled end.</summary>
    public async Task<Imported> ImportAsync(string fileName, byte[] content, string? options = null)
    {
        var job = JobId.New(Noon);
        return await EndAsync(job, await AttemptAsync(job, 1, fileName, content, options));
    }

    public Task<Imported> ImportAsync(string fileName, string content, string? options = null) =>
        ImportAsync(fileName, Encoding.UTF8.GetBytes(content), options);

    public async Task<Imported> EndAsync(JobId job, JobOutcome outcome)
    {
        if (outcome is JobOutcome.Done)
            await Store.StoreAsync(job, User, Noon);
        else
            await Store.DropAsync(job, Noon);
        return new Imported(job, outcome, await Store.FindImportAsync(User, job));
    }

    public Task<JobOutcome> AttemptAsync(JobId job, int attempt, string fileName, byte[] content, string? options) =>
        UntilStoppedAsync(job, attempt, fileName, content, options, CancellationToken.None);

    /// <summary>An attempt that may be asked to stop.</summary>
    public Task<JobOutcome> UntilStoppedAsync(
        JobId job, int attempt, string fileName, byte[] content, string? options, CancellationToken cancellationToken) =>
        Processor.RunAsync(
            new Attempt(job, User, attempt, fileName, content, options, Path.Combine(_folder.Path, $"work-{attempt}-{job}")),
            cancellationToken);

    public async Task<IReadOnlyList<JsonElement>> RecordsAsync(string table)
    {
        var records = new List<JsonElement>();
        RowPlace? after = null;
        while (await Store.RecordsAsync(User, table, null, after, 1_000) is { Count: > 0 } some)
        {
            foreach (var record in some)
            {
                using var content = JsonDocument.Parse(record.Content);
                records.Add(content.RootElement.Clone());
            }

            after = some[^1].Place;
        }

        return records;
    }

    public async Task<IReadOnlyList<RowError>> ErrorsAsync(JobId job) =>
        [.. (await Store.RejectedAsync(User, job, 0, 100_000)).SelectMany(RejectedFile.ErrorsOf)];

    public async Task<PreviewReading> PreviewAsync(string fileName, byte[] content, string? options = null) =>
        await ImportPreview.OfAsync(
            Store, new WorkbookHere(), User, fileName, new MemoryStream(content), options,
            () => Directory.CreateDirectory(Path.Combine(_folder.Path, "preview")).FullName, CancellationToken.None);

    public Task<PreviewReading> PreviewAsync(string fileName, string content, string? options = null) =>
        PreviewAsync(fileName, Encoding.UTF8.GetBytes(content), options);
}

/// <summary>What became of one import.</summary>
sealed record Imported(JobId Job, JobOutcome Outcome, TableImport? Import)
{
    public ImportCounts Counts => Import!.Counts;

    public string Reason => Assert.IsType<JobOutcome.GiveUp>(Outcome).Reason;

    public string Rejected => File.ReadAllText(Assert.IsType<JobOutcome.Done>(Outcome).Files.Single(file =>
        file.Role == FileRole.Result).Path!);
}

/// <summary>Reads workbooks in this process: what the other process does, without it.</summary>
sealed class WorkbookHere : IWorkbookReader
{
    public Task<WorkbookAnswer> ReadAsync(
        Stream workbook, string workspace, string? sheet, CancellationToken cancellationToken)
    {
        var path = Path.Combine(workspace, $"rows-{Guid.NewGuid():N}.jsonl");
        workbook.Position = 0;
        using var rows = File.Create(path);
        return Task.FromResult<WorkbookAnswer>(
            WorkbookRows.Write(workbook, rows, sheet) is { } reason ? new WorkbookAnswer.Refused(reason) : new WorkbookAnswer.Read(path));
    }
}

sealed class Attempt(
    JobId job, UserId user, int number, string fileName, byte[] content, string? options, string workspace) : IJobRun
{
    public JobId Job => job;

    public UserId User => user;

    int IJobRun.Attempt => number;

    public string FileName => fileName;

    public string? Options => options;

    public TimeProvider Clock => TimeProvider.System;

    public string Workspace => Directory.CreateDirectory(workspace).FullName;

    public ValueTask<Stream> OpenInputAsync(CancellationToken cancellationToken) => new(new MemoryStream(content));

    public void Report(JobProgress progress) => Assert.InRange(progress.Percent, 0, 100);

    public void Log(string line) => Assert.NotEmpty(line);

    public ValueTask<byte[]?> LoadCheckpointAsync(string name, CancellationToken cancellationToken) =>
        throw new NotSupportedException("An import's checkpoint is with its rows.");

    public ValueTask SaveCheckpointAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        throw new NotSupportedException("An import's checkpoint is with its rows.");
}
