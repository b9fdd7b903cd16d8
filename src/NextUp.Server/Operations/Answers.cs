using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NextUp.Server.Operations;

/// <summary>Writes answers as JSON with a length, in one piece, from a buffer that each thread keeps.</summary>
static class Answers
{
    const string JsonType = "application/json; charset=utf-8";

    /// <summary>A thread's buffer past this many bytes is not kept.</summary>
    const int KeptBytesMax = 1024 * 1024;

    static readonly JsonWriterOptions s_writing =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    static ArrayBufferWriter<byte>? t_buffer;

    [ThreadStatic]
    static Utf8JsonWriter? t_writer;

    public static Task JsonAsync<T>(
        HttpContext context, int status, T value, JsonTypeInfo<T> type, string contentType = JsonType)
    {
        var buffer = t_buffer ??= new ArrayBufferWriter<byte>(4096);
        var writer = t_writer ??= new Utf8JsonWriter(Stream.Null, s_writing);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        JsonSerializer.Serialize(writer, value, type);
        writer.Flush();

        // Copied into the response before anything is awaited, so the thread's buffer is free for its next answer.
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = buffer.WrittenCount;
        if (response.Headers.CacheControl.Count == 0)
            response.Headers.CacheControl = "no-store";
        response.BodyWriter.Write(buffer.WrittenSpan);
        if (buffer.Capacity > KeptBytesMax)
            (t_buffer, t_writer) = (null, null);

        return response.BodyWriter.FlushAsync(context.RequestAborted).AsTask();
    }
}
