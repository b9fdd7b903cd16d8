using Microsoft.IdentityModel.JsonWebTokens;
using NextUp.Server.Users.Authority;
using NextUp.Server.Users.Keys;

namespace NextUp.Server.Users;

/// <summary>Reads whatever a caller may send to say who they are: a built-in token, one of the authority's, an API key.</summary>
sealed class Credentials(TokenReader own, AuthorityTokens? authority, ApiKeys keys)
{
    /// <summary>The longest token that is looked at, in characters.</summary>
    public const int LengthMax = 16_384;

    public ValueTask<Credential> ReadAsync(string token)
    {
        if (token.Length is 0 or > LengthMax)
            return new(Credential.None);

        return token.StartsWith(ApiKeys.Prefix, StringComparison.Ordinal) ? keys.ReadAsync(token) : ReadTokenAsync(token);
    }

    /// <summary>A token, and no API key: what one may sign in with on the page.</summary>
    public ValueTask<Credential> ReadTokenAsync(string token)
    {
        if (token.Length is 0 or > LengthMax || Parse(token) is not { } unread)
            return new(Credential.None);

        // What it says of its maker only decides who checks it.
        return authority is null || unread.Issuer == TokenIssuer.Issuer ? own.ReadAsync(token) : authority.ReadAsync(unread);
    }

    static JsonWebToken? Parse(string token)
    {
        try
        {
            return new JsonWebToken(token);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
