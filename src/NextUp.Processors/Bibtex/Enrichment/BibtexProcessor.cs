using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Processors.Bibtex.Text;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Enrichment;

/// <summary>
/// Enriches a .bib file: finds the work that each entry means and puts in what is missing.
/// </summary>
/// <remarks>
/// The entries are worked on in batches. The findings of a batch are stored before the next one starts, so an attempt
/// that follows a lost one goes on behind the last stored batch; the new file itself is made only at the end, whole, of
/// all findings. An entry is never written on a guess: see <see cref="EntryCase"/> for what speaks against a work.
///
/// A provider that is away does not stop the others; the report says for which entries it was not asked. Only where a
/// work is unknown so far and every provider beyond this machine that could know it is away, the attempt ends and is to
/// be made again, because "not found" would be a guess. With local providers alone that never happens.
/// </remarks>
public sealed class BibtexProcessor : IJobProcessor
{
    /// <summary>The kind of job.</summary>
    public static readonly JobKind BibtexKind = new("bibtex");

    /// <summary>The longest title in a line of the log, in chars.</summary>
    const int LoggedTitleLengthMax = 120;

    /// <summary>Entries after which other work gets its turn while nothing is waited for.</summary>
    const int EntriesPerTurn = 100;

    /// <summary>What of the whole is done when the last entry was looked up; the rest is making the files.</summary>
    const int PercentOfLookups = 95;

    readonly IReadOnlyList<IWorkProvider> providers;
    readonly BibtexOptions options;
    readonly TimeProvider clock;

    /// <param name="providers">In the order in which they are asked.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message names each key, its value and the way
    /// out.</exception>
    public BibtexProcessor(IReadOnlyList<IWorkProvider> providers, BibtexOptions options, TimeProvider clock)
    {
        if (options.Problems() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join("\n", problems), nameof(options));
        this.providers = providers;
        this.options = options;
        this.clock = clock;
    }

    public JobKind Kind => BibtexKind;

    public async ValueTask<UploadVerdict> CheckAsync(
        string fileName, Stream content, CancellationToken cancellationToken)
    {
        if (content.Length > options.UploadBytesMax)
            return new UploadVerdict.Unfit(
                $"\"{fileName}\" has {content.Length:N0} bytes; the limit is {options.UploadBytesMax:N0}. Split it.");
        content.Position = 0;
        var bytes = new byte[content.Length];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return BibUpload.Check(fileName, bytes, options.UploadBytesMax, options.EntriesMax);
    }

    public async Task<JobOutcome> RunAsync(IJobRun run, CancellationToken cancellationToken)
    {
        var reading = EnrichmentChoice.Read(run.Options);
        if (reading is ChoiceReading.Refused refused) return new JobOutcome.GiveUp(refused.Reason);
        run.Report(new(0, null, 0, 0, "Reading the file"));
        var bytes = await ReadAsync(run, cancellationToken);

        // It was accepted under the limits of its day, and those may have been lowered since.
        var verdict = BibUpload.Check(run.FileName, bytes, int.MaxValue, int.MaxValue);
        if (verdict is UploadVerdict.Unfit unfit) return new JobOutcome.GiveUp(unfit.Reason);
        cancellationToken.ThrowIfCancellationRequested();

        var file = BibFile.Parse(bytes);
        var choice = ((ChoiceReading.Chosen)reading).Choice;
        if (choice.StrangeKey(file) is { } strange)
            return new JobOutcome.GiveUp($"The options name the entry \"{strange}\", and the file has none of that key.");
        var lookups = new Lookups(run, file, choice);
        var batch = await lookups.ResumeAsync(cancellationToken);
        for (; lookups.Findings.Count < file.Entries.Count; batch++)
            if (await LookUpAsync(lookups, batch, cancellationToken) is { } retry) return retry;

        return await FinishAsync(lookups, cancellationToken);
    }

    static async Task<byte[]> ReadAsync(IJobRun run, CancellationToken cancellationToken)
    {
        await using var input = await run.OpenInputAsync(cancellationToken);
        using var whole = new MemoryStream();
        await input.CopyToAsync(whole, cancellationToken);
        return whole.ToArray();
    }

    /// <summary>One batch; null when it is stored, else why the attempt has to be made again.</summary>
    async Task<JobOutcome.Retry?> LookUpAsync(Lookups lookups, int batch, CancellationToken cancellationToken)
    {
        var first = lookups.Findings.Count;
        var count = Math.Min(options.BatchEntries, lookups.File.Entries.Count - first);
        var findings = new EntryFinding[count];
        var open = new List<EntryCase>();
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var rules = new FindingRules(options.LocalProviders, options.JournalMetrics, today);
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entry = lookups.File.Entries[first + i];
            var one = new EntryCase(first + i, entry, lookups.Inheritance, lookups.Choice);
            if (entry.Condition != BibEntryCondition.Sound) findings[i] = FindingRules.Unreadable(first + i);
            else if (!lookups.Choice.Concerns(entry)) findings[i] = FindingRules.Skipped(first + i);
            else if (one.Wants.IsEmpty) findings[i] = rules.Complete(one);
            else open.Add(one);
        }

        var searched = 0;
        var lookup = new BatchLookup(providers, options, lookups.Run.User);
        await lookup.RunAsync(
            open,
            () => lookups.Report(first, Math.Min(count, Interlocked.Increment(ref searched))),
            cancellationToken);
        if (options.ServicesAreNeeded && open.FindAll(lookup.IsInTheDark) is { Count: > 0 } dark)
            return Retry(dark, lookup.Away);

