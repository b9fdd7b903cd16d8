namespace NextUp.Storage.Postgres;

/// <summary>Reads a file of chunks from any place, one chunk in memory at a time.</summary>
sealed class ChunkStream(long length, Func<long, Task<byte[]>> load) : Stream
{
    byte[] chunk = [];
    long loaded = -1;
    long position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => position;
        set => position = value;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (position >= length || buffer.IsEmpty)
            return 0;

        var number = position / PostgresFileStore.ChunkBytes;
        if (number != loaded)
            (chunk, loaded) = (await load(number).WaitAsync(cancellationToken), number);
        var rest = chunk.AsMemory((int)(position % PostgresFileStore.ChunkBytes));
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("A stored file is only read.");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A stored file is only read.");
}
