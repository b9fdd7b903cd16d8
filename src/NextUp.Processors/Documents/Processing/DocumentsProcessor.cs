using System.Text.Json;
using System.Text.Json.Nodes;
using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Processors.Documents.Chunking;
using NextUp.Processors.Documents.Embedding;
using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Documents.Results;
using NextUp.Processors.Documents.Words;

namespace NextUp.Processors.Documents.Processing;

/// <summary>
/// Makes a document searchable: reads its text, cuts it into chunks, has each embedded, and hands all of it back as a file
/// of chunks, which the server takes in. It never completes with nothing in it.
/// </summary>
/// <remarks>
/// Reading is cheap enough to be done again; vectors of a service cost money, so each batch is stored as a checkpoint and an
/// attempt that follows a lost one goes on behind the last.
/// </remarks>
public sealed class DocumentsProcessor(IDocumentReader reader, IEmbedder embedder, DocumentOptions options) : IJobProcessor
{
    public static readonly JobKind DocumentsKind = new("documents");

    /// <summary>What of the whole is done when the text was read; the rest is embedding.</summary>
    const int PercentOfReading = 40;

    const int PercentOfEmbedding = 99;

    public JobKind Kind => DocumentsKind;

    public async ValueTask<UploadVerdict> CheckAsync(string fileName, Stream content, CancellationToken cancellationToken)
    {
        if (content.Length == 0)
            return new UploadVerdict.Unfit($"\"{fileName}\" is empty. Send a file with text in it.");
        return await reader.RefusalAsync(fileName, content, cancellationToken) is { } reason
            ? new UploadVerdict.Unfit(reason) : new UploadVerdict.Fit(null);
    }

    public async Task<JobOutcome> RunAsync(IJobRun run, CancellationToken cancellationToken)
    {
        if (DocumentWish.Read(run.Options) is not { } wish)
            return new JobOutcome.GiveUp($"The options of a document are {DocumentWish.Rule}");
        if (wish.IsOverChunks)
            return await EmbedAgainAsync(run, cancellationToken);

        run.Report(new(0, null, 0, 0, "Reading the file"));
        var input = await CopyAsync(run, cancellationToken);
        return await reader.ReadAsync(input, run.FileName, progress => Report(run, progress), cancellationToken) switch
        {
            DocumentReading.Extracted extracted => await MakeAsync(run, extracted.Text, cancellationToken),
            DocumentReading.Refused refused => new JobOutcome.GiveUp(refused.Reason),
            DocumentReading.ToolFailed failed => new JobOutcome.Retry(failed.Reason),
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };
    }

    static async Task<string> CopyAsync(IJobRun run, CancellationToken cancellationToken)
    {
        var path = Path.Combine(run.Workspace, "upload");
        await using var input = await run.OpenInputAsync(cancellationToken);
        await using var copy = File.Create(path);
        await input.CopyToAsync(copy, cancellationToken);
        return path;
    }

    static void Report(IJobRun run, ReadingProgress progress)
    {
        var percent = progress.Total is > 0 and var total ? PercentOfReading * Math.Min(progress.Done, total) / total : 0;
        run.Report(new(progress.Done, progress.Total, 0, percent, progress.Step));
    }

    async Task<JobOutcome> MakeAsync(IJobRun run, DocumentText text, CancellationToken cancellationToken)
    {
        var pages = HasPages(text.Format) ? text.Pages.Count : (int?)null;
        List<DocumentChunk> chunks = [.. Chunker.Split(text).Select(chunk => Of(chunk, pages is not null))];
        cancellationToken.ThrowIfCancellationRequested();
        if (chunks.Count == 0)
            return new JobOutcome.GiveUp($"\"{run.FileName}\" has no text in it. If it is a scan, send it with a text layer (OCR).");
        if (chunks.Count > options.ChunksMax)
        {
            return new JobOutcome.GiveUp(
                $"\"{run.FileName}\" makes {chunks.Count:N0} chunks; a document may have {options.ChunksMax:N0} "
                + "(documents.chunksMax). Split it and send the parts.");
        }

        run.Log($"{chunks.Count} chunks of {(pages is { } count ? $"{count} pages" : "text")}");
        foreach (var warning in text.Warnings)
            run.Log(warning);
        var language = Languages.Of(chunks.Select(chunk => chunk.Text));
        return await EmbedAsync(run, chunks, new(pages, language, text.Warnings), cancellationToken);
    }

