using NextUp.Actors.Documents;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.StorageTests.Conformance;

/// <summary>What the rules do with a store, step by step.</summary>
public abstract partial class DocumentStoreConformance
{
    int _made;

    static JobId NewJob() => new(Guid.CreateVersion7(Now));

    NewDocument New(UserId user, string content)
    {
        var job = NewJob();
        return new(new(job.Value), user, $"{content}.txt", 10, content, "text/plain", job, Now.AddSeconds(_made++));
    }

    async Task<DocumentRecord> AnnouncedAsync(UserId user, string content)
    {
        var document = New(user, content);
        Assert.IsType<AnnounceAnswer.Announced>(await Documents.AnnounceAsync(document));
        return (await Documents.FindAsync(user, document.Id))!;
    }

    async Task<DocumentRecord> CompletedAsync(UserId user, string content, int chunks)
    {
        var document = await AnnouncedAsync(user, content);
        await TakenAsync(document.Job, 1, chunks, int.MaxValue);
        await Documents.SettleAsync(document.Job, Completed(1));
        return (await Documents.FindAsync(user, document.Id))!;
    }

    async Task<VersionDraft> BegunAsync(JobId job, int attempt, int chunks, int chunksMax = ChunksMax) =>
        Assert.IsType<BeginAnswer.Begun>(await Documents.BeginAsync(job, attempt, Facts(chunks), chunksMax)).Draft;

    async Task TakenAsync(JobId job, int attempt, int chunks, int chunksMax = ChunksMax)
    {
        var draft = await BegunAsync(job, attempt, chunks, chunksMax);
        Assert.True(await Documents.AddAsync(draft, [.. Enumerable.Range(0, chunks).Select(i => Chunk(i, attempt))]));
        Assert.True(await Documents.FinishAsync(draft));
    }

    static DocumentVersion Facts(int chunks) => new(0, Space, chunks, 3, "en", ["A warning."]);

    static EmbeddedChunk Chunk(int ordinal, int attempt) => new(
        new(ordinal, $"{ordinal} of {attempt}", 1, 2, ordinal * 10, (ordinal * 10) + 6, "One > Two"),
        new(new sbyte[] { (sbyte)(ordinal % 100), (sbyte)-(ordinal % 100), 127, -127 }, 0.5f));

    static DocumentEnd.Completed Completed(int attempt) => new(attempt, Now, Now.AddSeconds(2));

    static DocumentEnd.Ended Failed(string error) => new(DocumentState.Failed, error, Now, Now.AddSeconds(2));

    async Task<IReadOnlyList<string>> TextsAsync(UserId user, DocumentId document) =>
        [.. (await Documents.ChunksAsync(user, document, 0, 5_000)).Select(chunk => chunk.Text)];

    async Task<(long Chunks, long Documents)> CountAsync(UserId user)
    {
        var counts = await Documents.CountsAsync(user);
        return (counts.Chunks, counts.Documents);
    }

    async Task<int> EraseAsync()
    {
        var pieces = 0;
        while (await Documents.EraseAsync())
            pieces++;
        return pieces;
    }
}
