using System.Buffers;

namespace NextUp.Client.Uploads;

/// <summary>
/// A file on its way to the server. It can be opened more than once, so that a lost submission can be repeated.
/// </summary>
public abstract class Upload
{
    const int CopyBytes = 1 << 16;

    private protected Upload(string fileName) => FileName = fileName;

    /// <summary>The name it is submitted under.</summary>
    public string FileName { get; }

    /// <summary>
    /// A file on this machine, submitted under its own name. Read while it is sent, never held whole.
    /// </summary>
    public static Upload OfFile(string path) => new OnDisk(path);

    /// <summary>Bytes that are already in memory.</summary>
    public static Upload OfBytes(string fileName, ReadOnlyMemory<byte> content) => new InMemory(fileName, content);

    /// <param name="fileName">The name it is submitted under.</param>
    /// <param name="open">
    /// Opens the content from its start, once an attempt; the client disposes each stream. What it throws of
    /// <see cref="IOException"/> ends the attempts with <see cref="UploadUnreadableException"/>.
    /// </param>
    public static Upload OfStream(string fileName, Func<Stream> open) => new Opened(fileName, open);

    /// <summary>Its size in bytes now, or null where that is known only at the end.</summary>
    internal abstract long? Measure();

    /// <param name="target">Where it goes.</param>
    /// <param name="length">What <see cref="Measure"/> said, and the server was told.</param>
    internal abstract ValueTask WriteAsync(Stream target, long? length, CancellationToken cancellationToken);

    /// <summary>
    /// Copies, and keeps apart whose fault a failure is: what the source throws becomes
    /// <see cref="UploadUnreadableException"/>, what the connection throws passes as it is.
    /// </summary>
    async ValueTask CopyAsync(Func<Stream> open, Stream target, long? length, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            await using var source = Local(open);
            var copied = 0L;
            while (await LocalAsync(source, buffer, cancellationToken) is > 0 and var read)
            {
                copied += read;
                if (copied > length)
                    throw new UploadUnreadableException(FileName, "it grew while it was sent");
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            if (copied < length)
                throw new UploadUnreadableException(FileName, "it shrank while it was sent");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    T Local<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UploadUnreadableException(FileName, refused.Message, refused);
        }
    }

    async ValueTask<int> LocalAsync(Stream source, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException broken)
        {
            throw new UploadUnreadableException(FileName, broken.Message, broken);
        }
    }

    sealed class InMemory(string fileName, ReadOnlyMemory<byte> content) : Upload(fileName)
    {
        internal override long? Measure() => content.Length;

        internal override ValueTask WriteAsync(Stream target, long? length, CancellationToken cancellationToken) =>
            target.WriteAsync(content, cancellationToken);
    }

    sealed class Opened(string fileName, Func<Stream> open) : Upload(fileName)
    {
        internal override long? Measure() => null;

        internal override ValueTask WriteAsync(Stream target, long? length, CancellationToken cancellationToken) =>
            CopyAsync(open, target, length, cancellationToken);
    }

    sealed class OnDisk(string path) : Upload(Path.GetFileName(path))
    {
        internal override long? Measure() => Local(() => new FileInfo(path).Length);

        internal override ValueTask WriteAsync(Stream target, long? length, CancellationToken cancellationToken) =>
            CopyAsync(Open, target, length, cancellationToken);

        FileStream Open() => new(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
    }
}

/// <summary>A file that was to be submitted could not be opened or read to its end. Nothing was accepted.</summary>
public sealed class UploadUnreadableException(string fileName, string reason, Exception? inner = null)
    : Exception($"{fileName} could not be read: {reason}", inner)
{
    public string FileName { get; } = fileName;
}