    /// <summary>The upload is a file of chunks that the server made, because the model changed: only vectors are new.</summary>
    async Task<JobOutcome> EmbedAgainAsync(IJobRun run, CancellationToken cancellationToken)
    {
        await using var input = await run.OpenInputAsync(cancellationToken);
        await using var file = new ChunkFileReader(input);
        try
        {
            var header = await file.HeaderAsync(cancellationToken);
            List<DocumentChunk> chunks = [];
            while (await file.NextAsync(cancellationToken) is { } line)
                chunks.Add(line.Chunk);
            return await EmbedAsync(run, chunks, new(header.Pages, header.Language, header.Warnings), cancellationToken);
        }
        catch (InvalidDataException error)
        {
            return new JobOutcome.GiveUp($"{error.Message} Upload the document itself.");
        }
    }

    sealed record Facts(int? Pages, string? Language, IReadOnlyList<string> Warnings);

    async Task<JobOutcome> EmbedAsync(IJobRun run, List<DocumentChunk> chunks, Facts facts, CancellationToken cancellationToken)
    {
        var path = Path.Combine(run.Workspace, "chunks.jsonl");
        try
        {
            await using var file = File.Create(path);
            var vectors = new VectorSteps(run, embedder, options.ChunksAtOnce);
            for (var done = 0; done < chunks.Count;)
            {
                run.Report(Embedding(done, chunks.Count));
                var batch = chunks[done..Math.Min(done + options.ChunksAtOnce, chunks.Count)];
                var packed = await vectors.NextAsync(batch, cancellationToken);
                if (done == 0)
                {
                    ChunkFile.Write(file, new ChunkFileHeader(
                        ChunkFile.Format, run.FileName, chunks.Count, facts.Pages, facts.Language, vectors.Space.Model,
                        vectors.Space.Dimension, facts.Warnings));
                }

                for (var i = 0; i < batch.Count; i++)
                    ChunkFile.Write(file, ChunkLine.Of(batch[i], packed[i]));
                done += batch.Count;
            }

            run.Report(Embedding(chunks.Count, chunks.Count));
            return Done(run, path, chunks.Count, facts, vectors.Space);
        }
        catch (EmbeddingException error)
        {
            return error.IsTransient ? new JobOutcome.Retry(error.Message, error.After) : new JobOutcome.GiveUp(error.Message);
        }
    }

    static JobProgress Embedding(int done, int total) => new(
        done, total, 0, PercentOfReading + ((PercentOfEmbedding - PercentOfReading) * done / total), "Embedding chunks");

    static JobOutcome.Done Done(IJobRun run, string path, int chunks, Facts facts, EmbeddingSpace space)
    {
        var summary = new JsonObject
        {
            ["chunks"] = chunks,
            ["vectors"] = chunks,
            ["pages"] = facts.Pages,
            ["language"] = facts.Language,
            ["model"] = space.Model,
            ["dimension"] = space.Dimension,
            ["warnings"] = facts.Warnings.Count,
        };
        var name = Path.GetFileNameWithoutExtension(run.FileName) + "-chunks.jsonl";
        return new(summary.ToJsonString(), [new(FileRole.Result, name, ChunkFile.ContentType) { Path = path }]);
    }

    static bool HasPages(DocumentFormat format) => format
        is DocumentFormat.Pdf or DocumentFormat.Pptx or DocumentFormat.Xlsx or DocumentFormat.Xls;

    static DocumentChunk Of(Chunk chunk, bool hasPages) => new(
        chunk.Ordinal, chunk.Text, hasPages ? chunk.PageFrom : null, hasPages ? chunk.PageTo : null, chunk.CharFrom, chunk.CharTo,
        string.Join(" > ", chunk.HeadingPath));
}

/// <summary>How documents are worked on.</summary>
public sealed record DocumentOptions
{
    /// <summary>Chunks of one document. Defaults to 100,000, some 80 million characters.</summary>
    public int ChunksMax { get; init; } = 100_000;

    /// <summary>Chunks embedded together, and stored as one checkpoint where vectors cost something. Defaults to 64.</summary>
    public int ChunksAtOnce { get; init; } = 64;
}
