using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NextUp.Processors.Documents.Results;

/// <summary>Reads a file of chunks line by line, in bounded memory. It may come from anybody's worker, so all of it is checked.</summary>
/// <exception cref="InvalidDataException">It is none; the message says what is wrong, and in which line.</exception>
public sealed class ChunkFileReader(Stream file) : IAsyncDisposable
{
    readonly PipeReader _lines = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
    int _line;
    ChunkFileHeader? _header;

    public async ValueTask<ChunkFileHeader> HeaderAsync(CancellationToken cancellationToken)
    {
        _header = await NextAsync(ChunkFileJson.Wire.ChunkFileHeader, cancellationToken) ?? throw Wrong("it is empty");
        if (_header.Format != ChunkFile.Format)
            throw Wrong($"its format is not \"{ChunkFile.Format}\"");
        if (_header is not { Chunks: > 0, Dimension: > 0 and <= VectorLimits.DimensionMax, Warnings: not null }
            || string.IsNullOrWhiteSpace(_header.Model) || _header.Model.Length > VectorLimits.ModelLengthMax)
            throw Wrong("its header is not whole");
        return _header;
    }

    /// <summary>The next chunk; null behind the last one that the header announces.</summary>
    public async ValueTask<ChunkLine?> NextAsync(CancellationToken cancellationToken)
    {
        var header = _header ?? throw new InvalidOperationException("The header is read first.");
        var line = await NextAsync(ChunkFileJson.Wire.ChunkLine, cancellationToken);
        var read = _line - 1;
        if (line is null)
            return read == header.Chunks ? null : throw Wrong($"it has {read} chunks where its header says {header.Chunks}");
        if (read > header.Chunks || line.Ordinal != read - 1)
            throw Wrong("its chunks are not numbered 0, 1, 2 ... as its header says");
        if (string.IsNullOrWhiteSpace(line.Text) || line.Headings is null || line.CharFrom < 0 || line.CharTo < line.CharFrom)
            throw Wrong("a chunk has no text, or no place");
        if (line.Vector is { } vector
            && (vector.Length != header.Dimension || line.Scale is not { } scale || !float.IsFinite(scale)))
            throw Wrong($"a vector does not have {header.Dimension} numbers");
        return line;
    }

    public ValueTask DisposeAsync() => _lines.CompleteAsync();

    async ValueTask<T?> NextAsync<T>(JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            var read = await _lines.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                _line++;
                var parsed = Parse(buffer.Slice(0, end), type);
                _lines.AdvanceTo(buffer.GetPosition(1, end));
                return parsed;
            }

            if (buffer.Length > ChunkFile.LineBytesMax)
                throw Wrong($"a line is longer than {ChunkFile.LineBytesMax} bytes");
            if (read.IsCompleted)
            {
                if (buffer.Length > 0)
                    throw Wrong("it is cut off");
                return null;
            }

            _lines.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    T Parse<T>(ReadOnlySequence<byte> line, JsonTypeInfo<T> type)
        where T : class
    {
        if (line.Length > ChunkFile.LineBytesMax)
            throw Wrong($"a line is longer than {ChunkFile.LineBytesMax} bytes");
        try
        {
            var reader = new Utf8JsonReader(line);
            return JsonSerializer.Deserialize(ref reader, type) ?? throw Wrong("a line is null");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"The file of chunks is not as it should be: line {_line} is no JSON of its kind.", error);
        }
    }

    InvalidDataException Wrong(string what) => new($"The file of chunks is not as it should be: {what} (line {_line}).");
}

/// <summary>What a space of vectors may be.</summary>
public static class VectorLimits
{
    /// <summary>Numbers in a vector.</summary>
    public const int DimensionMax = 8_192;

    /// <summary>Characters in a model's name.</summary>
    public const int ModelLengthMax = 200;
}
