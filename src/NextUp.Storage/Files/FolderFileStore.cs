using System.Buffers;
using System.Security.Cryptography;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;

namespace NextUp.Storage.Files;

/// <summary>
/// Takes uploads and results in. Small ones stay in memory and ride in the commit; larger ones are streamed to a file
/// of this folder. A large file is whole and durable before any row names it: written under a temporary name, synced,
/// renamed, and the folder synced.
/// </summary>
/// <remarks>
/// Crash windows. Before the rename a temporary file remains: <see cref="RemoveLeftovers"/> takes those. After it and
/// before the commit a file remains that no row names: <see cref="SweepAsync"/> removes those of a certain age. After
/// the commit of a deletion and before the removal the same holds. A row never names a file that is not there.
/// </remarks>
public sealed class FolderFileStore : IStoredFiles
{
    /// <summary>Where <see cref="InlineBytesMax"/> is not given.</summary>
    public const int InlineBytesMaxDefault = 64 * 1024;

    const string TemporaryEnding = ".tmp";
    const string Ending = ".bin";
    const int CopyBytes = 64 * 1024;

    readonly string folder;
    readonly TimeProvider clock;
    long counter;

    /// <param name="inlineBytesMax">The largest file that rides in the commit, in bytes.</param>
    public FolderFileStore(string folder, TimeProvider clock, int inlineBytesMax = InlineBytesMaxDefault)
    {
        this.folder = folder;
        this.clock = clock;
        InlineBytesMax = inlineBytesMax;
        OnDisk(() => Directory.CreateDirectory(folder));
    }

    /// <summary>
    /// Removes what uploads of a process that died left half. Called by the process that owns the folder and before it
    /// takes uploads: another's unfinished ones look the same.
    /// </summary>
    public void RemoveLeftovers()
    {
        foreach (var leftover in OnDisk(() => Directory.GetFiles(folder, "*" + TemporaryEnding)))
            Remove(Path.GetFileName(leftover));
    }

    public int InlineBytesMax { get; }

    public async ValueTask<StagedFile> StageAsync(
        FileRole role, string name, string contentType, Stream content, long bytesMax,
        CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var head = ArrayPool<byte>.Shared.Rent((int)Math.Min(InlineBytesMax, bytesMax) + 1);
        try
        {
            var length = await FillAsync(content, head, (int)Math.Min(InlineBytesMax, bytesMax) + 1, cancellationToken);
            if (length > bytesMax)
                throw new FileTooLargeException(bytesMax);

            hash.AppendData(head, 0, length);
            if (length <= InlineBytesMax)
                return new StagedFile(role, name, contentType, length, Hex(hash), head[..length], null);

            var (path, size) = await WriteAsync(head.AsMemory(0, length), content, hash, bytesMax, cancellationToken);
            return new StagedFile(role, name, contentType, size, Hex(hash), null, path);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(head);
        }
    }

    public Stream Open(StagedFile file)
    {
        if (file.Inline is { } bytes)
            return new MemoryStream(bytes, writable: false);

        var path = Full(file.Path!);
        return OnDisk(
            () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));
    }

    public void Discard(StagedFile file)
    {
        if (file.Path is { } path)
            Remove(path);
    }

    /// <summary>
    /// Removes files that nothing names and that were last written before <paramref name="olderThan"/>; younger ones
    /// may be waiting for their commit.
    /// </summary>
    /// <param name="isNamed">Whether a stored row names the file.</param>
    /// <returns>How many were removed.</returns>
    public async Task<int> SweepAsync(
        DateTimeOffset olderThan, Func<string, Task<bool>> isNamed, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*" + Ending))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.LastWriteTimeUtc >= olderThan.UtcDateTime || await isNamed(file.Name))
                continue;

            Remove(file.Name);
            removed++;
        }

        return removed;
    }

    public void Remove(IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
            Remove(path);
    }

    void Remove(string path)
    {
        try
        {
            File.Delete(Full(path));
        }
        catch (Exception failure) when (IsOfDisk(failure))
        {
            // No row names the file any more, so nobody can meet it; the next sweep tries again.
        }
    }

    async Task<(string Path, long Size)> WriteAsync(
        ReadOnlyMemory<byte> head, Stream content, IncrementalHash hash, long bytesMax,
        CancellationToken cancellationToken)
    {
        var stem = $"{clock.GetUtcNow().ToUnixTimeMilliseconds():x12}-{Interlocked.Increment(ref counter):x8}";
        var temporary = Path.Combine(folder, stem + TemporaryEnding);
        var isWhole = false;
        try
        {
            long size;
            await using (var file = Create(temporary))
            {
                await PutAsync(file, head, cancellationToken);
                size = head.Length + await CopyAsync(content, file, hash, bytesMax - head.Length, cancellationToken)
                    ?? throw new FileTooLargeException(bytesMax);
                Sync(file);
            }

            Settle(temporary, Path.Combine(folder, stem + Ending));
            isWhole = true;
            return (stem + Ending, size);
        }
        finally
        {
            if (!isWhole)
                Remove(stem + TemporaryEnding);
        }
    }

    /// <returns>The bytes copied, or null where there are more than allowed.</returns>
    async Task<long?> CopyAsync(
        Stream content, FileStream file, IncrementalHash hash, long bytesMax, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            for (var copied = 0L; ;)
            {
                var length = await content.ReadAsync(buffer.AsMemory(0, CopyBytes), cancellationToken);
                if (length == 0)
                    return copied;

                copied += length;
                if (copied > bytesMax)
                    return null;

                hash.AppendData(buffer, 0, length);
                await PutAsync(file, buffer.AsMemory(0, length), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static async Task<int> FillAsync(Stream content, byte[] buffer, int bytes, CancellationToken cancellationToken) =>
        await content.ReadAtLeastAsync(buffer.AsMemory(0, bytes), bytes, throwOnEndOfStream: false, cancellationToken);

    FileStream Create(string path) => OnDisk(
        () => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0));

    async ValueTask PutAsync(FileStream file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // Only our own writing is the disk's fault: the stream that is read may break for reasons of its own.
        try
        {
            await file.WriteAsync(bytes, cancellationToken);
        }
        catch (Exception failure) when (IsOfDisk(failure))
        {
            throw Failed(failure);
        }
    }

    void Sync(FileStream file) => OnDisk(() =>
    {
        file.Flush(flushToDisk: true);
        return true;
    });

    // If we die before the folder is synced, the file may be gone after a power cut; no row names it yet.
    void Settle(string temporary, string final) => OnDisk(() =>
    {
        File.Move(temporary, final);
        FolderSync.Run(folder);
        return true;
    });

    T OnDisk<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception failure) when (IsOfDisk(failure))
        {
            throw Failed(failure);
        }
    }

    // Names come from our own rows; a path in one would mean a forged row.
    string Full(string name) => Path.GetFileName(name) == name
        ? Path.Combine(folder, name)
        : throw new ArgumentException($"'{name}' is not the name of a stored file.");

    StoreFailedException Failed(Exception failure) => new(
        $"The files folder '{folder}' failed: {failure.Message} Free some space or give this process write permission "
        + "on it, then try again; nothing was stored.",
        isUncertain: false, failure);

    static bool IsOfDisk(Exception failure) => failure is IOException or UnauthorizedAccessException;

    static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
