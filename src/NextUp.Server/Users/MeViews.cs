using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;

namespace NextUp.Server.Users;

/// <summary>Who the caller is and what of theirs is not finished.</summary>
sealed class MeViews(IJobStore store, JobViews views, string? signInPath = null)
{
    readonly SignInView _signIn = new(ByToken: true, signInPath);

    public async ValueTask<MeView> ReadAsync(Caller caller)
    {
        // The number first: jobs read after it can only be newer than it says, and an event told twice does no harm.
        var lastEvent = await store.LastEventNumberAsync(caller.User);
        var active = await views.OfAsync(await store.LaneAsync(caller.User));
        var user = caller.User.AccountName is { } name ? new UserView("account", name) : new UserView("visitor", null);
        return new MeView(user, caller.IsAdministrator, active, lastEvent) { Role = caller.Role.Name(), SignIn = _signIn };
    }

    /// <summary><c>GET /api/v1/me</c></summary>
    public async Task GetAsync(HttpContext context, Caller caller) =>
        await Answers.JsonAsync(context, 200, await ReadAsync(caller), WireJson.Wire.MeView);
}
