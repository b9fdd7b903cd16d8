using System.Diagnostics;
using System.Text;
using System.Text.Json;
using NextUp.Actors.Store;
using NextUp.Actors.Tables;
using NextUp.Client.Tables;
using NextUp.Processors.Tables.Importing;
using NextUp.Processors.Tables.Profiles;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Tables;

/// <summary><c>/api/v1/tables/profiles</c>: what the caller's tables look like.</summary>
sealed class ProfileEndpoints(IRecordStore store, Callers callers, Func<TablesLimits> limits, TimeProvider clock)
{
    const string Tag = "Tables";

    public void Map(IEndpointRouteBuilder map)
    {
        const string All = "/api/v1/tables/profiles";
        const string One = All + "/{id}";
        map.MapGet(All, callers.Guard(ListAsync))
            .Describe(Tag, "Your profiles", Audience.Caller).Answers<ProfileList>(200).Refuses(401);
        map.MapPost(All, callers.Guard(AddAsync))
            .Describe(Tag, "Say what a table of yours looks like", Audience.Caller)
            .TakesJson<ProfileWish>().Answers<ProfileView>(201).Refuses(400, 401, 403, 409, 422, 429, 503);
        map.MapGet(One, callers.Guard(GetAsync))
            .Describe(Tag, "A profile", Audience.Caller).Answers<ProfileView>(200).Refuses(401, 404);
        map.MapPut(One, callers.Guard(ReplaceAsync))
            .Describe(Tag, "Replace a profile", Audience.Caller)
            .TakesJson<ProfileWish>().Answers<ProfileView>(200).Refuses(400, 401, 403, 404, 409, 422, 503);
        map.MapDelete(One, callers.Guard(DeleteAsync))
            .Describe(Tag, "Delete a profile; its records stay", Audience.Caller).Refuses(401, 403, 404, 503);
        map.MapGet(One + "/template", callers.Guard(TemplateAsync))
            .Describe(Tag, "An empty CSV with the profile's header", Audience.Caller).AnswersFile().Refuses(401, 404);
    }

    async Task ListAsync(HttpContext context, Caller caller)
    {
        var own = await store.ProfilesAsync(caller.User);
        await Answers.JsonAsync(context, 200, new ProfileList([.. own.Select(ViewOf)]), TablesJson.Wire.ProfileList);
    }

    async Task GetAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is { } profile)
            await Answers.JsonAsync(context, 200, ViewOf(profile), TablesJson.Wire.ProfileView);
    }

    Task AddAsync(HttpContext context, Caller caller) => SaveAsync(context, caller, Guid.CreateVersion7(clock.GetUtcNow()), 201);

    async Task ReplaceAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is { } profile)
            await SaveAsync(context, caller, profile.Id, 200);
    }

    async Task DeleteAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } profile)
            return;
        await store.DeleteProfileAsync(caller.User, profile.Id);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    async Task TemplateAsync(HttpContext context, Caller caller)
    {
        if (await FindAsync(context, caller) is not { } profile)
            return;
        var view = ViewOf(profile);
        var text = SafeCsv.AppendRow(new StringBuilder(SafeCsv.ByteOrderMark), view.Columns.Select(column => column.Name));
        context.Response.ContentType = SafeCsv.ContentType;
        context.Response.Headers.ContentDisposition = FileNames.Attachment(FileNames.Clean(profile.Name) + ".csv");
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    async Task SaveAsync(HttpContext context, Caller caller, Guid id, int status)
    {
        TableProfile? profile = null;
        var unfit = "The body must be a JSON object with name and columns; /openapi shows their members.";
        try
        {
            profile = await JsonSerializer.DeserializeAsync(
                context.Request.Body, ProfileJson.Wire.TableProfile, context.RequestAborted);
        }
        catch (JsonException error)
        {
            unfit += $" {error.Message}";
        }

        if (profile is null)
        {
            await Problems.WriteAsync(context, Problems.InvalidRequest(unfit));
            return;
        }

        if (profile.Problems() is { Count: > 0 } problems)
        {
            await Problems.WriteAsync(context, Problems.UnfitProfile(string.Join(' ', problems.Take(10))));
            return;
        }

        var stored = new StoredProfile(
            id, caller.User, profile.Name.Trim(),
            JsonSerializer.Serialize(profile with { Name = profile.Name.Trim() }, ProfileJson.Wire.TableProfile),
            clock.GetUtcNow());
        var perUserMax = limits().ProfilesPerUserMax;
        await (await store.SaveProfileAsync(stored, perUserMax) switch
        {
            ProfileAnswer.Saved => Answers.JsonAsync(context, status, ViewOf(stored), TablesJson.Wire.ProfileView),
            ProfileAnswer.NameTaken => Problems.WriteAsync(context, Problems.ProfileExists()),
            ProfileAnswer.TooMany => Problems.WriteAsync(context, Problems.TooManyProfiles(perUserMax)),
            var unknown => throw new UnreachableException($"{unknown}"),
        });
    }

    static ProfileView ViewOf(StoredProfile profile)
    {
        var wish = JsonSerializer.Deserialize(profile.Content, TablesJson.Wire.ProfileWish)!;
        return new(profile.Id.ToString(), profile.Name, wish.Columns, profile.ChangedAt);
    }

    /// <summary>The caller's profile that the path names, by id. Null means that it is none, and that this was answered.</summary>
    async ValueTask<StoredProfile?> FindAsync(HttpContext context, Caller caller)
    {
        var text = JobEndpoints.IdOf(context);
        var own = await store.ProfilesAsync(caller.User);
        var found = Guid.TryParse(text, out var id) ? own.FirstOrDefault(one => one.Id == id) : null;
        if (found is null)
            await Problems.WriteAsync(context, Problems.ProfileNotFound(text));
        return found;
    }
}
