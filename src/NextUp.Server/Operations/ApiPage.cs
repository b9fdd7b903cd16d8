using Swashbuckle.AspNetCore.SwaggerUI;

namespace NextUp.Server.Operations;

/// <summary>
/// The page at <c>/openapi</c> that shows the API and lets one try it. All it loads comes from this server.
/// </summary>
static class ApiPage
{
    const string Prefix = "openapi";

    public static void Use(IApplicationBuilder application) => application.UseSwaggerUI(page =>
    {
        page.RoutePrefix = Prefix;
        page.DocumentTitle = "NextUp API";
        page.SwaggerEndpoint("/openapi/v1.json", "NextUp v1");
    });
}
