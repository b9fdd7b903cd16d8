using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NextUp.Actors.Users;
using NextUp.Server.Settings;

namespace NextUp.Server.Users.Authority;

/// <summary>
/// Checks the tokens of an OIDC authority: signature by one of its published keys, issuer, audience, life time, and that
/// it names somebody. Only algorithms with a public key are taken, so a token that is signed with the public key as if it
/// were a secret, or not at all, is none.
/// </summary>
sealed class AuthorityTokens(IdentitySettings settings, AuthorityDocuments documents, TimeProvider clock)
{
    static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    readonly JsonWebTokenHandler _handler = new();

    /// <summary>A token sent with a request.</summary>
    public ValueTask<Credential> ReadAsync(JsonWebToken token) => ReadAsync(token, settings.Audience, null);

    /// <summary>The identity token of a sign-in on the page.</summary>
    /// <param name="nonce">What was asked for with; a token from another sign-in has another.</param>
    public ValueTask<Credential> ReadAsync(JsonWebToken token, string audience, string? nonce) =>
        nonce is null || (token.TryGetPayloadValue("nonce", out string? told) && told == nonce)
            ? CheckAsync(token, audience) : new(Credential.None);

    async ValueTask<Credential> CheckAsync(JsonWebToken token, string audience)
    {
        if (!Algorithms.Contains(token.Alg))
            return Credential.None;
        if (await documents.ReadAsync(token.Kid) is not { } known)
            return new Credential.Unknown();

        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = settings.Issuer ?? known.Issuer,
            ValidAudience = audience,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = known.KeysFor(token.Kid),
            TryAllIssuerSigningKeys = true,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (notBefore, expires, _, _) =>
            {
                var now = clock.GetUtcNow().UtcDateTime;
                return expires > now - ClockSkew && (notBefore is null || notBefore <= now + ClockSkew);
            },
        });
        return result.IsValid && NameOf(token) is { } name
            ? new Credential.Good(
                new Caller(UserId.Account(name), RoleOf(token)), new DateTimeOffset(token.ValidTo, TimeSpan.Zero))
            : Credential.None;
    }

    string? NameOf(JsonWebToken token) =>
        token.TryGetPayloadValue(settings.NameClaim, out string? name) && TokenIssuer.IsName(name) ? name : null;

    /// <summary>The highest role that the claim holds; a worker is one only where nothing else is said.</summary>
    Role RoleOf(JsonWebToken token)
    {
        var told = RolesOf(token).ToHashSet(StringComparer.Ordinal);
        foreach (var role in (ReadOnlySpan<Role>)[Role.Administrator, Role.Operator, Role.Worker])
        {
            if (settings.RoleNames.TryGetValue(role, out var name) && told.Contains(name))
                return role;
        }

        return Role.User;
    }

    IEnumerable<string> RolesOf(JsonWebToken token)
    {
        if (!token.TryGetPayloadValue(settings.RoleClaim, out JsonElement claim))
            return token.TryGetPayloadValue(settings.RoleClaim, out string? one) && one is not null ? [one] : [];

        return claim.ValueKind switch
        {
            JsonValueKind.String => [claim.GetString()!],
            JsonValueKind.Array => claim.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String)
                .Select(item => item.GetString()!),
            _ => [],
        };
    }
}
