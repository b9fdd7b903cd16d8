using System.Text.Json;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// Reads answers without trust: a field that is absent, null, or of another kind than documented is simply not said.
/// </summary>
static class AnswerJson
{
    /// <returns>The root, or null where the bytes are not one JSON value (cut off, a text, a page).</returns>
    public static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith("\uFEFF"u8))
            body = body[3..];
        try
        {
            var reader = new Utf8JsonReader(body.Span);
            return JsonElement.TryParseValue(ref reader, out var root)
                && reader.BytesConsumed == TrimmedLength(body.Span)
                ? root : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static JsonElement? Field(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var field)
        && field.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? field : null;

    public static JsonElement? Field(this JsonElement? element, string name) => element?.Field(name);

    /// <summary>The elements of an array field; none where it is not an array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        ((JsonElement?)element).Items(name);

    /// <summary>A text, or a number as its text.</summary>
    public static string? Text(this JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString(),
                JsonValueKind.Number => element.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair was escaped: the text cannot be represented.
        }
    }

    public static string? Text(this JsonElement? element, string name) => element.Field(name)?.Text();

    public static string? Text(this JsonElement element, string name) => element.Field(name)?.Text();

    /// <summary>The first text of an array that has letters or digits; a bare text counts as an array of one.</summary>
    public static string? FirstText(this JsonElement element, string name) => Texts(element, name).FirstOrDefault();

    public static IEnumerable<string> Texts(this JsonElement element, string name) =>
        (element.Field(name) is { ValueKind: JsonValueKind.String } single ? [single] : element.Items(name))
        .Select(item => item.Text()).OfType<string>().Where(text => text.Any(char.IsLetterOrDigit));

    public static int? Whole(this JsonElement? element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Number } number
            && number.TryGetInt32(out var value) ? value : null;

    public static int? Whole(this JsonElement element, string name) => ((JsonElement?)element).Whole(name);

    public static double? Number(this JsonElement? element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value)
        && double.IsFinite(value) ? value : null;

    public static bool IsTrue(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.True };

    static int TrimmedLength(ReadOnlySpan<byte> body) => body.TrimEnd(" \t\r\n"u8).Length;
}
