using System.Buffers.Text;

namespace NextUp.Server.Notices.Push;

/// <summary>The two keys of a browser's push subscription, as they are stored: <c>p256dh.auth</c>.</summary>
/// <param name="PublicKey">A point of P-256.</param>
/// <param name="Auth">16 bytes that only the browser and we know.</param>
sealed record BrowserSecrets(byte[] PublicKey, byte[] Auth)
{
    const int AuthBytes = 16;
    const int LengthMax = 200;

    public string Stored => $"{Base64Url.EncodeToString(PublicKey)}.{Base64Url.EncodeToString(Auth)}";

    /// <summary>Null where they are none.</summary>
    public static BrowserSecrets? Parse(string? p256dh, string? auth)
    {
        if (Decoded(p256dh) is not { } point || Decoded(auth) is not { Length: AuthBytes } secret)
            return null;

        using var key = P256.Key(point);
        return key is null ? null : new(point, secret);
    }

    public static BrowserSecrets? OfStored(string stored) =>
        stored.Split('.') is [var key, var auth] ? Parse(key, auth) : null;

    static byte[]? Decoded(string? text)
    {
        try
        {
            return text is { Length: > 0 and <= LengthMax } ? Base64Url.DecodeFromChars(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
