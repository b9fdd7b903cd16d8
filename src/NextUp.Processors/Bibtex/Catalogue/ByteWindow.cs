namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>The part of a stream that is being looked at: it grows at its end and is consumed from its start.</summary>
sealed class ByteWindow(Stream stream)
{
    /// <summary>The longest record, in bytes, that is held in memory at once.</summary>
    public const int LengthMax = 16 * 1024 * 1024;

    const int LengthAtFirst = 64 * 1024;

    byte[] buffer = new byte[LengthAtFirst];
    int start;
    int end;

    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(start, end - start);

    public ReadOnlySpan<byte> Span => buffer.AsSpan(start, end - start);

    public bool IsFull => end - start >= LengthMax;

    /// <summary>Whether the window reaches the end of the stream.</summary>
    public bool Ended { get; private set; }

    /// <summary>The line of the window's first byte, from 1.</summary>
    public long Line { get; private set; } = 1;

    public long BytesConsumed { get; private set; }

    /// <summary>Takes in more of the stream; nothing at its end. A full window has to be consumed first.</summary>
    public async ValueTask GrowAsync(CancellationToken cancellationToken)
    {
        if (start > 0 && end == buffer.Length)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
            Array.Resize(ref buffer, Math.Min(buffer.Length * 2, LengthMax));

        var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
        end += read;
        Ended = read == 0;
    }

    public void Consume(int count)
    {
        Line += buffer.AsSpan(start, count).Count((byte)'\n');
        BytesConsumed += count;
        start += count;
    }
}
