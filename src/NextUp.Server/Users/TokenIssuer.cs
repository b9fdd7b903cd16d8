using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NextUp.Actors.Users;

namespace NextUp.Server.Users;

/// <summary>
/// Makes the bearer tokens of accounts, signed (HS256) with the key in the data folder. The command <c>token</c> uses
/// it beside a running server: the two share the key and nothing else.
/// </summary>
public sealed class TokenIssuer(string dataFolder, TimeProvider clock)
{
    public const string Issuer = "nextup";

    /// <summary>The claim that names the role; one who has none is a user.</summary>
    internal const string RoleClaim = "role";

    /// <summary>How long a token is good for where nothing else is said.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(90);

    /// <summary>The longest life that is given.</summary>
    public static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(3650);

    /// <summary>The longest account name, in characters.</summary>
    public const int NameLengthMax = 128;

    internal const string KeyName = "token.key";

    readonly SigningCredentials _credentials =
        new(new SymmetricSecurityKey(KeyFile.ReadOrMake(dataFolder, KeyName)), SecurityAlgorithms.HmacSha256);

    /// <summary>A token for an administrator or a user.</summary>
    public string Issue(string name, bool isAdministrator, TimeSpan? lifetime = null) =>
        Issue(name, isAdministrator ? Role.Administrator : Role.User, lifetime);

    /// <summary>
    /// A token for the account. Throws <see cref="ArgumentException"/> where the name is empty, longer than
    /// <see cref="NameLengthMax"/> or has control characters, or the life is not between a second and
    /// <see cref="LifetimeMax"/>.
    /// </summary>
    public string Issue(string name, Role role, TimeSpan? lifetime = null)
    {
        if (!IsName(name))
        {
            throw new ArgumentException(
                $"An account's name has 1 to {NameLengthMax} characters and no control characters.", nameof(name));
        }

        var life = lifetime ?? DefaultLifetime;
        if (life < TimeSpan.FromSeconds(1) || life > LifetimeMax)
        {
            throw new ArgumentException(
                $"A token lives between one second and {LifetimeMax.TotalDays} days, not {life}.", nameof(lifetime));
        }

        var now = clock.GetUtcNow().UtcDateTime;
        var claims = new List<Claim> { new(JwtRegisteredClaimNames.Sub, name) };
        if (role != Role.User)
            claims.Add(new(RoleClaim, role.Name()));

        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Subject = new ClaimsIdentity(claims),
            IssuedAt = now,
            NotBefore = now,
            Expires = now + life,
            SigningCredentials = _credentials,
        });
    }

    internal static bool IsName(string? name) =>
        name is { Length: > 0 and <= NameLengthMax } && !name.Any(char.IsControl)
        && UserId.Account(name).Value.Length <= UserId.LengthMax;
}
