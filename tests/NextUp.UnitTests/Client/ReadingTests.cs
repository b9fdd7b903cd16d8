using System.Text;
using System.Text.Json;
using NextUp.Client;
using NextUp.Client.Downloads;
using NextUp.Client.Visitors;
using NextUp.Client.Wire;

namespace NextUp.UnitTests.Client;

public sealed class ReadingTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_is_read_page_by_page_to_its_end()
    {
        await using var server = await StubServer.StartAsync(context =>
        {
            var page = context.Request.Query["after"].ToString() switch
            {
                "" => new JobPage([Answers.Job("3"), Answers.Job("2")], "c/2=="),
                "c/2==" => new JobPage([Answers.Job("1")], null),
                var other => throw new InvalidOperationException(other),
            };
            return context.TextAsync(JsonSerializer.Serialize(page, WireJson.Wire.JobPage));
        });

        var ids = new List<string>();
        await foreach (var job in server.NewClient().JobsAsync(JobStateNames.Pending, 2, Stop))
            ids.Add(job.Id);

        Assert.Equal(["3", "2", "1"], ids);
        Assert.All(
            server.Requests, request => Assert.Contains("limit=2&state=pending", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_is_read_until_nothing_comes()
    {
        await using var server = await StubServer.StartAsync(context =>
        {
            var after = int.Parse(context.Request.Query["after"].ToString());
            LogLineView[] lines = after >= 5 ? [] : [new(after + 1, Answers.Noon, $"line {after + 1}")];
            return context.TextAsync(JsonSerializer.Serialize(new(lines, after + lines.Length), WireJson.Wire.LogPage));
        });

        var numbers = new List<long>();
        await foreach (var line in server.NewClient().LogAsync("a", after: 2, Stop))
            numbers.Add(line.Number);

        Assert.Equal([3, 4, 5], numbers);
    }

    [Theory]
    [InlineData(404, "<html>nginx</html>", "text/html")]
    [InlineData(403, "", "text/plain")]
    [InlineData(500, "{\"oops\":", "application/json")]
    [InlineData(200, "<html>captive portal</html>", "text/html")]
    [InlineData(200, "null", "application/json")]
    public async Task An_answer_of_something_that_is_no_NextUp_server_says_so(int status, string body, string type)
    {
        await using var server = await StubServer.StartAsync(context => context.TextAsync(body, status, type));

        var no = await Assert.ThrowsAsync<NextUpProblemException>(() => server.NewClient().QueueAsync(Stop));

        Assert.Equal(NextUpProblemException.NotAProblemDocument, no.Code);
        Assert.Equal(status, no.Status);
        Assert.Contains(server.Address.ToString(), no.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancellation_whose_answer_is_lost_is_still_a_cancellation()
    {
        var posts = 0;
        await using var server = await StubServer.StartAsync(context =>
        {
            if (context.Request.Method == "GET")
                return context.JsonAsync(Answers.Job("a", JobStateNames.Cancelled));
            if (++posts == 1)
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return context.ProblemAsync(Answers.Problem(409, ProblemCodes.JobAlreadyFinished, "It has ended."));
        });

        Assert.Equal(JobStateNames.Cancelled, (await server.NewClient().CancelAsync("a", Stop)).State);
    }

    [Fact]
    public async Task A_finished_job_cannot_be_cancelled()
    {
        await using var server = await StubServer.StartAsync(context =>
            context.ProblemAsync(Answers.Problem(409, ProblemCodes.JobAlreadyFinished, "It has ended.")));

        var no = await Assert.ThrowsAsync<NextUpProblemException>(() => server.NewClient().CancelAsync("a", Stop));

        Assert.Equal(ProblemCodes.JobAlreadyFinished, no.Code);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_download_that_breaks_off_is_not_a_whole_file()
    {
        var begun = new TaskCompletionSource();
        await using var server = await StubServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 1_000;
            await context.Response.Body.WriteAsync(new byte[10], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await begun.Task;
            context.Abort();
        });

        await using var download = await server.NewClient().ResultAsync("a", Stop);
        begun.SetResult();
        using var target = new MemoryStream();

        await Assert.ThrowsAsync<ServerUnreachableException>(() => download.CopyToAsync(target, Stop));
    }

    [Fact]
    public async Task A_download_arrives_with_its_name()
    {
        await using var server = await StubServer.StartAsync(async context =>
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=\"a.bib\"; filename*=UTF-8''%C3%BC.bib";
            await context.Response.Body.WriteAsync("@book{}"u8.ToArray(), context.RequestAborted);
        });

        await using var download = await server.NewClient().ResultAsync("a", Stop);
        using var target = new MemoryStream();
        await download.CopyToAsync(target, Stop);

        Assert.Equal(("ü.bib", "@book{}"), (download.FileName, Encoding.UTF8.GetString(target.ToArray())));
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\Windows\\x.bib", "x.bib")]
    [InlineData("..", "download")]
    [InlineData(".bashrc", "bashrc")]
    [InlineData("a\u001b[31m\r\n.bib", "a[31m.bib")]
    [InlineData("", "download")]
    [InlineData(null, "download")]
    public void A_name_from_the_server_never_leaves_the_folder(string? given, string safe) =>
        Assert.Equal(safe, FileDownload.SafeName(given));

    [Fact]
    public void A_name_too_long_for_a_file_system_keeps_its_extension()
    {
        var safe = FileDownload.SafeName(string.Concat(Enumerable.Repeat("📚", 200)) + ".bib");

        Assert.True(safe.Length <= 120);
        Assert.EndsWith("📚.bib", safe, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visitor_stays_the_same_visitor()
    {
        var kept = new List<string?>();
        await using var server = await StubServer.StartAsync(context =>
        {
            if (context.Request.Cookies[VisitorCookie.Name] is null)
                context.Response.Headers.SetCookie = $"{VisitorCookie.Name}=v1.sig; path=/; samesite=lax; httponly";
            else
                Assert.Equal("v1.sig", context.Request.Cookies[VisitorCookie.Name]);
            context.Response.Cookies.Append("other", "1");
            return context.TextAsync(JsonSerializer.Serialize(Answers.Me(), WireJson.Wire.MeView));
        });
        var client = server.NewClient(visitor: new VisitorCookie(null, kept.Add));

        await client.MeAsync(Stop);
        await client.MeAsync(Stop);

        Assert.Equal(["v1.sig"], kept);
    }

    [Fact]
    public async Task A_token_is_sent_and_no_cookie_beside_it()
    {
        var seen = new List<string>();
        await using var server = await StubServer.StartAsync(context =>
        {
            seen.Add($"{context.Request.Headers.Authorization}|{context.Request.Headers.Cookie}");
            return context.TextAsync(JsonSerializer.Serialize(Answers.Me(), WireJson.Wire.MeView));
        });

        await server.NewClient("t0ken", visitor: new VisitorCookie("v1.sig")).MeAsync(Stop);

        Assert.Equal(["Bearer t0ken|"], seen);
    }

    [Fact]
    public void Delays_double_to_their_limit_and_are_half_random()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), new Random(seed));
            double[] wholes = [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000];
            foreach (var whole in wholes)
                Assert.InRange(backoff.Next().TotalMilliseconds, whole / 2, whole);
            backoff.Reset();
            Assert.InRange(backoff.Next().TotalMilliseconds, 50, 100);
        }
    }
}
