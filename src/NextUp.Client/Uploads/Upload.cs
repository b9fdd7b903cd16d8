namespace NextUp.Client.Uploads;

/// <summary>A file on its way to the server. It can be opened more than once, so that a lost submission can be repeated.</summary>
public abstract class Upload
{
    private protected Upload(string fileName) => FileName = fileName;

    /// <summary>The name it is submitted under.</summary>
    public string FileName { get; }

    /// <summary>Its size in bytes, or null where that is known only at the end.</summary>
    internal abstract long? Length { get; }

    /// <summary>A file on this machine, submitted under its own name. Read while it is sent, never held whole.</summary>
    public static Upload OfFile(string path) => new OnDisk(path);

    /// <summary>Bytes that are already in memory.</summary>
    public static Upload OfBytes(string fileName, ReadOnlyMemory<byte> content) => new InMemory(fileName, content);

    /// <param name="fileName">The name it is submitted under.</param>
    /// <param name="open">
    /// Opens the content from its start, once an attempt; the client disposes each stream. A function that can open only once
    /// may throw <see cref="IOException"/> the second time, which ends the attempts.
    /// </param>
    public static Upload OfStream(string fileName, Func<Stream> open) => new Opened(fileName, open);

    internal abstract ValueTask WriteAsync(Stream target, CancellationToken cancellationToken);

    sealed class InMemory(string fileName, ReadOnlyMemory<byte> content) : Upload(fileName)
    {
        internal override long? Length => content.Length;

        internal override ValueTask WriteAsync(Stream target, CancellationToken cancellationToken) =>
            target.WriteAsync(content, cancellationToken);
    }

    sealed class Opened(string fileName, Func<Stream> open) : Upload(fileName)
    {
        internal override long? Length => null;

        internal override async ValueTask WriteAsync(Stream target, CancellationToken cancellationToken)
        {
            await using var source = open();
            await source.CopyToAsync(target, cancellationToken);
        }
    }

    sealed class OnDisk(string path) : Upload(Path.GetFileName(path))
    {
        // The length is not announced: a file that grows or shrinks while it is sent would break the connection.
        internal override long? Length => null;

        internal override async ValueTask WriteAsync(Stream target, CancellationToken cancellationToken)
        {
            await using var source = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await source.CopyToAsync(target, cancellationToken);
        }
    }
}
