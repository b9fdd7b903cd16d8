using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NextUp.Processors.Exams.Containers;

/// <summary>What a part of a container is to the paper.</summary>
public enum PaperRole
{
    /// <summary>The paper: one PDF, or a picture a page.</summary>
    Paper,

    /// <summary>What candidates get beside it.</summary>
    Insert,

    /// <summary>Its answers.</summary>
    Scheme,

    /// <summary>The chapters that questions are tagged with, as JSON.</summary>
    Syllabus,
}

/// <summary>
/// Several files of one paper in one upload, because a job has one original: a zip whose entries are named by their role,
/// <c>paper-001.pdf</c>, <c>paper-002.png</c>, <c>insert-001.pdf</c>, <c>scheme-001.pdf</c>, <c>syllabus-001.json</c>, in the
/// order in which they are read. Nothing in it is packed tighter: PDFs and pictures are that already.
/// </summary>
public static class PaperContainer
{
    /// <summary>Files in one container.</summary>
    public const int PartsMax = 300;

    /// <summary>All files of one container, unpacked.</summary>
    public const long BytesMax = 256L << 20;

    static readonly byte[] s_zip = "PK\u0003\u0004"u8.ToArray();

    /// <summary>Whether the beginning is that of a container, whatever it is called.</summary>
    public static bool Is(ReadOnlySpan<byte> start) => start.StartsWith(s_zip);

    public static string NameOf(PaperRole role, int place, string extension) =>
        $"{role.ToString().ToLowerInvariant()}-{place:000}{extension}";

    /// <summary>Writes a container. The parts are read to their ends, one after the other.</summary>
    public static async Task WriteAsync(
        Stream target, IReadOnlyList<(PaperRole Role, string Extension, Stream Content)> parts, CancellationToken cancellationToken)
    {
        using var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        var places = new Dictionary<PaperRole, int>();
        foreach (var (role, extension, content) in parts)
        {
            var place = places[role] = places.GetValueOrDefault(role) + 1;
            var entry = zip.CreateEntry(NameOf(role, place, extension), CompressionLevel.NoCompression);
            await using var written = await entry.OpenAsync(cancellationToken);
            await content.CopyToAsync(written, cancellationToken);
        }
    }

    /// <summary>The parts' entries by role, or a sentence on what is wrong. Bounded by what the entries really hold, later.</summary>
    public static (IReadOnlyList<(PaperRole Role, ZipArchiveEntry Entry)> Parts, string? Fault) Parts(ZipArchive zip)
    {
        ArgumentNullException.ThrowIfNull(zip);
        var parts = new List<(PaperRole, ZipArchiveEntry)>();
        if (zip.Entries.Count > PartsMax)
            return (parts, $"it holds {zip.Entries.Count} files, and at most {PartsMax} are taken. Send fewer pages at once.");
        foreach (var entry in zip.Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            var role = entry.FullName.Split('-')[0];
            if (!Enum.TryParse<PaperRole>(role, ignoreCase: true, out var known) || entry.FullName.Contains('/', StringComparison.Ordinal))
            {
                var shown = entry.FullName.Length <= 60 ? entry.FullName : entry.FullName[..60] + "...";
                return (parts, $"it holds \"{shown}\"; its files are named paper-001, insert-001, scheme-001 and syllabus-001.");
            }

            parts.Add((known, entry));
        }

        return parts.Exists(part => part.Item1 == PaperRole.Paper)
            ? (parts, null) : (parts, "there is no paper in it. Name its first file paper-001.pdf.");
    }
}

/// <summary>What a submitter may choose for a paper.</summary>
/// <param name="Paper">The id under which the paper is kept; null makes it the job's.</param>
/// <param name="HasInsert">The submitter says that there is an insert, whatever the paper prints.</param>
public sealed record ExamOptions(string? Paper, bool HasInsert)
{
    static readonly ExamOptions s_none = new(null, false);

    /// <summary>The options, or a sentence on what is wrong with them.</summary>
    public static (ExamOptions Options, string? Fault) Read(string? json)
    {
        if (json is null)
            return (s_none, null);
        try
        {
            var options = JsonSerializer.Deserialize(json, ExamOptionsJson.Strict.ExamOptions) ?? s_none;
            return options.Paper is null || Actors.Papers.PaperId.IsFit(options.Paper)
                ? (options, null)
                : (s_none, "\"paper\" is an id of letters, digits and . _ -, at most 100 of them, and begins with a letter or digit.");
        }
        catch (JsonException error)
        {
            return (s_none, $"The options are {{\"paper\": \"an-id\", \"hasInsert\": true}}, both optional: {error.Message}");
        }
    }

    public string Write() => JsonSerializer.Serialize(this, ExamOptionsJson.Strict.ExamOptions);
}

[JsonSerializable(typeof(ExamOptions))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
sealed partial class ExamOptionsJson : JsonSerializerContext
{
    /// <summary>An unknown key is refused.</summary>
    public static ExamOptionsJson Strict => Default;
}
