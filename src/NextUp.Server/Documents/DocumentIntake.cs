using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Processors.Documents.Processing;
using NextUp.Processors.Documents.Results;

namespace NextUp.Server.Documents;

/// <summary>
/// Takes files of chunks into the store of documents. The file may have been made anywhere, so every line is checked; it is
/// read and stored in small parts, so its size does not matter to anybody else.
/// </summary>
/// <param name="settled">Told of a user whose documents changed; may start what follows from it and returns at once.</param>
sealed class DocumentIntake(
    IDocumentStore documents, IFileStore files, Func<int> chunksPerUserMax, Action settled) : IResultIntake
{
    /// <summary>Chunks stored in one transaction.</summary>
    const int ChunksAtOnce = 200;

    public JobKind Kind => DocumentsProcessor.DocumentsKind;

    /// <summary>
    /// Whether a job that is not stored may be on its way all the same: another server has announced its document just now.
    /// </summary>
    public Func<JobId, bool> MayComeYet { get; init; } = static _ => false;

    public async Task<IntakeAnswer> TakeAsync(JobRecord job, IReadOnlyList<StagedFile> staged, CancellationToken cancellationToken)
    {
        if (staged.FirstOrDefault(file => file.Role == FileRole.Result) is not { } result)
            return new IntakeAnswer.Refused("The work came back without a file of chunks. Submit the document again.");
        await using var content = files.Open(result);
        await using var reader = new ChunkFileReader(content);
        try
        {
            return await TakeAsync(job, reader, cancellationToken);
        }
        catch (InvalidDataException error)
        {
            return new IntakeAnswer.Refused(error.Message);
        }
    }

    public Task<IReadOnlyList<JobId>> UnsettledAsync(JobId? after, int limit) => documents.UnsettledAsync(after, limit);

    public async Task SettleAsync(JobId job, JobRecord? stored, CancellationToken cancellationToken)
    {
        if (stored is null && MayComeYet(job))
            return;
        if (stored is null)
            await documents.DismissAsync(job);
        else
            await documents.SettleAsync(job, EndOf(stored));
        settled();
    }

    async Task<IntakeAnswer> TakeAsync(JobRecord job, ChunkFileReader reader, CancellationToken cancellationToken)
    {
        var header = await reader.HeaderAsync(cancellationToken);
        var facts = new DocumentVersion(
            0, new(header.Model, header.Dimension), header.Chunks, header.Pages, header.Language, header.Warnings);
        switch (await documents.BeginAsync(job.Id, job.Attempt, facts, chunksPerUserMax()))
        {
            case BeginAnswer.Begun begun:
                return await TakeAsync(begun.Draft, reader, cancellationToken);
            case BeginAnswer.Whole:
                return new IntakeAnswer.Taken();
            case BeginAnswer.Superseded:
                return new IntakeAnswer.Superseded();
            case BeginAnswer.Gone:
                return new IntakeAnswer.Refused("The document was deleted while it was worked on.");
            case BeginAnswer.Full full:
                return new IntakeAnswer.Refused(
                    $"The document has {header.Chunks:N0} chunks, you have {full.Chunks:N0} already, and {chunksPerUserMax():N0} are the "
                    + "most (documents.chunksPerUserMax). Delete documents that are no longer needed, then have this one processed again.");
            case var unknown:
                throw new System.Diagnostics.UnreachableException($"{unknown}");
        }
    }

    async Task<IntakeAnswer> TakeAsync(VersionDraft draft, ChunkFileReader reader, CancellationToken cancellationToken)
    {
        List<EmbeddedChunk> batch = new(ChunksAtOnce);
        while (await reader.NextAsync(cancellationToken) is { } line)
        {
            if (line.Vector is not { } vector)
                return new IntakeAnswer.Refused("The file of chunks has a chunk without a vector. Submit the document again.");
            var values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, sbyte>(vector).ToArray();
            // -128 has no counterpart, and sums of products must fit 16 bits.
            values.AsSpan().Replace(sbyte.MinValue, (sbyte)-sbyte.MaxValue);
            batch.Add(new(line.Chunk, new(values, line.Scale!.Value)));
            if (batch.Count < ChunksAtOnce)
                continue;
            cancellationToken.ThrowIfCancellationRequested();
            if (!await documents.AddAsync(draft, batch))
                return new IntakeAnswer.Superseded();
            batch.Clear();
        }

        var isWhole = (batch.Count == 0 || await documents.AddAsync(draft, batch)) && await documents.FinishAsync(draft);
        return isWhole ? new IntakeAnswer.Taken() : new IntakeAnswer.Superseded();
    }

    static DocumentEnd EndOf(JobRecord job) => job.State switch
    {
        JobState.Completed => new DocumentEnd.Completed(job.Attempt, job.StartedAt, job.EndedAt),
        JobState.Failed => new DocumentEnd.Ended(DocumentState.Failed, job.Error, job.StartedAt, job.EndedAt),
        JobState.Cancelled => new DocumentEnd.Ended(DocumentState.Cancelled, job.Error, job.StartedAt, job.EndedAt),
        JobState.Processing => new DocumentEnd.GoesOn(job.Attempt),
        _ => new DocumentEnd.GoesOn(job.Attempt + 1),
    };
}
