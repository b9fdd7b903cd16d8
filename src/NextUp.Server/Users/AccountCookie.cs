using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using NextUp.Actors.Users;

namespace NextUp.Server.Users;

/// <summary>
/// A sign-in on the page. It is in the cookie in which a visitor's identity was, signed with the same key, as
/// <c>a.CONTENT.MAC</c>; content is the end (unix seconds, a colon and what makes this sign-in
/// another one than all others), the role and the name. Signing out replaces it; that copies of it are good for nothing either is
/// stored (<see cref="SignOuts"/>).
/// </summary>
sealed class AccountCookie(string dataFolder, TimeProvider clock)
{
    const string Start = "a.";
    const int LengthMax = 1_024;
    const int NonceBytes = 12;

    /// <summary>Keeps what is signed here apart from everything else that the key signs.</summary>
    const string Purpose = "nextup account ";

    readonly byte[] _key = KeyFile.ReadOrMake(dataFolder, VisitorCookie.KeyName);

    /// <summary>The account that a cookie's value names, or null where it is none or has run out.</summary>
    public Caller? Read(string? value)
    {
        if (value is null || value.Length > LengthMax || !value.StartsWith(Start, StringComparison.Ordinal))
            return null;

        var dot = value.LastIndexOf('.');
        var mac = Encoding.ASCII.GetBytes(value[(dot + 1)..]);
        if (dot <= Start.Length || !CryptographicOperations.FixedTimeEquals(mac, Encoding.ASCII.GetBytes(Mac(value[..dot]))))
            return null;

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(value.AsSpan(Start.Length, dot - Start.Length))).Split('|', 3);
        if (!long.TryParse(parts[0].Split(':')[0], out var seconds) || Roles.Parse(parts[1]) is not { } role)
            return null;

        var end = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return clock.GetUtcNow() < end ? new Caller(UserId.Account(parts[2]), role) { Until = end, SignIn = value[(dot + 1)..] } : null;
    }

    /// <summary>The answer signs its browser in.</summary>
    public void Set(HttpContext context, Caller account, DateTimeOffset expiresAt)
    {
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes));
        var content = $"{expiresAt.ToUnixTimeSeconds()}:{nonce}|{account.Role.Name()}|{account.User.AccountName}";
        var value = Start + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(content));
        context.Response.Cookies.Append(
            VisitorCookie.Name, $"{value}.{Mac(value)}", VisitorCookie.OptionsFor(context, expiresAt));
    }

    string Mac(string value) => Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(Purpose + value)));
}
