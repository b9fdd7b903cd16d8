using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using NextUp.Client.Notices;
using NextUp.Client.Settings;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Server.Users;

namespace NextUp.EndToEndTests.Api;

/// <summary>Settings that change while the real process serves.</summary>
public sealed class ReloadTests
{
    const string ReloadPath = "/api/v1/operations/config/reload";
    const string ShowPath = "/api/v1/operations/config";

    [Fact]
    public async Task A_changed_file_is_in_force_without_a_restart_and_a_faulty_one_changes_nothing()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var visitor = server.Visitor();
        using var administrator = Administrator(server);
        var job = await visitor.SubmittedAsync();

        ServerProcess.WriteConfig(server.Folder, """{"queue":{"paused":false,"slots":"many"}}""");
        await Eventually.IsTrueAsync(() => Ready(administrator).Remarks is { Count: 1 });
        Assert.Equal("ready", Ready(administrator).Status);
        Assert.Equal("true", await ValueAsync(administrator, "queue.paused"));

        ServerProcess.WriteConfig(server.Folder, """{"queue":{"slots":3},"bibtex":{"providers":["catalogue"]}}""");
        Assert.Equal("completed", (await visitor.FinishedAsync(job.Id)).State);
        Assert.Equal("3", await ValueAsync(administrator, "queue.slots"));
        Assert.Null(Ready(administrator).Remarks);
    }

    [Fact]
    public async Task A_raised_limit_lets_the_held_job_in_and_a_lowered_upload_limit_holds_for_the_next_file()
    {
        await using var server = await ServerProcess.StartAsync(Limits(activePerUserMax: 1, uploadBytesMax: 1_000_000));
        using var visitor = server.Visitor();
        using var administrator = Administrator(server);
        await visitor.SubmittedAsync();
        var held = await visitor.SubmittedAsync();
        Assert.Null(held.Position);

        ServerProcess.WriteConfig(server.Folder, Limits(activePerUserMax: 2, uploadBytesMax: 10));
        await ReloadedAsync(administrator);

        await Eventually.IsTrueAsync(() => visitor.GetJobAsync(held.Id).GetAwaiter().GetResult().Position == 2);
        using var tooLarge = await visitor.SubmitAsync();
        await tooLarge.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, ProblemCodes.UploadTooLarge);
    }

    [Fact]
    public async Task How_users_are_told_and_how_many_visitors_there_may_be_changes_at_once_and_what_cannot_is_named()
    {
        await using var server = await ServerProcess.StartAsync(Telling(allowHttp: false, visitors: 1, deliveriesAtOnce: 8));
        using var ann = server.Account("ann");
        using var administrator = Administrator(server);
        using var first = server.Visitor();
        using var second = server.Visitor();
        await first.SubmittedAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await second.SubmitAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await SubscribedAsync(ann));

        ServerProcess.WriteConfig(server.Folder, Telling(allowHttp: true, visitors: 2, deliveriesAtOnce: 9));
        using var answer = await administrator.PostAsync(ReloadPath, null);
        var reload = (await answer.Content.ReadFromJsonAsync(SettingsWire.Wire.ReloadView))!;

        Assert.Equal(["identity.visitorsPerAddressMax", "notices.allowHttp"], reload.Changed.Select(one => one.Key));
        Assert.Equal(["notices.deliveriesAtOnce"], reload.AtRestart.Select(one => one.Key));
        Assert.Equal(HttpStatusCode.Created, await SubscribedAsync(ann));
        Assert.Equal(HttpStatusCode.Created, (await second.SubmitAsync()).StatusCode);
    }

    static async Task<HttpStatusCode> SubscribedAsync(HttpClient user)
    {
        using var answer = await user.PostAsJsonAsync(
            "/api/v1/notices", new NoticeWish("webhook", "http://example.org/hook", ["requeued"]), NoticeJson.Wire.NoticeWish);
        return answer.StatusCode;
    }

    static string Telling(bool allowHttp, int visitors, int deliveriesAtOnce) => $$"""
        {"queue": {"paused": true}, "bibtex": {"providers": ["catalogue"]}, "identity": {"visitorsPerAddressMax": {{visitors}}},
         "notices": {"allowHttp": {{(allowHttp ? "true" : "false")}}, "deliveriesAtOnce": {{deliveriesAtOnce}} } }
        """;

    [Fact]
    public async Task A_reload_answers_what_changed_what_waits_and_what_is_wrong()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var administrator = Administrator(server);

        ServerProcess.WriteConfig(
            server.Folder,
            """{"queue":{"paused":true,"slots":9},"kinds":{"bibtex":{"attemptsMax":7}},"bibtex":{"providers":["catalogue"]}}""");
        await ReloadedAsync(administrator);
        Assert.Equal("9", await ValueAsync(administrator, "queue.slots"));
        Assert.Equal("7", await ValueAsync(administrator, "kinds.bibtex.attemptsMax"));

        ServerProcess.WriteConfig(server.Folder, """{"queue":{"slots":0,"pausd":true}}""");
        using var refused = await administrator.PostAsync(ReloadPath, null);
        var problem = await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.SettingsRefused);

        Assert.Equal(["queue.pausd", "queue.slots"], problem.Faults!.Select(fault => fault.Key).Order(StringComparer.Ordinal));
        Assert.Equal("9", await ValueAsync(administrator, "queue.slots"));
    }

    [Fact]
    public async Task Whoever_is_no_administrator_neither_sees_the_settings_nor_has_them_read()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var account = server.Account("ada");

        using var shown = await account.GetAsync(ShowPath);
        using var read = await account.PostAsync(ReloadPath, null);

        await shown.ProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        await read.ProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
    }

    [Fact]
    public async Task The_hang_up_signal_has_the_settings_read_again()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var administrator = Administrator(server);
        ServerProcess.WriteConfig(server.Folder, """{"queue":{"paused":true,"slots":8},"bibtex":{"providers":["catalogue"]}}""");

        await server.HangUpAsync();

        await Eventually.IsTrueAsync(() => ValueAsync(administrator, "queue.slots").GetAwaiter().GetResult() == "8");
    }

    [Fact]
    public async Task An_existing_config_of_another_system_is_one_of_NextUps_too()
    {
        await using var server = await ServerProcess.StartAsync("""
            {"scheduler_settings":{"interval_minutes":2,"max_concurrent_jobs_per_user":1,"job_timeout_minutes":30,
              "retry_failed_jobs":true,"max_retries":3,"cleanup_completed_jobs_days":7},
             "job_processing":{"single_job_per_user":true,"queue_priority":"first_in_first_out",
              "auto_start_processing":false,"max_processing_time_minutes":60}}
            """);
        using var visitor = server.Visitor();

        var first = await visitor.SubmittedAsync();
        var second = await visitor.SubmittedAsync();

        Assert.Equal((1, null), (first.Position, second.Position));
    }

    static string Limits(int activePerUserMax, int uploadBytesMax) => $$"""
        {"queue":{"paused":true},"bibtex":{"providers":["catalogue"]},"kinds":{"bibtex":{
          "whenBusy":"hold","activePerUserMax":{{activePerUserMax}},"uploadBytesMax":{{uploadBytesMax}} } } }
        """;

    static HttpClient Administrator(ServerProcess server)
    {
        var client = server.Nobody();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", new TokenIssuer(server.Folder, TimeProvider.System).Issue("root", isAdministrator: true));
        return client;
    }

    /// <summary>The watch may have been there before; either way the file's content is in force then.</summary>
    static async Task ReloadedAsync(HttpClient administrator)
    {
        using var answer = await administrator.PostAsync(ReloadPath, null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotNull(await answer.Content.ReadFromJsonAsync(SettingsWire.Wire.ReloadView));
    }

    static async Task<string> ValueAsync(HttpClient administrator, string key) =>
        (await administrator.GetFromJsonAsync(ShowPath, SettingsWire.Wire.SettingsView))!.Settings
            .Single(setting => setting.Key == key).Value;

    static HealthView Ready(HttpClient client) =>
        client.GetFromJsonAsync("/health/ready", WireJson.Wire.HealthView).GetAwaiter().GetResult()!;
}
