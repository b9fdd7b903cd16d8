using System.Diagnostics;
using System.Globalization;
using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Actors.Users;
using NextUp.Bench.Store;
using NextUp.Processors.Tables.Importing;
using NextUp.Processors.Tables.Reading;
using NextUp.Storage.Sqlite.Side;

namespace NextUp.Bench.Tables;

/// <summary>
/// A file of eight columns is imported as the server does it, rows=1000000, 2 % of them wrong: with types inferred, with a
/// profile that has a key and a unique column, and the same where their values come in no order. Rows a second from the first
/// byte to visible records, and the peak of memory. batch= says how many rows are one transaction.
/// </summary>
static class TableImports
{
    const string Keyed = """
        {"columns":[{"name":"id","type":"integer","key":true},{"name":"name"},{"name":"mail","unique":true},
        {"name":"amount","type":"decimal"},{"name":"day","type":"date"},{"name":"flag","type":"boolean"},{"name":"zip"},
        {"name":"note"}],"table":"TABLE"}
        """;

    /// <summary>Odd, so that it makes of numbers below 2^32 as many others, far apart.</summary>
    const uint Scatter = 2_654_435_761;

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var rows = Arguments.Int(arguments, "rows", 1_000_000);
        var batch = Arguments.Int(arguments, "batch", new TablesLimits().BatchRows);
        using var folder = new BenchFolder();
        var file = Path.Combine(folder.Path, "rows.csv");
        var mixed = Path.Combine(folder.Path, "mixed.csv");
        await WriteAsync(file, rows, static i => i);
        await WriteAsync(mixed, rows, static i => unchecked(i * Scatter));
        using var stores = SqliteSideStores.Open(folder.Path);
        var store = stores.Records;
        var processor = new TablesProcessor(store, new NoWorkbooks(), new TablesLimits { BatchRows = batch });
        foreach (var (name, path, options) in new[]
        {
            ("types inferred", file, """{"table":"plain"}"""),
            ("key and unique column", file, Keyed.Replace("TABLE", "keyed", StringComparison.Ordinal)),
            ("key and unique column in no order", mixed, Keyed.Replace("TABLE", "mixed", StringComparison.Ordinal)),
        })
        {
            var run = new Attempt(path, options, Path.Combine(folder.Path, name));
            var watch = Stopwatch.StartNew();
            var outcome = await processor.RunAsync(run, CancellationToken.None);
            if (outcome is not JobOutcome.Done)
                throw new InvalidOperationException($"{outcome}");
            await store.StoreAsync(run.Job, run.User, TimeProvider.System.GetUtcNow());
            var counts = (await store.FindImportAsync(run.User, run.Job))!.Counts;
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"tables, {name}: {rows / watch.Elapsed.TotalSeconds:N0} rows/s ({counts.Total:N0} rows, {counts.Inserted:N0} stored, "
                + $"{counts.Rejected:N0} rejected; peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB)"));
        }
    }

    static async Task WriteAsync(string path, int rows, Func<uint, uint> number)
    {
        await using var file = new StreamWriter(path, false, new UTF8Encoding(false));
        await file.WriteAsync("id,name,mail,amount,day,flag,zip,note\n");
        for (var n = 0; n < rows; n++)
        {
            var i = number((uint)n);
            await file.WriteAsync(
                $"{(n % 50 == 7 ? "x" : "")}{i},Name {i},u{i}@example.org,{i % 1000}.{i % 100:00},2024-{(i % 12) + 1:00}-{(i % 28) + 1:00},"
                + $"{(i % 2 == 0 ? "true" : "false")},0{(i % 9000) + 1000},\"a note, {i}\"\n");
        }
    }

    sealed class NoWorkbooks : IWorkbookReader
    {
        public Task<WorkbookAnswer> ReadAsync(Stream workbook, string workspace, string? sheet, CancellationToken cancellationToken) =>
            throw new NotSupportedException("The file is separated text.");
    }

    sealed class Attempt(string file, string options, string workspace) : IJobRun
    {
        public JobId Job { get; } = JobId.New(TimeProvider.System.GetUtcNow());

        public UserId User { get; } = UserId.Account("bench");

        int IJobRun.Attempt => 1;

        public string FileName => "rows.csv";

        public string? Options => options;

        public TimeProvider Clock => TimeProvider.System;

        public string Workspace => Directory.CreateDirectory(workspace).FullName;

        public ValueTask<Stream> OpenInputAsync(CancellationToken cancellationToken) => new(File.OpenRead(file));

        public void Report(JobProgress progress)
        {
        }

        public void Log(string line)
        {
        }

        public ValueTask<byte[]?> LoadCheckpointAsync(string name, CancellationToken cancellationToken) => new((byte[]?)null);

        public ValueTask SaveCheckpointAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => default;
    }
}
