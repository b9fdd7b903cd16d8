using Microsoft.AspNetCore.Http;
using NextUp.Server.Commands;
using NextUp.Server.Standby;
using NextUp.UnitTests.Client;

namespace NextUp.UnitTests.Commands;

public sealed class CleanupCommandTests : IDisposable
{
    readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Where_the_jobs_are_in_PostgreSQL_the_server_is_asked_with_a_token_of_the_folder_s_own()
    {
        string? authorization = null;
        await using var server = await StubServer.StartAsync(context =>
        {
            authorization = context.Request.Headers.Authorization;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(
                """
                {"total": 3, "active": 1, "completed": 2, "failed": 0, "cancelled": 0, "touchedCount": 0, "touched": [], "dryRun": true}
                """);
        });
        var data = Directory.CreateDirectory(Path.Combine(_run.Folder, "data")).FullName;
        OpenedStore.Mark(data);

        Assert.Equal(ExitCode.Ok, await _run.AtAsync(server, "cleanup", "--dry-run", "--data", data));

        Assert.StartsWith("Bearer ", authorization, StringComparison.Ordinal);
        Assert.StartsWith("POST /api/v1/cleanup", Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(data, "nextup.db")));
    }
}
