using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NextUp.Actors.Notices;

namespace NextUp.Server.Notices.Channels;

/// <summary>Signs by the Standard Webhooks specification 1.0.0, "Signature scheme", symmetric.</summary>
static class WebhookSecret
{
    /// <summary>How long a secret that was replaced still signs beside the new one.</summary>
    public static readonly TimeSpan FormerSignsFor = TimeSpan.FromDays(1);

    const string Prefix = "whsec_";

    /// <summary>Bytes of a secret; the specification wants 24 to 64.</summary>
    const int SecretBytes = 32;

    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>
    /// The header <c>webhook-signature</c>: one signature, and during a rotation a second one with the former secret.
    /// </summary>
    /// <param name="timestamp">Unix seconds of the attempt.</param>
    public static string Signatures(
        NoticeSubscription subscription, NoticeId id, long timestamp, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var signatures = Sign(subscription.Secret, id, timestamp, body);
        return subscription.FormerSecret is { } former && now < subscription.FormerSecretUntil
            ? $"{signatures} {Sign(former, id, timestamp, body)}"
            : signatures;
    }

    static string Sign(string secret, NoticeId id, long timestamp, ReadOnlySpan<byte> body)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        using var hmac = IncrementalHash.CreateHMAC(
            HashAlgorithmName.SHA256, Convert.FromBase64String(secret[Prefix.Length..]));
        hmac.AppendData(head);
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }
}
