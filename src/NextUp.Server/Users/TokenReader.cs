using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NextUp.Actors.Users;

namespace NextUp.Server.Users;

/// <summary>Checks bearer tokens: signature, issuer, life time, and that the name is one.</summary>
sealed class TokenReader
{
    /// <summary>How far the clocks of two machines may be apart.</summary>
    static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    readonly JsonWebTokenHandler _handler = new();
    readonly TokenValidationParameters _parameters;

    public TokenReader(string dataFolder, TimeProvider clock)
    {
        _parameters = new TokenValidationParameters
        {
            ValidIssuer = TokenIssuer.Issuer,
            ValidateAudience = false,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = new SymmetricSecurityKey(KeyFile.ReadOrMake(dataFolder, TokenIssuer.KeyName)),
            RequireExpirationTime = true,
            LifetimeValidator = (notBefore, expires, _, _) =>
            {
                var now = clock.GetUtcNow().UtcDateTime;
                return expires > now - ClockSkew && (notBefore is null || notBefore <= now + ClockSkew);
            },
        };
    }

    public async ValueTask<Credential> ReadAsync(string token)
    {
        if (token.Length is 0 or > Credentials.LengthMax)
            return Credential.None;

        var result = await _handler.ValidateTokenAsync(token, _parameters);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken valid || !TokenIssuer.IsName(valid.Subject))
            return Credential.None;

        // A role that this program does not know gives none of its rights: better no caller than the wrong one.
        Role? role = valid.TryGetPayloadValue(TokenIssuer.RoleClaim, out string? word) ? Roles.Parse(word) : Role.User;
        return role is { } known
            ? new Credential.Good(
                new Caller(UserId.Account(valid.Subject), known), new DateTimeOffset(valid.ValidTo, TimeSpan.Zero))
            : Credential.None;
    }
}
