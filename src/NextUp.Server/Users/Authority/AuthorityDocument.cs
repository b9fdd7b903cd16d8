using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace NextUp.Server.Users.Authority;

/// <summary>What an authority says of itself (OpenID Connect Discovery 1.0) and its keys (RFC 7517).</summary>
sealed record AuthorityDocument(
    string Issuer, Uri? AuthorizationEndpoint, Uri? TokenEndpoint, IReadOnlyList<SecurityKey> Keys, DateTimeOffset ReadAt)
{
    public const string DiscoveryPath = "/.well-known/openid-configuration";

    /// <summary>The keys that may have signed a token with this key id; without an id any may have.</summary>
    public IReadOnlyList<SecurityKey> KeysFor(string? keyId) =>
        string.IsNullOrEmpty(keyId) ? Keys : [.. Keys.Where(key => key.KeyId == keyId)];

    /// <summary>
    /// Throws <see cref="JsonException"/>, <see cref="FormatException"/>, <see cref="KeyNotFoundException"/> or
    /// <see cref="InvalidOperationException"/> where the text is none.
    /// </summary>
    public static (string Issuer, Uri? Authorization, Uri? Token, Uri Keys) ParseDiscovery(string text)
    {
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        return (
            root.GetProperty("issuer").GetString() ?? throw new FormatException("The issuer is null."),
            Address(root, "authorization_endpoint"), Address(root, "token_endpoint"),
            Address(root, "jwks_uri") ?? throw new FormatException("There is no jwks_uri."));
    }

    /// <summary>Public keys for signatures only: a symmetric one in there would let anybody sign who can read it.</summary>
    public static IReadOnlyList<SecurityKey> ParseKeys(string text) =>
        [.. new JsonWebKeySet(text) { SkipUnresolvedJsonWebKeys = true }.GetSigningKeys().Where(key => key is AsymmetricSecurityKey
            or JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve })];

    static Uri? Address(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && Uri.TryCreate(value.GetString(), UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback) ? address : null;
}
