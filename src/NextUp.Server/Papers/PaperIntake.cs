using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Actors.Papers;
using NextUp.Actors.Store;
using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Containers;

namespace NextUp.Server.Papers;

/// <summary>
/// Keeps the papers that jobs read, from the package that a job hands back, be it made here or by a worker elsewhere. What a
/// worker sends is looked at like an upload.
/// </summary>
sealed class PaperIntake(IPaperStore store, IFileStore files, TimeProvider clock) : IResultIntake
{
    /// <summary>The paper itself, in bytes.</summary>
    public const int PaperBytesMax = 16 << 20;

    /// <summary>The picture of one page, in bytes.</summary>
    public const int PictureBytesMax = 32 << 20;

    /// <summary>Pictures of one paper.</summary>
    public const int PicturesMax = 500;

    public JobKind Kind => ExamProcessor.ExamKind;

    public async Task<IntakeAnswer> TakeAsync(JobRecord job, IReadOnlyList<StagedFile> staged, CancellationToken cancellationToken)
    {
        if (staged.FirstOrDefault(file => file.Role == FileRole.Result) is not { } result)
            return new IntakeAnswer.Refused("The worker sent no result. Have the job done again.");
        try
        {
            using var content = files.Open(result);
            using var zip = new ZipArchive(content, ZipArchiveMode.Read);
            if (zip.GetEntry(ResultPackage.PaperName) is not { } entry || await ReadAsync(entry, PaperBytesMax) is not { } json)
                return Unfit("it holds no paper.json of a fit size");
            var paper = JsonSerializer.Deserialize(json, ExamJson.Wire.ExamPaper);
            if (paper?.Questions is null || paper.Questions.Any(question => question?.Key is null))
                return Unfit("its paper.json is no paper");

            var pictures = zip.Entries
                .Where(one => one.FullName.StartsWith(ResultPackage.PagesFolder, StringComparison.Ordinal)).Take(PicturesMax + 1).ToList();
            if (pictures.Count > PicturesMax)
                return Unfit($"it holds more than {PicturesMax} pictures");
            var take = new PaperTake(
                job.Id, job.Sequence, job.Attempt, job.User, PaperOf(job), NameOf(job),
                JsonSerializer.SerializeToUtf8Bytes(paper, ExamJson.Wire.ExamPaper), clock.GetUtcNow());
            return await store.TakeAsync(take, Pages(pictures)) ? new IntakeAnswer.Taken() : new IntakeAnswer.Superseded();
        }
        catch (InvalidDataException error)
        {
            return Unfit(error.Message);
        }
        catch (JsonException)
        {
            return Unfit("its paper.json is no paper");
        }
    }

    public Task SettleAsync(JobId job, JobRecord? stored, CancellationToken cancellationToken) =>
        stored is null || stored.State.IsFinished()
            ? store.SettleAsync(job, stored?.State == JobState.Completed ? stored.Attempt : null)
            : Task.CompletedTask;

    public Task<IReadOnlyList<JobId>> UnsettledAsync(JobId? after, int limit) => store.UnsettledAsync(after, limit);

    /// <summary>As people know it: what came in several files is packed, and its job's file is called like the pack.</summary>
    static string NameOf(JobRecord job) =>
        Path.GetExtension(job.FileName) == ".zip" ? Path.GetFileNameWithoutExtension(job.FileName) : job.FileName;

    /// <summary>The id that the submitter chose, else the job's own.</summary>
    public static PaperId PaperOf(JobRecord job) => new(ExamOptions.Read(job.Options).Options.Paper ?? job.Id.ToString());

    static IntakeAnswer.Refused Unfit(string what) =>
        new($"What the worker sent cannot be kept: {what}. Have the job done again by a worker of this version.");

    /// <summary>One page in memory at a time.</summary>
    static IEnumerable<PaperPage> Pages(List<ZipArchiveEntry> entries)
    {
        var seen = new HashSet<int>();
        foreach (var entry in entries)
        {
            if (!int.TryParse(Path.GetFileNameWithoutExtension(entry.Name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number is < 1 or > PicturesMax || !seen.Add(number))
                throw new InvalidDataException($"\"{entry.Name}\" names no page");
            var image = Read(entry, PictureBytesMax) ?? throw new InvalidDataException($"the picture of page {number} is too large");
            if (PartContent.Of(image.AsSpan(0, Math.Min(image.Length, PartContent.StartBytes))) is not PartContent.Picture picture)
                throw new InvalidDataException($"the picture of page {number} is no PNG or JPEG");
            yield return new(number, picture.ContentType, image);
        }
    }

    static Task<byte[]?> ReadAsync(ZipArchiveEntry entry, int bytesMax) => Task.Run(() => Read(entry, bytesMax));

    /// <summary>What the entry really holds, whatever it says; null past the limit.</summary>
    static byte[]? Read(ZipArchiveEntry entry, int bytesMax)
    {
        using var source = entry.Open();
        using var content = new MemoryStream();
        var buffer = new byte[81920];
        while (source.Read(buffer) is var read and > 0)
        {
            if (content.Length + read > bytesMax)
                return null;
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
