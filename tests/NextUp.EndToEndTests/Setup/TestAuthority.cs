using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace NextUp.EndToEndTests.Setup;

/// <summary>
/// A small OIDC authority on this machine: discovery, keys, an authorization endpoint that lets everyone in at once, and a
/// token endpoint that insists on PKCE.
/// </summary>
sealed class TestAuthority : IAsyncDisposable
{
    public const string Audience = "nextup";
    public const string ClientId = "nextup-page";

    readonly WebApplication _application;
    readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string Return)> _codes = new();
    readonly List<SecurityKey> _published = [];

    TestAuthority(WebApplication application) => _application = application;

    public Uri Address { get; private set; } = null!;

    /// <summary>Answers nothing but 503.</summary>
    public bool IsAway { get; set; }

    /// <summary>How often its keys were asked for.</summary>
    public int KeyRequests { get; private set; }

    /// <summary>Who signs in next.</summary>
    public string Name { get; set; } = "ada";

    public RsaSecurityKey Rsa { get; private set; } = NewRsa("rsa-1");

    public ECDsaSecurityKey Elliptic { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "ec-1" };

    public static async Task<TestAuthority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var authority = new TestAuthority(builder.Build());
        authority._published.AddRange([authority.Rsa, authority.Elliptic]);
        authority.Map();
        await authority._application.StartAsync();
        authority.Address = new Uri(authority._application.Urls.First());
        return authority;
    }

    /// <summary>A new key takes the old one's part; tokens are signed with it from now on.</summary>
    public void Rotate(string keyId)
    {
        _published.Remove(Rsa);
        Rsa = NewRsa(keyId);
        _published.Add(Rsa);
    }

    public string Token(
        string? name, DateTimeOffset now, SecurityKey? key = null, string? algorithm = null, string? audience = Audience,
        string? issuer = null, TimeSpan? life = null, params (string Name, object Value)[] claims)
    {
        var signer = key ?? Rsa;
        var all = claims.ToDictionary(claim => claim.Name, claim => claim.Value);
        if (name is not null)
            all["sub"] = name;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Address.AbsoluteUri.TrimEnd('/'),
            Audience = audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + (life ?? TimeSpan.FromMinutes(5))).UtcDateTime,
            Claims = all,
            SigningCredentials = new(
                signer, algorithm ?? (signer is ECDsaSecurityKey ? SecurityAlgorithms.EcdsaSha256 : SecurityAlgorithms.RsaSha256)),
        });
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    public static RsaSecurityKey NewRsa(string keyId) => new(RSA.Create(2048)) { KeyId = keyId };

    void Map()
    {
        _application.Use((context, next) =>
        {
            if (!IsAway)
                return next();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        _application.MapGet("/.well-known/openid-configuration", context => Json(context, new Dictionary<string, string>
        {
            ["issuer"] = Address.AbsoluteUri.TrimEnd('/'),
            ["authorization_endpoint"] = Address + "authorize",
            ["token_endpoint"] = Address + "token",
            ["jwks_uri"] = Address + "keys",
        }));
        _application.MapGet("/keys", KeysAsync);
        _application.MapGet("/authorize", AuthorizeAsync);
        _application.MapPost("/token", TokenAsync);
    }

    Task KeysAsync(HttpContext context)
    {
        KeyRequests++;
        var keys = _published.Select(key => Public(key)).Select(key => new Dictionary<string, string?>
        {
            ["kty"] = key.Kty, ["kid"] = key.Kid, ["use"] = "sig", ["n"] = key.N, ["e"] = key.E, ["crv"] = key.Crv,
            ["x"] = key.X, ["y"] = key.Y,
        }.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!));
        return Json(context, new Dictionary<string, object> { ["keys"] = keys.ToArray() });
    }

    static JsonWebKey Public(SecurityKey key) => key is RsaSecurityKey rsa
        ? JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.Rsa.ExportParameters(false)) { KeyId = rsa.KeyId })
        : JsonWebKeyConverter.ConvertFromECDsaSecurityKey((ECDsaSecurityKey)key);

    Task AuthorizeAsync(HttpContext context)
    {
        var query = context.Request.Query;
        Assert.Equal(("code", ClientId, "S256"), (
            query["response_type"].ToString(), query["client_id"].ToString(), query["code_challenge_method"].ToString()));
        var code = Guid.NewGuid().ToString("n");
        var back = query["redirect_uri"].ToString();
        _codes[code] = (query["code_challenge"].ToString(), query["nonce"].ToString(), back);
        context.Response.Redirect($"{back}?code={code}&state={Uri.EscapeDataString(query["state"].ToString())}");
        return Task.CompletedTask;
    }

    async Task TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!_codes.TryRemove(form["code"].ToString(), out var given) || given.Challenge != challenge
            || given.Return != form["redirect_uri"])
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var token = Token(Name, TimeProvider.System.GetUtcNow(), audience: ClientId, claims: [("nonce", given.Nonce)]);
        await Json(context, new Dictionary<string, string> { ["id_token"] = token, ["token_type"] = "Bearer" });
    }

    static Task Json<T>(HttpContext context, T value)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(value));
    }
}
