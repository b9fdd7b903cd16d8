using System.Security.Cryptography;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Storage.Files;

namespace NextUp.StorageTests.Files;

public sealed class FolderFileStoreTests : IDisposable
{
    const int InlineMax = 1_000;
    const long BytesMax = 10_000_000;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    readonly TestFolder folder = new();
    readonly FolderFileStore files;

    public FolderFileStoreTests() => files = new FolderFileStore(folder.Path, TimeProvider.System, InlineMax);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(InlineMax)]
    public async Task A_small_file_stays_inline_and_touches_no_disk(int length)
    {
        var content = Content(length);

        var staged = await StageAsync(new MemoryStream(content));

        Assert.Equal(content, staged.Inline);
        Assert.Null(staged.Path);
        Assert.Empty(Directory.GetFiles(folder.Path));
        Verify(staged, content);
    }

    [Theory]
    [InlineData(InlineMax + 1)]
    [InlineData(64 * 1024)]
    [InlineData(1_234_567)]
    public async Task A_large_file_is_streamed_to_disk_whole(int length)
    {
        var content = Content(length);

        var staged = await StageAsync(new TrickleStream(content));

        Assert.Null(staged.Inline);
        Assert.Equal([Path.Combine(folder.Path, staged.Path!)], Directory.GetFiles(folder.Path));
        Verify(staged, content);
    }

    [Fact]
    public async Task A_name_on_disk_is_never_the_uploads()
    {
        string[] names =
            ["../../evil.bib", "/etc/passwd", "a\r\nb.bib", "con", "\"quoted\" 📚.bib", "same.bib", "same.bib"];
        foreach (var name in names)
        {
            var staged = await files.StageAsync(
                FileRole.Original, name, "text/plain", new MemoryStream(Content(5_000)), BytesMax, Stop);
            Assert.Equal(name, staged.Name);
            Assert.Matches("^[0-9a-f]+-[0-9a-f]+\\.bin$", staged.Path);
        }

        Assert.Equal(names.Length, Directory.GetFiles(folder.Path).Length);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(5_000)]
    public async Task A_file_over_the_limit_leaves_nothing(int bytesMax)
    {
        var exact = new MemoryStream(Content(bytesMax));
        var staged = await files.StageAsync(FileRole.Original, "a", "text/plain", exact, bytesMax, Stop);
        files.Discard(staged);

        var refusal = await Assert.ThrowsAsync<FileTooLargeException>(() => files.StageAsync(
            FileRole.Original, "a", "text/plain", new TrickleStream(Content(bytesMax + 1)), bytesMax, Stop).AsTask());

        Assert.Equal(bytesMax, refusal.BytesMax);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing_and_keeps_its_own_error()
    {
        var broken = new TrickleStream(Content(500_000)) { BreaksAt = 300_000 };

        await Assert.ThrowsAsync<EndOfStreamException>(() => StageAsync(broken).AsTask());

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_folder_that_is_gone_is_named()
    {
        Directory.Delete(folder.Path);

        var failure = await Assert.ThrowsAsync<StoreFailedException>(
            () => StageAsync(new MemoryStream(Content(5_000))).AsTask());

        Assert.Contains(folder.Path, failure.Message);
        Assert.False(failure.IsUncertain);
        Directory.CreateDirectory(folder.Path);
        Verify(await StageAsync(new MemoryStream(Content(5_000))), Content(5_000));
    }

    [Fact]
    public async Task Leftovers_of_a_crash_go_when_their_owner_says_so_and_not_when_another_opens_the_folder()
    {
        var staged = await StageAsync(new MemoryStream(Content(5_000)));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "0123-1.tmp"), "half", Stop);

        var reopened = new FolderFileStore(folder.Path, TimeProvider.System, InlineMax);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
        reopened.RemoveLeftovers();

        Assert.Single(Directory.GetFiles(folder.Path));
        using var stream = reopened.Open(staged);
        Assert.Equal(5_000, stream.Length);
    }

    [Fact]
    public async Task A_sweep_removes_what_is_old_and_that_nothing_names()
    {
        var named = await StageAsync(new MemoryStream(Content(5_000)));
        var orphan = await StageAsync(new MemoryStream(Content(5_000)));
        var young = await StageAsync(new MemoryStream(Content(5_000)));
        var now = TimeProvider.System.GetUtcNow();
        foreach (var old in new[] { named, orphan })
            File.SetLastWriteTimeUtc(Path.Combine(folder.Path, old.Path!), now.UtcDateTime.AddHours(-2));

        var removed = await files.SweepAsync(now.AddHours(-1), path => Task.FromResult(path == named.Path), Stop);

        Assert.Equal(1, removed);
        files.Open(named).Dispose();
        files.Open(young).Dispose();
        Assert.Throws<StoreFailedException>(() => files.Open(orphan));
    }

    [Fact]
    public void A_path_out_of_the_folder_is_never_opened()
    {
        var forged = new StagedFile(FileRole.Original, "a", "text/plain", 1, "", null, "../secret");

        Assert.Throws<ArgumentException>(() => files.Open(forged));
        Assert.Throws<ArgumentException>(() => files.Discard(forged));
    }

    ValueTask<StagedFile> StageAsync(Stream content) =>
        files.StageAsync(FileRole.Original, "references.bib", "application/x-bibtex", content, BytesMax, Stop);

    void Verify(StagedFile staged, byte[] content)
    {
        Assert.Equal(content.Length, staged.Size);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), staged.Sha256);
        using var stream = files.Open(staged);
        Assert.True(stream.CanSeek);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        Assert.Equal(content, copy.ToArray());
    }

    static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        return content;
    }

    /// <summary>Gives its bytes in uneven pieces, as a network does, and breaks off where it is told to.</summary>
    sealed class TrickleStream(byte[] content) : Stream
    {
        const int PieceMax = 7_777;

        int position;

        public int BreaksAt { get; init; } = int.MaxValue;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (position >= BreaksAt)
                throw new EndOfStreamException("The connection was closed.");

            var piece = Math.Min(Math.Min(count, PieceMax), content.Length - position);
            content.AsSpan(position, piece).CopyTo(buffer.AsSpan(offset));
            position += piece;
            return piece;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
