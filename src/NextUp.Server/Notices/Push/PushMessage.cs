using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NextUp.Server.Notices.Push;

/// <summary>
/// A message that only one browser can read: RFC 8291 (whose keys) over RFC 8188 (aes128gcm), in one record.
/// </summary>
static class PushMessage
{
    /// <summary>The longest text, in bytes: push services take 4,096 with everything around it (RFC 8030, 7.2).</summary>
    public const int TextBytesMax = RecordBytes - HeaderBytes - TagBytes - 1;

    const int RecordBytes = 4096;
    const int SaltBytes = 16;
    const int HeaderBytes = SaltBytes + 4 + 1 + P256.PointBytes;
    const int KeyBytes = 16;
    const int NonceBytes = 12;
    const int TagBytes = 16;

    /// <summary>Marks the last record (RFC 8188, 2).</summary>
    const byte LastRecord = 2;

    public static byte[] Encrypt(ReadOnlySpan<byte> text, BrowserSecrets browser)
    {
        using var sender = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(text, browser, sender, RandomNumberGenerator.GetBytes(SaltBytes));
    }

    /// <param name="sender">A key pair for this message alone.</param>
    /// <param name="salt">16 bytes for this message alone.</param>
    public static byte[] Encrypt(
        ReadOnlySpan<byte> text, BrowserSecrets browser, ECDiffieHellman sender, ReadOnlySpan<byte> salt)
    {
        if (text.Length > TextBytesMax)
            throw new ArgumentException($"A push message has at most {TextBytesMax} bytes.");

        using var receiver = P256.Key(browser.PublicKey)
            ?? throw new ArgumentException("The browser's key is not a point of P-256.");
        var point = P256.Point(sender.ExportParameters(includePrivateParameters: false));
        var shared = sender.DeriveRawSecretAgreement(receiver.PublicKey);

        byte[] about = [.. "WebPush: info\0"u8, .. browser.PublicKey, .. point];
        var input = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, browser.Auth, about);
        var secret = HKDF.Extract(HashAlgorithmName.SHA256, input, salt.ToArray());
        var key = HKDF.Expand(HashAlgorithmName.SHA256, secret, KeyBytes, "Content-Encoding: aes128gcm\0"u8.ToArray());
        var nonce = HKDF.Expand(HashAlgorithmName.SHA256, secret, NonceBytes, "Content-Encoding: nonce\0"u8.ToArray());

        var message = new byte[HeaderBytes + text.Length + 1 + TagBytes];
        salt.CopyTo(message);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(SaltBytes), RecordBytes);
        message[SaltBytes + 4] = P256.PointBytes;
        point.CopyTo(message, SaltBytes + 5);
        byte[] padded = [.. text, LastRecord];
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, padded, message.AsSpan(HeaderBytes, padded.Length), message.AsSpan(^TagBytes..));
        return message;
    }
}
