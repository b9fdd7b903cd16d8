using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using NextUp.Actors.Jobs;
using NextUp.Actors.Papers;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Containers;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Papers;

/// <summary>
/// Takes in papers. What comes in several files is packed into one, because a job has one original; a paper that is one PDF
/// and nothing else stays that PDF.
/// </summary>
/// <param name="folder">Where parts lie until they are packed; emptied at each start.</param>
sealed class PaperSubmission(
    IPaperStore papers, IJobStore jobs, IFileStore files, JobKinds kinds, SubmitEndpoint submit, string folder)
{
    const string OriginalContentType = "application/octet-stream";

    /// <summary>The longest field, in bytes.</summary>
    const int FieldBytesMax = 1_000;

    /// <summary>What the fields and files of a form say.</summary>
    sealed class Parts
    {
        public string? Id { get; set; }

        public string? Syllabus { get; set; }

        public bool HasInsert { get; set; }

        public int Priority { get; set; }

        public string? Name { get; set; }

        public long Bytes { get; set; }

        public List<(PaperRole Role, string Path)> Files { get; } = [];
    }

    OfferedKind Kind => kinds.Find(ExamProcessor.ExamKind.Value)!;

    long BytesMax => kinds.PolicyOf(Kind).UploadBytesMax;

    public async Task SubmitAsync(HttpContext context, Caller caller)
    {
        if (UploadReader.BoundaryOf(context.Request) is not { } boundary)
        {
            await Problems.WriteAsync(context, Problems.NotMultipart());
            return;
        }

        var own = Directory.CreateDirectory(Path.Combine(folder, $"paper-{Guid.NewGuid():N}")).FullName;
        try
        {
            Allow(context, BytesMax + (1 << 20));
            var parts = new Parts();
            if (await ReadAsync(new MultipartReader(boundary, context.Request.Body), parts, own, context.RequestAborted) is { } problem)
            {
                await Problems.WriteAsync(context, problem);
                return;
            }

            var (upload, refusal) = await PackAsync(caller, parts, own, context.RequestAborted);
            await (upload is null ? Problems.WriteAsync(context, refusal!) : submit.AnswerAsync(context, caller, upload));
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    /// <summary>Packs pictures that came in another way.</summary>
    public async Task<(Upload.Fit? Upload, Problem? Problem)> PackAsync(
        Caller caller, IReadOnlyList<byte[]> pictures, ExamOptions options, string? syllabus, int priority,
        CancellationToken cancellationToken)
    {
        var own = Directory.CreateDirectory(Path.Combine(folder, $"paper-{Guid.NewGuid():N}")).FullName;
        try
        {
            var parts = new Parts
            {
                Id = options.Paper, HasInsert = options.HasInsert, Syllabus = syllabus, Priority = priority, Name = $"{options.Paper}.zip",
            };
            foreach (var picture in pictures)
            {
                var path = Path.Combine(own, $"{parts.Files.Count}");
                await File.WriteAllBytesAsync(path, picture, cancellationToken);
                parts.Files.Add((PaperRole.Paper, path));
            }

            return await PackAsync(caller, parts, own, cancellationToken);
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    /// <summary>A new job over what the paper's last job was given.</summary>
    public async Task AgainAsync(HttpContext context, Caller caller, PaperRecord paper)
    {
        var job = await jobs.FindAsync(caller.User, paper.Job);
        if (job is null || await jobs.FindFileAsync(job.Sequence, FileRole.Original) is not { } original)
        {
            await Problems.WriteAsync(context, Problems.PaperOriginalGone(paper.Id.Value));
            return;
        }

        await using var content = files.Open(original);
        var staged = await files.StageAsync(
            FileRole.Original, original.Name, OriginalContentType, content, BytesMax, context.RequestAborted);
        var options = ExamOptions.Read(job.Options).Options with { Paper = paper.Id.Value };
        await submit.AnswerAsync(context, caller, new Upload.Fit(original.Name, Kind, staged, null, options.Write())
        {
            Priority = job.Priority,
        });
    }

    public static void Allow(HttpContext context, long bytesMax)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = bytesMax;
    }

    async Task<Problem?> ReadAsync(MultipartReader reader, Parts parts, string own, CancellationToken cancellationToken)
    {
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
            {
                if (await TakeAsync(part, parts, own, cancellationToken) is { } problem)
                    return problem;
            }

            return parts.Files.Exists(file => file.Role == PaperRole.Paper) ? null : Problems.NoFile("paper");
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Problems.RequestTooLarge(BytesMax);
        }
        catch (InvalidDataException error)
        {
            return Problems.InvalidRequest($"The form is malformed: {error.Message}");
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            return Problems.UploadCutOff();
        }
    }

    async Task<Problem?> TakeAsync(MultipartSection part, Parts parts, string own, CancellationToken cancellationToken)
    {
        if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
            return Problems.InvalidRequest("A part of the form has no usable Content-Disposition.");
        var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        if (disposition.FileName.Length <= 2 && disposition.FileNameStar.Length == 0)
            return await FieldAsync(part, name, parts, cancellationToken);
        if (name is not ("paper" or "insert" or "scheme"))
            return Problems.InvalidRequest($"There is no file \"{name}\". There is paper, insert and scheme.");
        if (parts.Files.Count == PaperContainer.PartsMax)
            return Problems.TooManyFiles(PaperContainer.PartsMax);

        var role = Enum.Parse<PaperRole>(name, ignoreCase: true);
        if (role == PaperRole.Paper)
            parts.Name ??= UploadReader.NameOf(disposition);
        var path = Path.Combine(own, $"{parts.Files.Count}");
        await using var file = File.Create(path);
        var buffer = new byte[81920];
        while (await part.Body.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            parts.Bytes += read;
            if (parts.Bytes > BytesMax)
                return Problems.UploadTooLarge(UploadReader.NameOf(disposition), BytesMax);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        parts.Files.Add((role, path));
        return null;
    }

    static async Task<Problem?> FieldAsync(MultipartSection part, string name, Parts parts, CancellationToken cancellationToken)
    {
        var buffer = new byte[FieldBytesMax + 1];
        var length = await part.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > FieldBytesMax)
            return Problems.InvalidRequest($"The field \"{name}\" is longer than {FieldBytesMax} bytes.");
        var value = System.Text.Encoding.UTF8.GetString(buffer, 0, length);
        switch (name)
        {
            case "id":
                parts.Id = value.Length == 0 ? null : value;
                return parts.Id is null || PaperId.IsFit(value) ? null : Problems.UnfitPaperId();
            case "syllabus":
                parts.Syllabus = value.Length == 0 ? null : value;
                return null;
            case "hasInsert":
                parts.HasInsert = value == "true";
                return value is "true" or "false" or "" ? null : Problems.InvalidRequest("\"hasInsert\" is true or false.");
            case "priority":
                var isLevel = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var level)
                    && level <= HeadStarts.LevelMax;
                parts.Priority = isLevel ? level : 0;
                return isLevel || value.Length == 0 ? null
                    : Problems.InvalidRequest($"\"priority\" is a whole number from 0 (none) to {HeadStarts.LevelMax}.");
            default:
                return Problems.InvalidRequest(
                    $"There is no field \"{(name.Length <= 100 ? name : name[..100])}\". "
                    + "There is id, syllabus, hasInsert, priority, and the files paper, insert and scheme.");
        }
    }

    async Task<(Upload.Fit? Upload, Problem? Problem)> PackAsync(
        Caller caller, Parts parts, string own, CancellationToken cancellationToken)
    {
        SyllabusRecord? syllabus = null;
        if (parts.Syllabus is { } id)
        {
            syllabus = await papers.FindSyllabusAsync(caller.User, new PaperId(id));
            if (syllabus is null)
                return (null, Problems.SyllabusNotFound(id));
        }

        var (path, name) = (parts.Files[0].Path, parts.Name ?? FileNames.Nameless);
        if (parts.Files.Count > 1 || syllabus is not null || parts.Files[0].Role != PaperRole.Paper)
        {
            path = Path.Combine(own, "container");
            name = Path.GetFileNameWithoutExtension(name) + ".zip";
            await WriteAsync(path, parts, syllabus, cancellationToken);
        }

        await using var content = File.OpenRead(path);
        if (await Kind.Processor.CheckAsync(name, content, cancellationToken) is UploadVerdict.Unfit unfit)
            return (null, Problems.UnfitUpload(unfit.Reason));
        content.Position = 0;
        var staged = await files.StageAsync(
            FileRole.Original, FileNames.Clean(name), OriginalContentType, content, PaperContainer.BytesMax, cancellationToken);
        var options = new ExamOptions(parts.Id, parts.HasInsert);
        return (new Upload.Fit(name, Kind, staged, null, options.Write()) { Priority = parts.Priority }, null);
    }

    static async Task WriteAsync(string path, Parts parts, SyllabusRecord? syllabus, CancellationToken cancellationToken)
    {
        var open = new List<Stream>();
        try
        {
            var packed = new List<(PaperRole, string, Stream)>();
            foreach (var (role, file) in parts.Files)
            {
                var content = File.OpenRead(file);
                open.Add(content);
                packed.Add((role, await ExtensionAsync(content, cancellationToken), content));
            }

            if (syllabus is not null)
                packed.Add((PaperRole.Syllabus, ".json", new MemoryStream(syllabus.Content)));
            await using var target = File.Create(path);
            await PaperContainer.WriteAsync(target, packed, cancellationToken);
        }
        finally
        {
            foreach (var stream in open)
                await stream.DisposeAsync();
        }
    }

    static async Task<string> ExtensionAsync(FileStream content, CancellationToken cancellationToken)
    {
        var start = new byte[PartContent.StartBytes];
        var length = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        content.Position = 0;
        return PartContent.Of(start.AsSpan(0, length)) switch
        {
            PartContent.Pdf => ".pdf",
            PartContent.Picture picture => picture.Extension,
            _ => ".bin",
        };
    }
}
