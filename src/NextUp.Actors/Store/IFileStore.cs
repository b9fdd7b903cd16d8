using NextUp.Actors.Jobs;

namespace NextUp.Actors.Store;

/// <summary>
/// A file that is whole and durable (or small enough to ride in the commit) but belongs to no job yet. It becomes visible
/// with the write that carries it; unclaimed ones are swept away.
/// </summary>
/// <param name="Name">Display name, without path parts or control characters.</param>
/// <param name="Inline">The bytes, where they are few; else null and <paramref name="Path"/> names the file in the store's folder.</param>
public sealed record StagedFile(
    FileRole Role, string Name, string ContentType, long Size, string Sha256, byte[]? Inline, string? Path);

public interface IFileStore
{
    /// <summary>
    /// Takes a stream to its end, counting and hashing. Throws <see cref="FileTooLargeException"/> past
    /// <paramref name="bytesMax"/> and <see cref="StoreFailedException"/> where it cannot be written; nothing remains of either.
    /// </summary>
    ValueTask<StagedFile> StageAsync(
        FileRole role, string name, string contentType, Stream content, long bytesMax, CancellationToken cancellationToken);

    /// <summary>Opens a staged or stored file for reading from its start; the stream can seek.</summary>
    Stream Open(StagedFile file);

    /// <summary>Removes a staged file that no write took.</summary>
    void Discard(StagedFile file);
}

public sealed class FileTooLargeException(long bytesMax) : Exception($"The file is larger than {bytesMax} bytes.")
{
    public long BytesMax { get; } = bytesMax;
}
