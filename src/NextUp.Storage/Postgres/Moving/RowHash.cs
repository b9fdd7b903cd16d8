using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NextUp.Storage.Postgres.Moving;

/// <summary>A hash over values, each with its length, so that no two rows are written alike.</summary>
sealed class RowHash : IDisposable
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(object? value)
    {
        var bytes = value switch
        {
            null => null,
            long number => Bytes(number),
            string text => Encoding.UTF8.GetBytes(text),
            Guid id => id.ToByteArray(bigEndian: true),
            _ => (byte[])value,
        };
        hash.AppendData(Bytes(bytes?.Length ?? -1L));
        hash.AppendData(bytes ?? []);
    }

    /// <summary>In hexadecimal.</summary>
    public string Take() => Convert.ToHexStringLower(hash.GetHashAndReset());

    public void Dispose() => hash.Dispose();

    static byte[] Bytes(long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }
}
