using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NextUp.Server.Users;

namespace NextUp.Server.Notices.Push;

/// <summary>
/// The key by which push services know this installation (VAPID, RFC 8292). Made at first need; with another one all
/// browsers would have to subscribe again.
/// </summary>
sealed class PushKey : IDisposable
{
    /// <summary>How long a proof is good for; RFC 8292 allows a day.</summary>
    static readonly TimeSpan ProofLifetime = TimeSpan.FromHours(12);

    readonly ECDsa _key;

    public PushKey(string dataFolder)
    {
        // Any 32 bytes become a private key between 1 and the order of the curve less one.
        var order = P256.Order - BigInteger.One;
        var number = (new BigInteger(KeyFile.ReadOrMake(dataFolder, "push.key"), isUnsigned: true, isBigEndian: true) % order) + 1;
        var d = new byte[P256.FieldBytes];
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes.CopyTo(d, d.Length - bytes.Length);
        _key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d });
        PublicKey = Base64Url.EncodeToString(P256.Point(_key.ExportParameters(includePrivateParameters: false)));
    }

    /// <summary>The <c>applicationServerKey</c>: an uncompressed point, base64url.</summary>
    public string PublicKey { get; }

    /// <summary>The header Authorization for a push to <paramref name="endpoint"/>.</summary>
    /// <param name="mailto">Whom the push service may write to, or null.</param>
    public string Authorization(Uri endpoint, string? mailto, DateTimeOffset now)
    {
        using var claims = new MemoryStream();
        using (var json = new Utf8JsonWriter(claims))
        {
            json.WriteStartObject();
            json.WriteString("aud", endpoint.GetLeftPart(UriPartial.Authority));
            json.WriteNumber("exp", (now + ProofLifetime).ToUnixTimeSeconds());
            if (mailto is not null)
                json.WriteString("sub", "mailto:" + mailto);
            json.WriteEndObject();
        }

        var head = Base64Url.EncodeToString("""{"typ":"JWT","alg":"ES256"}"""u8);
        var signed = $"{head}.{Base64Url.EncodeToString(claims.ToArray())}";
        byte[] signature;
        lock (_key)
            signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return $"vapid t={signed}.{Base64Url.EncodeToString(signature)}, k={PublicKey}";
    }

    public void Dispose() => _key.Dispose();
}
