using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NextUp.Actors.Users;

namespace NextUp.Server.Users;

/// <summary>Checks bearer tokens: signature, issuer, life time, and that the name is one.</summary>
sealed class TokenReader
{
    /// <summary>The longest token that is looked at, in characters.</summary>
    const int TokenLengthMax = 4096;

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

    /// <summary>The account the token speaks for, or null where it is not a valid token.</summary>
    public async ValueTask<Caller?> ReadAsync(string token)
    {
        if (token.Length is 0 or > TokenLengthMax)
            return null;

        var result = await _handler.ValidateTokenAsync(token, _parameters);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken valid || !TokenIssuer.IsName(valid.Subject))
            return null;

        // A role that this program does not know gives none of its rights: better no caller than the wrong one.
        if (!valid.TryGetPayloadValue(TokenIssuer.RoleClaim, out string? word))
            return new Caller(UserId.Account(valid.Subject), Role.User);
        return Roles.Parse(word) is { } role ? new Caller(UserId.Account(valid.Subject), role) : null;
    }
}
