using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NextUp.Server.Live;

/// <summary>
/// Writes one event of the stream (the HTML standard, section 9.2). JSON has no line ends, so one data line holds it.
/// </summary>
static class EventFrame
{
    static readonly JsonWriterOptions s_writing =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="id">What the client sends back as Last-Event-ID; null leaves its last one as it is.</param>
    public static void Write<T>(IBufferWriter<byte> output, string name, long? id, T value, JsonTypeInfo<T> type)
    {
        if (id is { } number)
        {
            output.Write("id: "u8);
            var span = output.GetSpan(20);
            Utf8Formatter.TryFormat(number, span, out var written);
            output.Advance(written);
            output.Write("\n"u8);
        }

        output.Write("event: "u8);
        Encoding.ASCII.GetBytes(name, output);
        output.Write("\ndata: "u8);
        using (var json = new Utf8JsonWriter(output, s_writing))
            JsonSerializer.Serialize(json, value, type);
        output.Write("\n\n"u8);
    }

    /// <summary>The same as bytes, for an event that many connections are sent.</summary>
    public static ReadOnlyMemory<byte> Bytes<T>(string name, T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        Write(buffer, name, null, value, type);
        return buffer.WrittenMemory;
    }
}
