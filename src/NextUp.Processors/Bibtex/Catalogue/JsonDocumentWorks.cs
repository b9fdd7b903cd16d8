using System.Runtime.CompilerServices;
using System.Text.Json;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>
/// Reads one JSON document that holds a list of works: an answer of Crossref's or OpenAlex', a file of Crossref's
/// yearly dump, an array. Only one work at a time is in memory. A document without such a list is one work itself.
/// </summary>
static class JsonDocumentWorks
{
    const int ListDepthMax = 2;

    enum ItemKind
    {
        Complete,
        Incomplete,
        EndOfList,
        EndOfFile,
    }

    public static async IAsyncEnumerable<ImportRecord> ReadAsync(
        ByteWindow window, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // More than one document may stand in a file, one after the other.
        while (await HasMoreAsync(window, cancellationToken))
        {
            ListStart? list;
            while ((list = FindList(window)) is null && !window.Ended && !window.IsFull)
                await window.GrowAsync(cancellationToken);
            if (list is not { Length: > 0 } found)
            {
                foreach (var record in Whole(window))
                    yield return record;
                yield break;
            }

            window.Consume(found.Length);
            ItemKind kind;
            do
            {
                (kind, var length, var record) = Next(window);
                if (kind == ItemKind.Incomplete)
                    await window.GrowAsync(cancellationToken);
                if (record is { } read)
                    yield return read;
                window.Consume(length);
            }
            while (kind is ItemKind.Complete or ItemKind.Incomplete);

            if (kind == ItemKind.EndOfFile)
                yield break;
            await SkipContainersAsync(window, found.Depth, cancellationToken);
        }
    }

    static async ValueTask<bool> HasMoreAsync(ByteWindow window, CancellationToken cancellationToken)
    {
        while (!window.Span.ContainsAnyExcept(" \t\r\n"u8))
        {
            if (window.Ended)
                return false;
            window.Consume(window.Span.Length);
            await window.GrowAsync(cancellationToken);
        }

        return true;
    }

    /// <param name="Length">The bytes up to and with the bracket that opens the list; 0 where there is no list.</param>
    /// <param name="Depth">How many objects the list is in.</param>
    readonly record struct ListStart(int Length, int Depth);

    // Null where more has to be read to tell.
    static ListStart? FindList(ByteWindow window)
    {
        var reader = new Utf8JsonReader(
            window.Span, isFinalBlock: false, new(new JsonReaderOptions { AllowMultipleValues = true }));
        try
        {
            var listIsNext = true;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartArray && listIsNext && reader.CurrentDepth <= ListDepthMax)
                    return new((int)reader.BytesConsumed, reader.CurrentDepth);
                if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0)
                    return default(ListStart);
                listIsNext = reader.TokenType == JsonTokenType.PropertyName && WorkJson.IsList(reader.GetString()!);
            }
        }
        catch (JsonException)
        {
            return default(ListStart);
        }

        return null;
    }

    // What stands after the list says nothing of works: it is passed over up to the end of the document.
    static async ValueTask SkipContainersAsync(ByteWindow window, int depth, CancellationToken cancellationToken)
    {
        var (isText, isEscaped) = (false, false);
        while (depth > 0)
        {
            var at = 0;
            for (; at < window.Span.Length && depth > 0; at++)
                (depth, isText, isEscaped) = (window.Span[at], isText, isEscaped) switch
                {
                    (_, true, true) => (depth, true, false),
                    ((byte)'\\', true, false) => (depth, true, true),
                    ((byte)'"', _, _) => (depth, !isText, false),
                    ((byte)'{' or (byte)'[', false, _) => (depth + 1, false, false),
                    ((byte)'}' or (byte)']', false, _) => (depth - 1, false, false),
                    _ => (depth, isText, false),
                };

            window.Consume(at);
            if (window.Ended)
                return;
            if (depth > 0)
                await window.GrowAsync(cancellationToken);
        }
    }

    static (ItemKind Kind, int Length, ImportRecord? Record) Next(ByteWindow window)
    {
        var separator = window.Span.IndexOfAnyExcept(" \t\r\n,"u8);
        if (separator < 0)
            return window.Ended ? (ItemKind.EndOfFile, 0, CutOff(window.Line)) : (ItemKind.Incomplete, 0, null);
        if (window.Span[separator] == ']')
            return (ItemKind.EndOfList, separator + 1, null);

        var line = window.Line + window.Span[..separator].Count((byte)'\n');
        var reader = new Utf8JsonReader(window.Span[separator..], isFinalBlock: false, default);
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document))
                return Stuck(window, line) is { } stuck
                    ? (ItemKind.EndOfFile, 0, stuck)
                    : (ItemKind.Incomplete, 0, null);
            var length = separator + (int)reader.BytesConsumed;
            using (document)
                return (ItemKind.Complete, length, WorkJson.Record(document.RootElement, line));
        }
        catch (JsonException error)
        {
            return (ItemKind.EndOfFile, 0, ImportRecord.Skip(
                line, $"it is not JSON ({JsonLineWorks.Brief(error)}); what follows was not read"));
        }
    }

    static ImportRecord? Stuck(ByteWindow window, long line) => window switch
    {
        { Ended: true } => CutOff(line),
        { IsFull: true } => ImportRecord.Skip(
            line, $"the work is longer than {ByteWindow.LengthMax:n0} bytes; what follows was not read"),
        _ => null,
    };

    static ImportRecord CutOff(long line) => ImportRecord.Skip(line, "the file ends in the middle of the list");

    static IEnumerable<ImportRecord> Whole(ByteWindow window)
    {
        try
        {
            using var document = JsonDocument.Parse(window.Bytes);
            return [.. WorkJson.Records(document.RootElement, window.Line)];
        }
        catch (JsonException error)
        {
            return [ImportRecord.Skip(window.Line, $"it is not JSON ({JsonLineWorks.Brief(error)})")];
        }
    }
}
