namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>A stream whose first bytes were read already, put together again. Only for reading, once.</summary>
sealed class StreamWithStart(ReadOnlyMemory<byte> start, Stream rest) : Stream
{
    ReadOnlyMemory<byte> ahead = start;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => ahead.IsEmpty ? rest.Read(buffer) : ReadAhead(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ahead.IsEmpty ? rest.ReadAsync(buffer, cancellationToken) : new(ReadAhead(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    int ReadAhead(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, ahead.Length);
        ahead.Span[..count].CopyTo(buffer);
        ahead = ahead[count..];
        return count;
    }
}
