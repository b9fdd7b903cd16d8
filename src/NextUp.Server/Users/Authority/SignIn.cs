using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Settings;

namespace NextUp.Server.Users.Authority;

/// <summary>
/// Sign-in on the page with the authority: the authorization code flow with PKCE (RFC 7636), state and nonce. What is to be
/// remembered between the two steps is in a signed cookie that only the second one gets, for ten minutes; the server keeps
/// nothing.
/// </summary>
sealed class SignIn(
    IdentitySettings settings, AuthorityDocuments documents, AuthorityTokens tokens, Sessions sessions, HttpClient http,
    string dataFolder, TimeProvider clock)
{
    public const string Path = "/sign-in";
    const string ReturnPath = "/signed-in";
    const string CookieName = "nextup-sign-in";
    const string Purpose = "nextup sign-in ";
    const int RandomBytes = 32;
    const int ReturnLengthMax = 500;
    const int AnswerBytesMax = 256 * 1024;

    /// <summary>Where people are told what became of a sign-in: <c>sign-in</c> says what failed, <c>left-behind</c> how many
    /// of their subscriptions did not come along.</summary>
    const string PagePath = "/you";

    /// <summary>How long somebody may take to sign in.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    readonly byte[] _key = KeyFile.ReadOrMake(dataFolder, VisitorCookie.KeyName);

    sealed record Begun(string State, string Nonce, string Verifier, string Return);

    public void Map(IEndpointRouteBuilder map)
    {
        map.MapGet(Path, BeginAsync).WithMetadata(Audience.Everyone);
        map.MapGet(ReturnPath, EndAsync).WithMetadata(Audience.Everyone);
    }

    async Task BeginAsync(HttpContext context)
    {
        if (await documents.ReadAsync() is not { AuthorizationEndpoint: { } endpoint })
        {
            await RefuseAsync(context, "unavailable", Problems.AuthorityUnavailable());
            return;
        }

        var begun = new Begun(NewText(), NewText(), NewText(), LocalPath(context.Request.Query["return"]));
        context.Response.Cookies.Append(CookieName, Sign(begun), CookieOptions(context, clock.GetUtcNow() + Patience));
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(begun.Verifier)));
        var query = QueryString.Create(new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = settings.ClientId,
            ["redirect_uri"] = ReturnAddress(context),
            ["scope"] = settings.Scope,
            ["state"] = begun.State,
            ["nonce"] = begun.Nonce,
            ["code_challenge"] = challenge,
            ["code_challenge_method"] = "S256",
        });
        var start = endpoint.Query.Length > 0 ? endpoint.AbsoluteUri + "&" + query.Value![1..] : endpoint.AbsoluteUri + query;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Redirect(start);
    }

    async Task EndAsync(HttpContext context)
    {
        var begun = Read(context.Request.Cookies[CookieName]);
        context.Response.Cookies.Delete(CookieName, CookieOptions(context, clock.GetUtcNow()));
        var query = context.Request.Query;
        if (begun is null || !IsSame(begun.State, query["state"].ToString()))
        {
            await RefuseAsync(context, "late", Problems.SignInFailed("It was not begun in this browser, or too long ago."));
            return;
        }

        if (query["code"].ToString() is not { Length: > 0 } code)
        {
            await RefuseAsync(context, "denied", Problems.SignInFailed("The authority did not let you in."));
            return;
        }

        switch (await RedeemAsync(context, code, begun))
        {
            case Credential.Good good:
                var left = await sessions.OpenAsync(context, good.Caller, expiresAt: null);
                SendTo(context, left.Count == 0 ? begun.Return : $"{PagePath}?left-behind={left.Count}");
                return;
            case Credential.Unknown:
                await RefuseAsync(context, "unavailable", Problems.AuthorityUnavailable());
                return;
            default:
                await RefuseAsync(context, "invalid", Problems.SignInFailed("The authority's answer is not valid."));
                return;
        }
    }

    async Task<Credential> RedeemAsync(HttpContext context, string code, Begun begun)
    {
        if (await documents.ReadAsync() is not { TokenEndpoint: { } endpoint })
            return new Credential.Unknown();

        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = ReturnAddress(context),
            ["client_id"] = settings.ClientId!,
            ["code_verifier"] = begun.Verifier,
        };
        if (settings.ClientSecret is { } secret)
            form.Add("client_secret", secret);
        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var late = new CancellationTokenSource(AuthorityDocuments.AnswerWithin, clock);
            using var answer = await http.PostAsync(endpoint, content, late.Token);
            if (!answer.IsSuccessStatusCode)
                return (int)answer.StatusCode >= 500 ? new Credential.Unknown() : Credential.None;

            await answer.Content.LoadIntoBufferAsync(AnswerBytesMax, late.Token);
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(late.Token));
            return document.RootElement.TryGetProperty("id_token", out var token) && token.GetString() is { } text
                ? await tokens.ReadAsync(new JsonWebToken(text), settings.ClientId!, begun.Nonce)
                : Credential.None;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return new Credential.Unknown();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return Credential.None;
        }
    }

    /// <summary>People are led back to the page, which says it; programs get the problem.</summary>
    static Task RefuseAsync(HttpContext context, string why, Problem problem)
    {
        if (!context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
            return Problems.WriteAsync(context, problem);

        SendTo(context, $"{PagePath}?sign-in={why}");
        return Task.CompletedTask;
    }

    static void SendTo(HttpContext context, string path)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
    }

    static string NewText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    static string ReturnAddress(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}{ReturnPath}";

    /// <summary>Only a path on this server: an address of another would make this one its lure.</summary>
    static string LocalPath(string? wanted) =>
        wanted is { Length: > 0 and <= ReturnLengthMax } && wanted[0] == '/' && !wanted.StartsWith("//", StringComparison.Ordinal)
        && !wanted.Contains('\\', StringComparison.Ordinal) && !wanted.Any(char.IsControl) ? wanted : "/";

    static CookieOptions CookieOptions(HttpContext context, DateTimeOffset expiresAt)
    {
        var options = VisitorCookie.OptionsFor(context, expiresAt);
        options.Path = ReturnPath;
        return options;
    }

    string Sign(Begun begun)
    {
        var end = (clock.GetUtcNow() + Patience).ToUnixTimeSeconds();
        var text = Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes($"{end}|{begun.State}|{begun.Nonce}|{begun.Verifier}|{begun.Return}"));
        return $"{text}.{Mac(text)}";
    }

    Begun? Read(string? cookie)
    {
        if (cookie?.Split('.') is not [var text, var mac] || !IsSame(mac, Mac(text)))
            return null;

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('|', 5);
        return long.TryParse(parts[0], out var end) && clock.GetUtcNow() < DateTimeOffset.FromUnixTimeSeconds(end)
            ? new Begun(parts[1], parts[2], parts[3], parts[4]) : null;
    }

    static bool IsSame(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    string Mac(string text) => Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(Purpose + text)));
}
