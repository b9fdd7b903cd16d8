namespace NextUp.Processors.Files;

/// <summary>Bytes that lie in sectors all over a file, as one stream with a small window over it.</summary>
/// <param name="starts">Where each sector begins in the file.</param>
/// <param name="length">Bytes in all.</param>
sealed class SectorChain(Stream file, IReadOnlyList<long> starts, long sectorLength, long length)
{
    const int WindowBytes = 64 << 10;

    readonly byte[] _window = new byte[WindowBytes];
    long _from;
    int _filled;

    public long Length => Math.Min(length, starts.Count * sectorLength);

    /// <summary>The bytes from a position on, fewer where the end is before; valid until the next call.</summary>
    /// <param name="count">At most the window's 64 KiB.</param>
    public ReadOnlySpan<byte> At(long position, int count)
    {
        count = (int)Math.Clamp(Length - position, 0, count);
        if (position < _from || position + count > _from + _filled)
            Fill(position);
        return _window.AsSpan((int)(position - _from), Math.Min(count, _filled));
    }

    void Fill(long position)
    {
        (_from, _filled) = (position, 0);
        while (_filled < WindowBytes && position < Length)
        {
            var (sector, inside) = ((int)(position / sectorLength), position % sectorLength);
            var wanted = (int)Math.Min(Math.Min(sectorLength - inside, Length - position), WindowBytes - _filled);
            file.Position = starts[sector] + inside;
            var read = file.ReadAtLeast(_window.AsSpan(_filled, wanted), wanted, throwOnEndOfStream: false);
            (_filled, position) = (_filled + read, position + read);
            if (read < wanted)
                return;
        }
    }
}
