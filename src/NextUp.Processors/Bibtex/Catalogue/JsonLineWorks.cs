using System.Runtime.CompilerServices;
using System.Text.Json;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>Reads a file with one JSON value a line. A line that is none spoils only itself.</summary>
static class JsonLineWorks
{
    public static async IAsyncEnumerable<ImportRecord> ReadAsync(
        ByteWindow window, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = await LineLengthAsync(window, cancellationToken);
            if (length < 0)
            {
                var line = window.Line;
                await SkipLineAsync(window, cancellationToken);
                yield return ImportRecord.Skip(line, $"the line is longer than {ByteWindow.LengthMax:n0} bytes");
                continue;
            }

            foreach (var record in Records(window.Bytes[..length], window.Line))
                yield return record;
            window.Consume(length);
            if (window.Span.IsEmpty && window.Ended)
                yield break;
            window.Consume(1);
        }
    }

    // The bytes before the next line feed or the end; negative where the line does not fit.
    static async ValueTask<int> LineLengthAsync(ByteWindow window, CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var at = window.Span[searched..].IndexOf((byte)'\n');
            if (at >= 0)
                return searched + at;
            searched = window.Span.Length;
            if (window.Ended)
                return searched;
            if (window.IsFull)
                return -1;
            await window.GrowAsync(cancellationToken);
        }
    }

    static async ValueTask SkipLineAsync(ByteWindow window, CancellationToken cancellationToken)
    {
        while (true)
        {
            var at = window.Span.IndexOf((byte)'\n');
            window.Consume(at < 0 ? window.Span.Length : at + 1);
            if (at >= 0 || window.Ended)
                return;
            await window.GrowAsync(cancellationToken);
        }
    }

    static IEnumerable<ImportRecord> Records(ReadOnlyMemory<byte> line, long number)
    {
        if (line.Span.Trim(" \t\r,"u8).IsEmpty)
            return [];
        try
        {
            using var document = JsonDocument.Parse(line);
            return [.. WorkJson.Records(document.RootElement, number)];
        }
        catch (JsonException error)
        {
            return [ImportRecord.Skip(number, $"it is not JSON ({Brief(error)})")];
        }
    }

    internal static string Brief(JsonException error) =>
        error.Message.Split(" LineNumber:", 2)[0].TrimEnd('.');
}
