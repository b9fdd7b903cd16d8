using System.IO.Compression;
using System.Xml;
using NextUp.Processors.Documents.Extraction;

namespace NextUp.Processors.Documents.Office;

/// <summary>
/// The parts of an Office file and how they lead to each other. Parts are read as streams, never as trees, and without
/// anything that XML can be told to fetch.
/// </summary>
sealed class OfficePackage(ZipArchive archive) : IDisposable
{
    /// <summary>What an entity could be used for does not exist in Office files; neither are documents fetched.</summary>
    static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true,
        CloseInput = true, CheckCharacters = false,
    };

    readonly Dictionary<string, ZipArchiveEntry> parts = Index(archive);

    public void Dispose() => archive.Dispose();

    /// <summary>A reader of the part, or null where there is none.</summary>
    public XmlReader? Open(string? part) =>
        part is not null && parts.TryGetValue(part, out var entry) ? XmlReader.Create(entry.Open(), Settings) : null;

    /// <summary>The part that the package is about, such as word/document.xml.</summary>
    public string Main(string usual)
    {
        if (parts.ContainsKey(usual)) return usual;
        return Related("").FirstOrDefault(related => related.Type == "officeDocument")?.Part is { } part && parts.ContainsKey(part)
            ? part : throw new UnreadableDocumentException("Its main part is missing. Open it in its program and save it anew.");
    }

    /// <summary>What a part refers to; <c>""</c> is the package itself.</summary>
    public IReadOnlyList<Relationship> Related(string part)
    {
        var slash = part.LastIndexOf('/');
        var folder = slash < 0 ? "" : part[..slash];
        var file = $"{(folder.Length > 0 ? folder + "/" : "")}_rels/{part[(slash + 1)..]}.rels";
        List<Relationship> related = [];
        using var reader = Open(file);
        while (reader?.Read() == true)
        {
            if (reader is not { NodeType: XmlNodeType.Element, LocalName: "Relationship" }) continue;
            var (id, type, target) = (reader.GetAttribute("Id"), reader.GetAttribute("Type"), reader.GetAttribute("Target"));
            if (id is null || type is null || target is null || reader.GetAttribute("TargetMode") == "External") continue;
            related.Add(new(id, type[(type.LastIndexOf('/') + 1)..], Resolve(folder, target)));
        }

        return related;
    }

    static string Resolve(string folder, string target)
    {
        if (target.StartsWith('/')) return target[1..];
        List<string> steps = [.. folder.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        foreach (var step in target.Split('/'))
        {
            if (step == ".." && steps.Count > 0) steps.RemoveAt(steps.Count - 1);
            else if (step is not (".." or "." or "")) steps.Add(step);
        }

        return string.Join('/', steps);
    }

    static Dictionary<string, ZipArchiveEntry> Index(ZipArchive archive)
    {
        var parts = new Dictionary<string, ZipArchiveEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in archive.Entries) parts.TryAdd(entry.FullName.Replace('\\', '/').TrimStart('/'), entry);
        return parts;
    }
}

/// <param name="Type">The last word of its address, which the strict and the usual form of Office have in common.</param>
/// <param name="Part">The name of the part that it leads to.</param>
sealed record Relationship(string Id, string Type, string Part);
