#if ORLEANS
using NextUp.Orleans.Cluster;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Cluster;

/// <summary>
/// Orleans' own pages, which show silos and grains. They belong to the silo, whose services are not the server's, so that they
/// have a pipeline of their own behind one endpoint.
/// </summary>
static class SiloPages
{
    const string Path = "/operations/orleans";

    public static void Map(WebApplication application, SiloHost host, Callers callers)
    {
        RequestDelegate? pages = null;
        application.MapGet(Path + "/{**rest}", callers.Guard(
            (context, _) => ShowAsync(context, host, pages ??= host.Pages()), Audience.Administrator)).ExcludeFromDescription();
    }

    static async Task ShowAsync(HttpContext context, SiloHost host, RequestDelegate pages)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var (services, path) = (context.RequestServices, context.Request.Path);
        context.RequestServices = scope.ServiceProvider;
        context.SetEndpoint(null);
        context.Request.Path = path.StartsWithSegments(Path, out var rest) && rest.HasValue ? rest : new PathString("/");
        context.Request.PathBase = context.Request.PathBase.Add(Path);
        try
        {
            await pages(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }
}
#endif
