using NextUp.Client.Settings;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Settings;

/// <summary>The settings in force, and reading them again; both for administrators.</summary>
sealed class SettingsEndpoints(SettingsReload reload, Callers callers)
{
    public void Map(IEndpointRouteBuilder map)
    {
        map.MapGet("/api/v1/operations/config", callers.Guard(ShowAsync, Audience.Administrator))
            .Describe("Operations", "The settings in force, each with its source", Audience.Administrator)
            .Answers<SettingsView>(200).Refuses(401, 403);
        map.MapPost("/api/v1/operations/config/reload", callers.Guard(ReloadAsync, Audience.Administrator))
            .Describe("Operations", "Read the settings again; what cannot be used changes nothing", Audience.Administrator)
            .Answers<ReloadView>(200).Refuses(401, 403, 422);
    }

    Task ShowAsync(HttpContext context, Caller caller) =>
        Answers.JsonAsync(context, 200, SettingsViews.Of(reload.Current), SettingsWire.Wire.SettingsView);

    async Task ReloadAsync(HttpContext context, Caller caller)
    {
        var answer = await reload.ReloadAsync($"asked for by {caller.User}");
        await (answer switch
        {
            ReloadAnswer.Applied applied => Answers.JsonAsync(
                context, 200, SettingsViews.Of(applied), SettingsWire.Wire.ReloadView),
            ReloadAnswer.Refused refused => Problems.WriteAsync(
                context, Problems.SettingsRefused([.. refused.Faults.Select(SettingsViews.Of)])),
            _ => throw new System.Diagnostics.UnreachableException($"{answer}"),
        });
    }
}
