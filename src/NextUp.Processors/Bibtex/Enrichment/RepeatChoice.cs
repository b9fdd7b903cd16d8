using System.Buffers;
using System.Text.Json;

namespace NextUp.Processors.Bibtex.Enrichment;

/// <summary>What the owner of a job wants of another one over its result.</summary>
/// <param name="Accept">The work that each entry is, by the entry's key: a DOI, or for example <c>arXiv:2101.00001</c>.</param>
/// <param name="Entries">Keys of entries to be looked up again.</param>
/// <param name="Failed">Look up again whatever was not found, was ambiguous or could not be asked for everywhere.</param>
public sealed record RepeatWish(
    IReadOnlyDictionary<string, string> Accept, IReadOnlyList<string> Entries, bool Failed)
{
    /// <summary>Nothing in particular: all entries are looked up.</summary>
    public bool IsOpen => Accept.Count == 0 && Entries.Count == 0 && !Failed;
}

/// <summary>The answer of <see cref="RepeatChoice.Of"/>.</summary>
public abstract record RepeatReading
{
    RepeatReading() { }

    /// <param name="Options">The options of the new job, a JSON object; null is the default.</param>
    public sealed record Chosen(string? Options) : RepeatReading;

    /// <param name="Reason">One sentence: what is wrong, where, and the way out.</param>
    public sealed record Refused(string Reason) : RepeatReading;
}

/// <summary>Makes the options of a job that goes over an earlier one's result. Pure.</summary>
public static class RepeatChoice
{
    static readonly string[] OfOneJob = ["accept", "only"];

    /// <param name="before">The earlier job's options: fields and policy are kept.</param>
    /// <param name="report">Its report; null where it made none. Then every entry is looked up but as wished.</param>
    public static RepeatReading Of(string? before, byte[]? report, RepeatWish wish)
    {
        var only = wish.IsOpen ? null : wish.Entries.ToHashSet(StringComparer.Ordinal);
        if (report is not null)
        {
            using var read = JsonDocument.Parse(report);
            var entries = read.RootElement.GetProperty("entries").EnumerateArray().ToList();
            if (Strange(entries, wish) is { } strange)
                return new RepeatReading.Refused(
                    $"The job has no entry \"{strange}\"; its report lists the keys of all.");
            if (wish.Failed && Failed(entries) is var failed)
            {
                if (failed.Count == 0 && wish.Accept.Count == 0 && wish.Entries.Count == 0)
                    return new RepeatReading.Refused("No entry of this job failed, so none is to be looked up again.");
                only!.UnionWith(failed);
            }
        }
        else if (wish.Failed)
        {
            only = null;
        }

        // Where so many failed, the others are few or were found, and are answered out of the cache.
        if (wish.Failed && only?.Count > EnrichmentChoice.EntriesNamedMax) only = null;
        var options = Write(before, wish.Accept, only);
        return EnrichmentChoice.Read(options) is ChoiceReading.Refused refused
            ? new RepeatReading.Refused(refused.Reason)
            : new RepeatReading.Chosen(options);
    }

    static string? Strange(List<JsonElement> entries, RepeatWish wish)
    {
        var keys = entries.Select(Key).ToHashSet(StringComparer.Ordinal);
        return wish.Accept.Keys.Concat(wish.Entries).FirstOrDefault(key => !keys.Contains(key));
    }

    static List<string> Failed(List<JsonElement> entries) =>
        [.. entries.Where(HasFailed).Select(Key).Where(key => key.Length > 0).Distinct(StringComparer.Ordinal)];

    static bool HasFailed(JsonElement entry) =>
        entry.GetProperty("outcome").GetString() is "ambiguous" or "not-found" or "wrong-doi"
        || entry.GetProperty("notCheckedBy").GetArrayLength() > 0;

    static string Key(JsonElement entry) => entry.GetProperty("key").GetString() ?? "";

    static string? Write(string? before, IReadOnlyDictionary<string, string> accept, HashSet<string>? only)
    {
        if (before is null && accept.Count == 0 && only is null) return null;
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            WriteKept(writer, before);
            if (accept.Count > 0)
            {
                writer.WriteStartObject("accept");
                foreach (var (key, work) in accept) writer.WriteString(key, work);
                writer.WriteEndObject();
            }

            if (only is not null)
            {
                writer.WriteStartArray("only");
                foreach (var key in only.Where(key => !accept.ContainsKey(key))) writer.WriteStringValue(key);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(json.WrittenSpan);
    }

    static void WriteKept(Utf8JsonWriter writer, string? before)
    {
        if (before is null) return;
        using var options = JsonDocument.Parse(before);
        foreach (var option in options.RootElement.EnumerateObject())
            if (!OfOneJob.Contains(option.Name)) option.WriteTo(writer);
    }
}
