using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.Server.Operations;

namespace NextUp.Server.Users.Keys;

/// <summary>API keys: a user's own, and for administrators everyone's.</summary>
sealed class KeyEndpoints(ApiKeys keys, IAccountStore store, Callers callers, TimeProvider clock)
{
    public const int NameLengthMax = 100;

    public const int DaysMax = 3650;

    /// <summary>Keys on a page.</summary>
    public const int PageMax = 200;

    /// <summary>The largest body that asks for a key, in bytes.</summary>
    const int BodyBytesMax = 16 * 1024;

    const string Tag = "Users";
    const string After = "The \"next\" of the page before.";

    public void Map(IEndpointRouteBuilder map)
    {
        map.MapPost("/api/v1/keys", callers.Guard(MakeAsync, Audience.Account, Scope.Account))
            .Describe(Tag, "Make an API key; it is shown this once", Audience.Account)
            .Answers<NewKeyView>(201).Refuses(400, 401, 403, 429, 503);
        map.MapGet("/api/v1/keys", callers.Guard(ListAsync, Audience.Account, Scope.Account))
            .Describe(Tag, "Your API keys, newest first", Audience.Account)
            .Takes(new EndpointDocs.QueryParameter("after", After, IsNumber: false))
            .Answers<KeyPage>(200).Refuses(401, 403);
        map.MapDelete("/api/v1/keys/{key}", callers.Guard(RevokeAsync, Audience.Account, Scope.Account))
            .Describe(Tag, "Revoke one of your API keys; it ends at once", Audience.Account).Refuses(401, 403, 404, 503);
        map.MapGet("/api/v1/operations/keys", callers.Guard(ListAllAsync, Audience.Administrator))
            .Describe("Operations", "Everyone's API keys, newest first", Audience.Administrator)
            .Takes(new EndpointDocs.QueryParameter("after", After, IsNumber: false))
            .Answers<KeyPage>(200).Refuses(401, 403);
        map.MapDelete("/api/v1/operations/keys/{key}", callers.Guard(RevokeAnyAsync, Audience.Administrator))
            .Describe("Operations", "Revoke anyone's API key", Audience.Administrator).Refuses(401, 403, 404, 503);
    }

    async Task MakeAsync(HttpContext context, Caller caller)
    {
        var (request, wrong) = Read(await SmallBody.ReadAsync(context, WireJson.Wire.KeyRequest, BodyBytesMax), caller.Role);
        if (request is null)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(wrong));
            return;
        }

        var expiresAt = request.Days is { } days ? clock.GetUtcNow() + TimeSpan.FromDays(days) : (DateTimeOffset?)null;
        if (await keys.MakeAsync(caller.User, caller.Role, request.Name, request.Scopes, expiresAt) is { } made)
            await Answers.JsonAsync(context, 201, new NewKeyView(made.Text, ViewOf(made.Key)), WireJson.Wire.NewKeyView);
        else
            await Problems.WriteAsync(context, Problems.TooManyKeys(ApiKey.PerUserMax));
    }

    Task ListAsync(HttpContext context, Caller caller) => ListAsync(context, caller.User, ViewOf);

    Task ListAllAsync(HttpContext context, Caller caller) => ListAsync(
        context, null, key => ViewOf(key) with { User = key.User.AccountName ?? key.User.Value });

    async Task ListAsync(HttpContext context, Actors.Users.UserId? user, Func<ApiKey, KeyView> view)
    {
        var after = context.Request.Query["after"].ToString();
        var found = await store.KeysAsync(user, after.Length == 0 ? null : after, PageMax + 1);
        var page = found.Take(PageMax).ToList();
        await Answers.JsonAsync(
            context, 200, new KeyPage([.. page.Select(view)], found.Count > PageMax ? page[^1].Id : null), WireJson.Wire.KeyPage);
    }

    Task RevokeAsync(HttpContext context, Caller caller) => RevokeAsync(context, caller.User);

    Task RevokeAnyAsync(HttpContext context, Caller caller) => RevokeAsync(context, user: null);

    async Task RevokeAsync(HttpContext context, Actors.Users.UserId? user)
    {
        var id = context.Request.RouteValues["key"] as string ?? "";
        if (await keys.RevokeAsync(id, user))
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else
            await Problems.WriteAsync(context, Problems.KeyNotFound(id));
    }

    sealed record Wanted(string Name, Scope Scopes, int? Days);

    static (Wanted? Request, string Wrong) Read(KeyRequest? request, Role role)
    {
        if (request is null)
            return (null, "Send {\"name\": \"...\", \"scopes\": [\"read\"], \"expiresInDays\": 90} as JSON.");
        if (request.Name is not { Length: > 0 and <= NameLengthMax } name || name.Any(char.IsControl))
            return (null, $"name has 1 to {NameLengthMax} characters and no control characters.");
        if (request.ExpiresInDays is < 1 or > DaysMax)
            return (null, $"expiresInDays is a whole number from 1 to {DaysMax}; leave it out for a key without an end.");

        var grantable = ApiKeys.Grantable(role);
        var scopes = Scope.None;
        foreach (var word in request.Scopes ?? [])
        {
            var scope = ScopeOf(word);
            if (scope == Scope.None || !grantable.HasFlag(scope))
                return (null, $"scopes may hold {string.Join(", ", Words(grantable))}; \"{word}\" is none that your role may give.");
            scopes |= scope;
        }

        return scopes == Scope.None
            ? (null, $"scopes is a list of one or more of {string.Join(", ", Words(grantable))}.")
            : (new(name, scopes, request.ExpiresInDays), "");
    }

    KeyView ViewOf(ApiKey key) => new(
        key.Id, key.Name, Words((Scope)key.Scopes),
        key.RevokedAt is not null ? "revoked" : key.IsGood(clock.GetUtcNow()) ? "good" : "expired", key.CreatedAt, key.ExpiresAt,
        key.RevokedAt, key.LastUsedAt);

    static Scope ScopeOf(string word) =>
        Array.Find(Enum.GetValues<Scope>(), scope => scope != Scope.None && WordOf(scope) == word);

    static List<string> Words(Scope scopes) =>
        [.. Enum.GetValues<Scope>().Where(scope => scope != Scope.None && scopes.HasFlag(scope)).Select(WordOf)];

    static string WordOf(Scope scope) => scope.ToString().ToLowerInvariant();
}
