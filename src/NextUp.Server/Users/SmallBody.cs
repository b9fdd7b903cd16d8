using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NextUp.Server.Users;

/// <summary>Bodies of a few fields, whose size is bounded whether or not the client says it beforehand.</summary>
static class SmallBody
{
    /// <summary>Null where it is no JSON, not of that shape, or larger.</summary>
    public static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, int bytesMax)
        where T : class
    {
        var request = context.Request;
        if (request.ContentLength > bytesMax || !request.HasJsonContentType())
            return null;

        // Sent in chunks, it has no length.
        var bytes = new byte[(request.ContentLength ?? bytesMax) + 1];
        var length = await request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, context.RequestAborted);
        if (length > bytesMax)
            return null;

        try
        {
            return JsonSerializer.Deserialize(bytes.AsSpan(0, length), type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
