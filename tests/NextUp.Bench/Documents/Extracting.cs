using System.Diagnostics;
using System.Globalization;
using NextUp.Bench.Store;
using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Tools;

namespace NextUp.Bench.Documents;

/// <summary>
/// The files of a folder=... are read as the work of documents reads them, atOnce=1 at a time: files, pages and megabytes a
/// second by what they are, what was refused, and the peaks of memory, of this process and of the largest it started.
/// </summary>
static class Extracting
{
    const int BytesPerMegabyte = 1_000_000;

    sealed class Tally
    {
        public int Read { get; set; }

        public int Refused { get; set; }

        public int Pages { get; set; }

        public long Bytes { get; set; }

        public TimeSpan Busy { get; set; }

        public (TimeSpan Took, string Name) Slowest { get; set; }
    }

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var folder = Arguments.Text(arguments, "folder", "extraction needs folder=..., a folder with documents.");
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        using var place = new BenchFolder();
        var extractor = new DocumentExtractor(new ToolRunner(new Toolbox(), TimeProvider.System), DocumentLimits.Default);
        var tallies = new SortedDictionary<string, Tally>(StringComparer.Ordinal);
        using var children = new ChildrenPeak();
        var whole = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            files, new ParallelOptions { MaxDegreeOfParallelism = Arguments.Int(arguments, "atOnce", 1) },
            async (path, cancellationToken) =>
            {
                var begun = Stopwatch.GetTimestamp();
                var reading = await extractor.ExtractAsync(path, Path.GetFileName(path), place.Path, null, cancellationToken);
                Count(tallies, path, reading, Stopwatch.GetElapsedTime(begun));
            });

        foreach (var (format, tally) in tallies)
            await output.WriteLineAsync(Line(format, tally));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"extraction: {files.Count} files in {Stopwatch.GetElapsedTime(whole).TotalSeconds:0.0} s; peak {Peak():N0} MiB here, "
            + $"{children.Bytes >> 20:N0} MiB in {children.Name}"));
    }

    static void Count(SortedDictionary<string, Tally> tallies, string path, DocumentReading reading, TimeSpan took)
    {
        var text = (reading as DocumentReading.Extracted)?.Text;
        var format = text?.Format.ToString().ToLowerInvariant() ?? (reading is DocumentReading.Refused ? "refused" : "failed");
        lock (tallies)
        {
            if (!tallies.TryGetValue(format, out var tally))
                tallies.Add(format, tally = new());
            tally.Read += text is null ? 0 : 1;
            tally.Refused += text is null ? 1 : 0;
            tally.Pages += text?.Pages.Count ?? 0;
            tally.Bytes += new FileInfo(path).Length;
            tally.Busy += took;
            if (took > tally.Slowest.Took)
                tally.Slowest = (took, Path.GetFileName(path));
        }
    }

    static string Line(string format, Tally tally) => string.Create(
        CultureInfo.InvariantCulture,
        $"extraction, {format}: {tally.Read + tally.Refused} files, {tally.Pages} pages, "
        + $"{tally.Pages / tally.Busy.TotalSeconds:0.0} pages/s, "
        + $"{tally.Bytes / tally.Busy.TotalSeconds / BytesPerMegabyte:0.00} MB/s, slowest {tally.Slowest.Took.TotalSeconds:0.00} s "
        + $"({tally.Slowest.Name})");

    static long Peak() => Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
}
