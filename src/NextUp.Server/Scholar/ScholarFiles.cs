using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Scholar;

/// <summary>The entries of a .bib, for the list of papers.</summary>
delegate IReadOnlyList<ScholarPaper> PaperReader(byte[] bib);

/// <summary>
/// What concerns the papers of a job in the Scholar contract: the list, the files, what changed, the preview.
/// </summary>
sealed class ScholarFiles(
    IJobStore store, IFileStore files, ScholarEndpoints scholar, FileEndpoints downloads, PreviewEndpoint previews,
    PaperReader papers)
{
    public async Task PapersAsync(HttpContext context, Caller caller)
    {
        if (await scholar.FindAsync(context, caller) is not { } job)
            return;

        var role = job.State == JobState.Completed ? FileRole.Result : FileRole.Original;
        var found = await ReadAsync(job, role, context.RequestAborted) is { } bib ? papers(bib) : [];
        await ScholarAnswers.JsonAsync(
            context,
            new ScholarPapers(true, job.Id.ToString(), found.Count, Problems.Name(job.State), found),
            ScholarJson.Wire.ScholarPapers);
    }

    public async Task DownloadAsync(HttpContext context, Caller caller)
    {
        if (await scholar.FindAsync(context, caller) is not { } job)
            return;

        if (job.State == JobState.Completed && await store.FindFileAsync(job.Sequence, FileRole.Result) is { } file)
            await downloads.SendAsync(context, file);
        else
            await ScholarAnswers.RefuseAsync(context, 404, new("Enriched file not available"));
    }

    public async Task OriginalAsync(HttpContext context, Caller caller)
    {
        if (await scholar.FindAsync(context, caller) is not { } job)
            return;

        if (await store.FindFileAsync(job.Sequence, FileRole.Original) is { } file)
            await downloads.SendAsync(context, file);
        else
            await ScholarAnswers.RefuseAsync(context, 404, new("Original file not available"));
    }

    public async Task DiffAsync(HttpContext context, Caller caller)
    {
        if (await scholar.FindAsync(context, caller) is not { } job)
            return;

        if (job.State == JobState.Completed && await ReadAsync(job, FileRole.Diff, context.RequestAborted) is { } json)
        {
            using var diff = JsonDocument.Parse(json);
            await ScholarAnswers.JsonAsync(context, Translate(job, diff.RootElement), ScholarJson.Wire.ScholarDiff);
        }
        else
        {
            await ScholarAnswers.RefuseAsync(context, 404, new("Diff not available until the job is completed"));
        }
    }

    public async Task PreviewAsync(HttpContext context, Caller caller)
    {
        var (preview, problem) = await previews.ReadAsync(context, ScholarEndpoints.Form);
        if (preview is null)
        {
            await ScholarAnswers.WriteAsync(context, problem!);
            return;
        }

        ScholarPreviewEntry[] entries = [.. preview.Entries.Select(entry => new ScholarPreviewEntry(
            entry.Key, entry.Type, entry.Title, entry.Author, entry.Year, entry.Journal, entry.Missing))];
        await ScholarAnswers.JsonAsync(
            context,
            new ScholarPreview(
                true, preview.FileName, preview.TotalEntries, entries, preview.Missing, preview.Truncated),
            ScholarJson.Wire.ScholarPreview);
    }

    async ValueTask<byte[]?> ReadAsync(JobRecord job, FileRole role, CancellationToken cancellationToken)
    {
        if (await store.FindFileAsync(job.Sequence, role) is not { } file)
            return null;

        await using var content = files.Open(file);
        var bytes = new byte[file.Size];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>From the diff as the kind wrote it (entries with their changes) to the words of the contract.</summary>
    static ScholarDiff Translate(JobRecord job, JsonElement diff)
    {
        var entries = new List<ScholarDiffEntry>();
        foreach (var entry in diff.GetProperty("entries").EnumerateArray())
        {
            var changes = entry.GetProperty("changes").EnumerateArray().ToList();
            entries.Add(new(
                Text(entry, "key") ?? "",
                Text(entry, "type") ?? "",
                Text(entry, "title"),
                [.. changes.Where(IsAdded).Select(change => new ScholarFieldAdded(
                    Text(change, "field") ?? "", Text(change, "after")))],
                [.. changes.Where(change => !IsAdded(change)).Select(change => new ScholarFieldChanged(
                    Text(change, "field") ?? "", Text(change, "before"), Text(change, "after")))],
                changes.Count > 0));
        }

        var stats = diff.GetProperty("stats");
        var total = stats.GetProperty("totalEntries").GetInt32();
        var changed = stats.GetProperty("changedEntries").GetInt32();
        return new(true, job.Id.ToString(), entries, new(
            total, changed, stats.GetProperty("fieldsAdded").GetInt32(),
            total == 0 ? 0 : Math.Round(100.0 * changed / total, 1)));
    }

    static bool IsAdded(JsonElement change) => Text(change, "kind") == "added";

    static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