        foreach (var one in open) findings[one.Index - first] = rules.Of(one);
        var away = lookup.Away.ToDictionary(pair => pair.Key, pair => pair.Value.Reason);
        await lookups.StoreAsync(batch, new(findings, away), cancellationToken);
        return null;
    }

    static JobOutcome.Retry Retry(
        List<EntryCase> dark, IReadOnlyDictionary<string, WorkProviderUnavailableException> away)
    {
        var names = dark.SelectMany(one => one.NotCheckedBy.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        var why = string.Join("; ", names.Where(away.ContainsKey).Select(name => $"{name} {away[name].Reason}"));
        var waits = names.Where(away.ContainsKey).Select(name => away[name].RetryAfter).OfType<TimeSpan>().ToList();
        var entries = dark.Count == 1 ? "1 entry" : $"{dark.Count} entries";
        return new($"No provider could be asked for {entries}: {why}", waits.Count > 0 ? waits.Min() : null);
    }

    static async Task<JobOutcome> FinishAsync(Lookups lookups, CancellationToken cancellationToken)
    {
        var (run, file, findings) = (lookups.Run, lookups.File, lookups.Findings);
        run.Report(lookups.Progress(PercentOfLookups, "Writing the results"));
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        var bib = EnrichedFile.Write(file, findings);
        cancellationToken.ThrowIfCancellationRequested();
        var report = JsonSerializer.SerializeToUtf8Bytes(
            EnrichmentReport.Of(file, findings, lookups.Away), EnrichmentJson.Wire.EnrichmentReport);
        cancellationToken.ThrowIfCancellationRequested();
        var difference = JsonSerializer.SerializeToUtf8Bytes(
            EnrichmentDifference.Of(file, findings), EnrichmentJson.Wire.EnrichmentDifference);
        cancellationToken.ThrowIfCancellationRequested();
        var summary = JsonSerializer.Serialize(EnrichmentTotals.Of(findings), EnrichmentJson.Wire.EnrichmentTotals);
        run.Report(lookups.Progress(100, "Done"));
        return new JobOutcome.Done(summary, EnrichedFile.Files(run.FileName, bib, report, difference));
    }

    /// <summary>What one attempt knows so far.</summary>
    sealed class Lookups(IJobRun run, BibFile file, EnrichmentChoice choice)
    {
        readonly Dictionary<string, string> away = [];
        readonly Lock reporting = new();

        public IJobRun Run => run;

        public BibFile File => file;

        public EnrichmentChoice Choice => choice;

        public BibInheritance Inheritance { get; } = new(file);

        public List<EntryFinding> Findings { get; } = new(file.Entries.Count);

        public IReadOnlyDictionary<string, string> Away => away;

        /// <summary>
        /// Takes what an earlier attempt stored; returns the number of the first batch that is still to be done.
        /// </summary>
        public async Task<int> ResumeAsync(CancellationToken cancellationToken)
        {
            var batch = 0;
            while (Findings.Count < file.Entries.Count
                && await run.LoadCheckpointAsync(Name(batch), cancellationToken) is { } stored)
            {
                Take(BatchFindings.Read(stored));
                batch++;
            }

            if (batch > 0)
                run.Log(
                    $"Going on behind entry {Findings.Count} of {file.Entries.Count}, where the last attempt ended");
            Report(Findings.Count, 0);
            return batch;
        }

        public async Task StoreAsync(int batch, BatchFindings found, CancellationToken cancellationToken)
        {
            await run.SaveCheckpointAsync(Name(batch), found.Write(), cancellationToken);
            var first = Findings.Count;
            Take(found);
            for (var i = 0; i < found.Entries.Count; i++)
            {
                if (i % EntriesPerTurn == EntriesPerTurn - 1) await Task.Yield();
                run.Log(Line(first + i, found.Entries[i]));
            }

            Report(Findings.Count, 0);
        }

        /// <param name="ahead">Entries of the batch in work that count as done for the bar.</param>
        public void Report(int done, int ahead)
        {
            var percent = (int)((done + ahead) * (long)PercentOfLookups / file.Entries.Count);
            lock (reporting) run.Report(Progress(percent, "Looking up entries"));
        }

        public JobProgress Progress(int percent, string step) =>
            new(Findings.Count, file.Entries.Count, Findings.Count(finding => !finding.IsGood), percent, step);

        static string Name(int batch) => $"batch-{batch:0000}";

        void Take(BatchFindings found)
        {
            Findings.AddRange(found.Entries);
            foreach (var (name, why) in found.Away) away[name] = why;
        }

        string Line(int index, EntryFinding finding)
        {
            var entry = file.Entries[index];
            var title = entry.Text(FieldNames.Title)
                ?? (entry.Key.Length > 0 ? entry.Key : $"entry in line {entry.Line}");
            if (title.Length > LoggedTitleLengthMax) title = title[..(LoggedTitleLengthMax - 1)].TrimEnd() + "…";
            var place = $"[{index + 1}/{file.Entries.Count}]";
            if (finding.Outcome == EntryOutcome.Skipped) return $"{place} – {title} (left as it is)";
            return finding.IsGood ? $"{place} ✓ {title}" : $"{place} ✗ {title} ({Why(finding)})";
        }

        static string Why(EntryFinding finding)
        {
            // Reasons of the matcher start with a code for programs: "miss.year: the entry says 2012, the work 2008".
            var reason = finding.Reason ?? "not found";
            var colon = reason.IndexOf(": ", StringComparison.Ordinal);
            return colon > 0 && reason[..colon].Contains('.', StringComparison.Ordinal)
                && !reason[..colon].Contains(' ', StringComparison.Ordinal)
                ? reason[(colon + 2)..]
                : reason;
        }
    }
}
