using System.Text;

namespace NextUp.EndToEndTests.Setup;

/// <summary>The fields of a protobuf message (https://protobuf.dev/programming-guides/encoding/), without its meaning.</summary>
static class ProtobufReader
{
    const int Varint = 0;
    const int Fixed64 = 1;
    const int Delimited = 2;
    const int Fixed32 = 5;

    /// <param name="Value">Of a varint.</param>
    /// <param name="Bytes">Of everything else.</param>
    public readonly record struct Field(int Number, ulong Value, ReadOnlyMemory<byte> Bytes);

    public static IEnumerable<Field> Fields(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            var tag = Number(ref message);
            var (number, type) = ((int)(tag >> 3), (int)(tag & 7));
            if (type == Varint)
            {
                yield return new(number, Number(ref message), default);
                continue;
            }

            var length = type switch
            {
                Fixed64 => 8,
                Fixed32 => 4,
                Delimited => (int)Number(ref message),
                _ => throw new InvalidDataException($"Field {number} has the unknown wire type {type}."),
            };
            yield return new(number, 0, message[..length]);
            message = message[length..];
        }
    }

    public static string Text(ReadOnlyMemory<byte> message, int field) =>
        Encoding.UTF8.GetString(Fields(message).FirstOrDefault(one => one.Number == field).Bytes.Span);

    static ulong Number(ref ReadOnlyMemory<byte> message)
    {
        var value = 0UL;
        for (int used = 0, shift = 0; ; shift += 7)
        {
            var part = message.Span[used++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part >= 0x80)
                continue;

            message = message[used..];
            return value;
        }
    }
}
