using System.Buffers.Text;
using System.Security.Cryptography;

namespace NextUp.UnitTests.Notices;

/// <summary>Decrypts a push message as a browser does (RFC 8291, section 3), from its own private key.</summary>
static class BrowserReader
{
    public static byte[] Decrypt(byte[] message, string privateKey, string publicKey, string auth)
    {
        using var own = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Base64Url.DecodeFromChars(privateKey),
        });
        var (salt, keyLength) = (message[..16], message[20]);
        var (senderPoint, record) = (message[21..(21 + keyLength)], message[(21 + keyLength)..]);
        using var sender = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = senderPoint[1..33], Y = senderPoint[33..] },
        });
        byte[] about = [.. "WebPush: info\0"u8, .. Base64Url.DecodeFromChars(publicKey), .. senderPoint];
        var input = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, own.DeriveRawSecretAgreement(sender.PublicKey), 32, Base64Url.DecodeFromChars(auth), about);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 16, salt, "Content-Encoding: aes128gcm\0"u8.ToArray());
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 12, salt, "Content-Encoding: nonce\0"u8.ToArray());
        var text = new byte[record.Length - 16];
        using var cipher = new AesGcm(key, 16);
        cipher.Decrypt(nonce, record[..^16], record[^16..], text);
        Assert.Equal(2, text[^1]);
        return text[..^1];
    }
}
