using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using NextUp.Actors.Users;

namespace NextUp.Server.Users;

/// <summary>
/// The identity of someone without an account: an id and its HMAC, so that ids cannot be made up. The value is
/// <c>ID.MAC</c>, both base64url. There is nothing to look up and nothing to expire on the server.
/// </summary>
sealed class VisitorCookie(string dataFolder, TimeProvider clock)
{
    public const string Name = "nextup-visitor";

    public const string KeyName = "visitor.key";
    const int IdBytes = 16;
    const int TimeBytes = 6;
    const int IdLength = 22;
    const int MacLength = 43;

    /// <summary>
    /// How long a browser keeps it. Browsers keep nothing longer, and a lost cookie is a lost history.
    /// </summary>
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(400);

    readonly byte[] _key = KeyFile.ReadOrMake(dataFolder, KeyName);

    /// <summary>
    /// The visitor a cookie's value names, or null where it is missing or not signed by this installation.
    /// </summary>
    public UserId? Read(string? value)
    {
        if (value is not { Length: IdLength + 1 + MacLength } || value[IdLength] != '.')
            return null;

        Span<byte> mac = stackalloc byte[MacLength];
        Sign(value.AsSpan(0, IdLength), mac);
        Span<byte> given = stackalloc byte[MacLength];
        return Encoding.ASCII.TryGetBytes(value.AsSpan(IdLength + 1), given, out var written) && written == MacLength
            && CryptographicOperations.FixedTimeEquals(mac, given)
            ? UserId.Visitor(value[..IdLength])
            : null;
    }

    /// <summary>A new visitor; the answer to the request sets the cookie.</summary>
    public UserId Make(HttpContext context)
    {
        // The time comes first, so that new visitors share the pages of the store's index; 80 random bits follow.
        Span<byte> bytes = stackalloc byte[IdBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, clock.GetUtcNow().ToUnixTimeMilliseconds() << 16);
        RandomNumberGenerator.Fill(bytes[TimeBytes..]);
        var id = Base64Url.EncodeToString(bytes);
        Span<byte> mac = stackalloc byte[MacLength];
        Sign(id, mac);
        context.Response.Cookies.Append(
            Name, $"{id}.{Encoding.ASCII.GetString(mac)}", OptionsFor(context, clock.GetUtcNow() + Lifetime));
        return UserId.Visitor(id);
    }

    /// <summary>No script sees it, and no other site's page sends it with a change.</summary>
    public static CookieOptions OptionsFor(HttpContext context, DateTimeOffset expiresAt) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        IsEssential = true,
        Path = "/",
        Expires = expiresAt,
    };

    void Sign(ReadOnlySpan<char> id, Span<byte> mac)
    {
        Span<byte> text = stackalloc byte[IdLength];
        // A character outside ASCII becomes '?', which no id of ours holds, so its signature is never one we gave.
        Encoding.ASCII.GetBytes(id, text);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, text, hash);
        Base64Url.EncodeToUtf8(hash, mac);
    }
}
