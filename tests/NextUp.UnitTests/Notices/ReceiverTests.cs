using Microsoft.AspNetCore.Http;
using NextUp.Actors.Notices;
using NextUp.Server.Notices.Channels;
using NextUp.Server.Notices.Delivery;
using NextUp.Server.Settings;
using NextUp.UnitTests.Client;

namespace NextUp.UnitTests.Notices;

/// <summary>Receivers on this machine that do what receivers do.</summary>
public sealed class ReceiverTests
{
    static readonly NoticeSettings Open = new()
    {
        AllowHttp = true, AllowPrivateAddresses = true, Timeout = TimeSpan.FromSeconds(10),
    };

    static readonly NoticeSettings Impatient = Open with { Timeout = TimeSpan.FromSeconds(2) };

    [Theory]
    [InlineData(200, typeof(SendOutcome.Delivered))]
    [InlineData(204, typeof(SendOutcome.Delivered))]
    [InlineData(301, typeof(SendOutcome.Refused))]
    [InlineData(400, typeof(SendOutcome.Refused))]
    [InlineData(404, typeof(SendOutcome.Refused))]
    [InlineData(408, typeof(SendOutcome.Away))]
    [InlineData(410, typeof(SendOutcome.Gone))]
    [InlineData(429, typeof(SendOutcome.Away))]
    [InlineData(500, typeof(SendOutcome.Away))]
    [InlineData(503, typeof(SendOutcome.Away))]
    public async Task A_status_says_what_follows(int status, Type outcome)
    {
        await using var receiver = await StubServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        var said = await SendAsync(receiver.Address, Open);

        Assert.IsType(outcome, said);
        Assert.Equal(status, said.Status);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var receiver = await StubServer.StartAsync(context =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });

        Assert.IsType<SendOutcome.Refused>(await SendAsync(receiver.Address, Open));
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task What_the_receiver_asks_for_is_heard()
    {
        await using var receiver = await StubServer.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "120";
            return context.Response.WriteAsync("come\nback\u0007 later");
        });

        var away = Assert.IsType<SendOutcome.Away>(await SendAsync(receiver.Address, Open));

        Assert.Equal((TimeSpan.FromSeconds(120), "come back  later"), (away.RetryAfter, away.Answer));
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_left_after_the_time_of_the_settings()
    {
        await using var receiver = await StubServer.StartAsync(NeverAsync);

        var away = Assert.IsType<SendOutcome.Away>(await SendAsync(receiver.Address, Impatient));

        Assert.Null(away.Status);
        Assert.Contains("No answer within", away.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_whose_body_never_ends_counts_by_its_status()
    {
        await using var receiver = await StubServer.StartAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            await NeverAsync(context);
        });

        Assert.Equal(200, Assert.IsType<SendOutcome.Delivered>(await SendAsync(receiver.Address, Impatient)).Status);
    }

    [Fact]
    public async Task Of_a_huge_answer_only_the_beginning_is_read()
    {
        await using var receiver = await StubServer.StartAsync(async context =>
        {
            var part = new byte[64 * 1024];
            Array.Fill(part, (byte)'x');
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(part, context.RequestAborted);
        });

        Assert.Equal(ReceiverHttp.AnswerBytesMax, (await SendAsync(receiver.Address, Open)).Answer.Length);
    }

    [Fact]
    public async Task Headers_without_end_are_no_answer()
    {
        await using var receiver = await StubServer.StartAsync(context =>
        {
            for (var i = 0; i < 20; i++)
                context.Response.Headers[$"x-{i}"] = new string('x', 1_000);
            return Task.CompletedTask;
        });

        Assert.IsType<SendOutcome.Away>(await SendAsync(receiver.Address, Open));
    }

    [Fact]
    public async Task Nothing_answers_is_an_outcome_too()
    {
        Uri address;
        await using (var receiver = await StubServer.StartAsync(_ => Task.CompletedTask))
            address = receiver.Address;

        Assert.Equal("Nothing answers there.", Assert.IsType<SendOutcome.Away>(await SendAsync(address, Open)).Answer);
        var unknown = await SendAsync(new Uri("http://no-such-host.invalid/"), Open);
        Assert.Equal("Its name is not known.", Assert.IsType<SendOutcome.Away>(unknown).Answer);
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_refused_when_the_connection_is_made()
    {
        await using var receiver = await StubServer.StartAsync(_ => Task.CompletedTask);
        var byName = new UriBuilder(receiver.Address) { Host = "localhost" }.Uri;

        var refused = await SendAsync(byName, Open with { AllowPrivateAddresses = false });

        Assert.Contains("notices.allowPrivateAddresses", Assert.IsType<SendOutcome.Away>(refused).Answer, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
        Assert.IsType<SendOutcome.Delivered>(await SendAsync(byName, Open));
    }

    [Fact]
    public async Task A_webhook_carries_the_three_headers_of_the_standard()
    {
        IHeaderDictionary? got = null;
        await using var receiver = await StubServer.StartAsync(context =>
        {
            got = new HeaderDictionary(context.Request.Headers.ToDictionary());
            return Task.CompletedTask;
        });

        await SendAsync(receiver.Address, Open);

        Assert.Equal(SomeNotice.Of().Id.ToString(), got!["webhook-id"]);
        Assert.True(long.TryParse(got["webhook-timestamp"], out _));
        Assert.StartsWith("v1,", got["webhook-signature"].ToString(), StringComparison.Ordinal);
        Assert.Equal("application/json", got.ContentType);
    }

    static async Task<SendOutcome> SendAsync(Uri address, NoticeSettings settings)
    {
        using var http = new ReceiverHttp(() => settings, TimeProvider.System);
        var sender = new WebhookSender(http, () => settings, TimeProvider.System);
        var subscription = SomeNotice.To(address.AbsoluteUri, NoticeChannel.Webhook, WebhookSecret.New());
        return await sender.SendAsync(subscription, SomeNotice.Of(), TestContext.Current.CancellationToken);
    }

    static async Task NeverAsync(HttpContext context)
    {
        var never = new TaskCompletionSource();
        await using (context.RequestAborted.Register(() => never.TrySetResult()))
            await never.Task;
    }
}
