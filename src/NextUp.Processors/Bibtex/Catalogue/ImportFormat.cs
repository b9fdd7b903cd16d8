using System.Text.Json;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>Tells by its first bytes what a file is; names and endings lie.</summary>
static class ImportFormat
{
    public enum Kind
    {
        Bib,
        JsonLines,
        JsonDocument,
    }

    /// <summary>How many bytes are wanted to tell the format.</summary>
    public const int StartLength = 64 * 1024;

    public static Kind Of(ReadOnlySpan<byte> start)
    {
        var trimmed = start.TrimStart(" \t\r\n"u8);
        if (trimmed.IsEmpty || trimmed[0] is not ((byte)'{' or (byte)'['))
            return Kind.Bib;
        return trimmed[0] == '[' || IsDocument(trimmed) ? Kind.JsonDocument : Kind.JsonLines;
    }

    // A document is a value that goes on over its first line, or that holds a list of works rather than being one.
    static bool IsDocument(ReadOnlySpan<byte> start)
    {
        var reader = new Utf8JsonReader(start, isFinalBlock: false, default);
        var newLine = start.IndexOf((byte)'\n');
        try
        {
            while (reader.Read())
            {
                if (newLine >= 0 && reader.TokenStartIndex > newLine)
                    return true;
                if (reader.CurrentDepth == 0 && reader.TokenType == JsonTokenType.EndObject)
                    return false;
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1
                    && reader.GetString() is { } name && (name == "message" || WorkJson.IsList(name)))
                    return !HoldsOneLine(start, newLine);
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return false;
    }

    // One answer a line, several lines: each line is a document of its own.
    static bool HoldsOneLine(ReadOnlySpan<byte> start, int newLine)
    {
        if (newLine < 0 || start[(newLine + 1)..].Trim(" \t\r\n"u8).IsEmpty)
            return false;
        var reader = new Utf8JsonReader(start[..newLine]);
        try
        {
            return JsonDocument.TryParseValue(ref reader, out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
