using System.IO.Compression;
using NextUp.Processors.Exams.Syllabuses;

namespace NextUp.Processors.Exams.Containers;

/// <summary>The parts of an upload as files in the attempt's workspace.</summary>
/// <param name="Paper">One PDF, or pictures, a page each.</param>
public sealed record PaperFiles(
    IReadOnlyList<PaperFile> Paper, IReadOnlyList<PaperFile> Insert, IReadOnlyList<PaperFile> Scheme, Syllabus? Syllabus)
{
    /// <summary>Looks at an upload without unpacking it: null where it can be worked on, else a sentence that names it.</summary>
    public static async ValueTask<string?> FaultAsync(string fileName, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.Length == 0)
            return $"\"{fileName}\" is empty. Send a PDF, or pictures of the pages.";
        var start = await StartAsync(content, cancellationToken);
        content.Position = 0;
        if (!PaperContainer.Is(start))
        {
            return PartContent.Of(start) is PartContent.Other
                ? $"\"{fileName}\" is no PDF and no PNG or JPEG picture. Save the paper as a PDF, or send pictures of its pages." : null;
        }

        try
        {
            using var zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            var (parts, fault) = PaperContainer.Parts(zip);
            if (fault is not null)
                return $"\"{fileName}\" cannot be taken: {fault}";
            foreach (var (role, entry) in parts)
            {
                await using var part = await entry.OpenAsync(cancellationToken);
                if (role != PaperRole.Syllabus && PartContent.Of(await StartAsync(part, cancellationToken)) is PartContent.Other)
                    return $"\"{entry.FullName}\" in \"{fileName}\" is no PDF and no PNG or JPEG picture.";
            }

            return MixFault([.. parts.Where(part => part.Role == PaperRole.Paper).Select(part => part.Entry.FullName)]);
        }
        catch (InvalidDataException)
        {
            return $"\"{fileName}\" is a damaged zip file. Send it again.";
        }
    }

    /// <summary>Puts the parts into the folder; the answer is the files, or a sentence on what is wrong.</summary>
    public static async Task<(PaperFiles? Files, string? Fault)> UnpackAsync(
        string fileName, Stream content, string folder, CancellationToken cancellationToken)
    {
        if (await FaultAsync(fileName, content, cancellationToken) is { } fault)
            return (null, fault);
        Directory.CreateDirectory(folder);
        content.Position = 0;
        var start = await StartAsync(content, cancellationToken);
        content.Position = 0;
        if (!PaperContainer.Is(start))
        {
            var one = await PutAsync(content, folder, "paper-001", PaperContainer.BytesMax, cancellationToken);
            return (new([one], [], [], null), null);
        }

        using var zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
        var files = new Dictionary<PaperRole, List<PaperFile>>();
        Syllabus? syllabus = null;
        var left = PaperContainer.BytesMax;
        foreach (var (role, entry) in PaperContainer.Parts(zip).Parts)
        {
            await using var part = await entry.OpenAsync(cancellationToken);
            var file = await PutAsync(part, folder, Path.GetFileNameWithoutExtension(entry.Name), left, cancellationToken);
            left -= file.Bytes;
            if (left < 0)
                return (null, $"\"{fileName}\" holds more than {PaperContainer.BytesMax >> 20} MiB. Send fewer or smaller pages.");
            if (role != PaperRole.Syllabus)
            {
                files.TryAdd(role, []);
                files[role].Add(file);
                continue;
            }

            (syllabus, fault) = Syllabuses.Syllabus.Read(await File.ReadAllBytesAsync(file.Path, cancellationToken));
            if (fault is not null)
                return (null, fault);
        }

        return (new(Of(PaperRole.Paper), Of(PaperRole.Insert), Of(PaperRole.Scheme), syllabus), null);

        IReadOnlyList<PaperFile> Of(PaperRole role) => files.GetValueOrDefault(role) ?? [];
    }

    static string? MixFault(List<string> papers) =>
        papers.Count > 1 && papers.Exists(name => name.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase))
            ? "A paper is one PDF, or pictures of its pages. Send each PDF as a paper of its own." : null;

    static async Task<PaperFile> PutAsync(
        Stream content, string folder, string name, long bytesMax, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, name);
        await using (var file = File.Create(path))
        {
            var buffer = new byte[81920];
            while (file.Length <= bytesMax && await content.ReadAsync(buffer, cancellationToken) is var read and > 0)
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        await using var written = File.OpenRead(path);
        return new(path, PartContent.Of(await StartAsync(written, cancellationToken)), written.Length);
    }

    static async ValueTask<byte[]> StartAsync(Stream content, CancellationToken cancellationToken)
    {
        var start = new byte[PartContent.StartBytes];
        var length = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return start[..length];
    }
}

/// <summary>One part of an upload in the workspace.</summary>
public sealed record PaperFile(string Path, PartContent Content, long Bytes);
