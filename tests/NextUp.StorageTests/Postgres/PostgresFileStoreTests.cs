using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Storage.Postgres;
using NextUp.StorageTests.Conformance;

namespace NextUp.StorageTests.Postgres;

/// <summary>Large files as rows of the database, from their first byte to the sweep.</summary>
public sealed class PostgresFileStoreTests : IDisposable
{
    readonly PostgresStoreOptions options = new() { Connection = SharedPostgres.NewStore() };
    readonly PostgresFileStore files;
    readonly PostgresStore store;

    public PostgresFileStoreTests()
    {
        files = new PostgresFileStore(options);
        store = PostgresStore.Open(options, files);
    }

    static CancellationToken Ending => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        store.Dispose();
        files.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) + 1)]
    [InlineData(PostgresFileStore.ChunkBytes)]
    [InlineData((3 * PostgresFileStore.ChunkBytes) + 17)]
    public async Task A_file_is_read_as_it_was_given_from_any_place(int bytes)
    {
        var content = Content(bytes);
        var staged = await StageAsync(content, bytes);

        Assert.Equal(bytes, staged.Size);
        Assert.Equal(bytes <= 64 * 1024, staged.Inline is not null);
        await using var stream = files.Open(staged);
        using var whole = new MemoryStream();
        await stream.CopyToAsync(whole, Ending);
        Assert.Equal(content, whole.ToArray());
        stream.Seek(bytes / 2, SeekOrigin.Begin);
        var rest = new byte[bytes - (bytes / 2)];
        await stream.ReadExactlyAsync(rest, Ending);
        Assert.Equal(content[(bytes / 2)..], rest);
    }

    [Fact]
    public async Task A_file_past_the_limit_is_refused_and_one_at_the_limit_is_not()
    {
        var content = Content(2 * PostgresFileStore.ChunkBytes);

        await StageAsync(content, content.Length);
        await Assert.ThrowsAsync<FileTooLargeException>(() => StageAsync(content, content.Length - 1));
    }

    [Fact]
    public async Task The_sweep_takes_old_files_that_no_job_names_and_a_deleted_jobs_file_goes()
    {
        var (named, unnamed) = (await StageAsync(Content(100_000), 100_000), await StageAsync(Content(100_001), 100_001));
        var steps = new StoreSteps(store);
        var job = await steps.RunningAsync("ann");
        await steps.CommitAsync(steps.End(job) with { Files = [named] });
        var now = TimeProvider.System.GetUtcNow();

        Assert.Equal(0, await files.SweepAsync(now.AddHours(-1), store.HasFileAsync, Ending));
        Assert.Equal(1, await files.SweepAsync(now.AddHours(1), store.HasFileAsync, Ending));
        await using (var stream = files.Open(named))
            Assert.NotEqual(-1, stream.ReadByte());
        await using var gone = files.Open(unnamed);
        await Assert.ThrowsAsync<StoreFailedException>(() => gone.ReadExactlyAsync(new byte[1], Ending).AsTask());
    }

    async Task<StagedFile> StageAsync(byte[] content, long bytesMax) =>
        await files.StageAsync(FileRole.Result, "r.bib", "text/plain", new MemoryStream(content), bytesMax, Ending);

    static byte[] Content(int bytes)
    {
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        return content;
    }
}
