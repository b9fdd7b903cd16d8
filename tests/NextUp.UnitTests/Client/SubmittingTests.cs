using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using NextUp.Client;
using NextUp.Client.Uploads;
using NextUp.Client.Wire;

namespace NextUp.UnitTests.Client;

public sealed class SubmittingTests
{
    static readonly Upload Small = Upload.OfBytes("a.bib", "@book{a,}"u8.ToArray());

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("references.bib")]
    [InlineData("Références – 参考文献 📚.bib")]
    [InlineData("a \"quoted\" name.bib")]
    [InlineData("back\\slash.bib")]
    [InlineData("two\r\nlines.bib")]
    public async Task Fields_come_before_the_file_and_any_name_arrives(string name)
    {
        var content = Encoding.UTF8.GetBytes("@book{a,\r\n--\r\n title={Ü}}");
        IFormCollection? form = null;
        var order = "";
        var received = Array.Empty<byte>();
        await using var server = await StubServer.StartAsync(async context =>
        {
            context.Request.EnableBuffering();
            using (var raw = new StreamReader(context.Request.Body, leaveOpen: true))
                order = await raw.ReadToEndAsync(context.RequestAborted);
            context.Request.Body.Position = 0;
            form = await context.Request.ReadFormAsync(context.RequestAborted);
            using var copy = new MemoryStream();
            await form.Files.Single().CopyToAsync(copy, context.RequestAborted);
            received = copy.ToArray();
            await context.JsonAsync(Answers.Job(), 201);
        });

        await server.NewClient().SubmitAsync(
            Upload.OfBytes(name, content),
            new() { Kind = "bibtex", WhenBusy = BusyWish.Hold, Options = "{\"fields\":[\"doi\"]}" }, Stop);

        Assert.Equal("bibtex", form!["kind"]);
        Assert.Equal("hold", form["whenBusy"]);
        Assert.Equal("{\"fields\":[\"doi\"]}", form["options"]);
        Assert.Equal(content, received);
        // The framework's reader turns the browsers' escapes into nothing by itself, hence the second form of the name.
        Assert.Equal(name, ExactName(form.Files.Single()));
        Assert.True(
            order.IndexOf("name=\"options\"", StringComparison.Ordinal)
                < order.IndexOf("name=\"file\"", StringComparison.Ordinal));
    }

    static string ExactName(IFormFile file) =>
        Microsoft.Net.Http.Headers.ContentDispositionHeaderValue.Parse(file.ContentDisposition) is { } given
        && given.FileNameStar.HasValue ? given.FileNameStar.Value! : file.FileName;

    [Fact]
    public async Task A_submission_whose_answer_is_lost_is_sent_again_with_the_same_key()
    {
        var keys = new ConcurrentQueue<string>();
        await using var server = await StubServer.StartAsync(context =>
        {
            keys.Enqueue(context.Request.Headers["Idempotency-Key"].ToString());
            switch (keys.Count)
            {
                case 1:
                    context.Abort();
                    return Task.CompletedTask;
                case 2:
                    return context.ProblemAsync(
                        Answers.Problem(503, ProblemCodes.StoreUnavailable, "The disk is full."));
                default:
                    return context.JsonAsync(Answers.Job("the-job"), 200);
            }
        });

        var job = await server.NewClient().SubmitAsync(Small, cancellationToken: Stop);

        Assert.Equal("the-job", job.Id);
        Assert.Equal(3, keys.Count);
        Assert.Single(keys.Distinct());
        Assert.NotEmpty(keys.First());
    }

    [Fact]
    public async Task A_call_is_made_so_many_times_and_no_more()
    {
        await using var server = await StubServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        var error = await Assert.ThrowsAsync<ServerUnreachableException>(() => server.NewClient(
            options: StubServer.Impatient with { AttemptsMax = 3 }).QueueAsync(Stop));

        Assert.Equal(3, server.Requests.Count);
        Assert.Equal("it hung up before it had answered", error.Reason);
    }

    [Fact]
    public async Task A_refusal_is_not_repeated_and_carries_the_job_in_the_way()
    {
        await using var server = await StubServer.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "7";
            return context.ProblemAsync(Answers.Problem(
                429, ProblemCodes.JobLimitReached, "You already have a job.", Answers.Job("first")));
        });

        var no = await Assert.ThrowsAsync<NextUpProblemException>(
            () => server.NewClient().SubmitAsync(Small, null, Stop));

        Assert.Single(server.Requests);
        Assert.Equal(
            (ProblemCodes.JobLimitReached, 429, "You already have a job.", "first", TimeSpan.FromSeconds(7)),
            (no.Code, no.Status, no.Message, no.ExistingJob!.Id, no.RetryAfter));
    }

    [Fact]
    public async Task A_large_upload_that_is_refused_is_not_sent()
    {
        var sent = 0L;
        await using var server = await StubServer.StartAsync(context =>
            context.ProblemAsync(
                Answers.Problem(413, ProblemCodes.UploadTooLarge, $"{context.Request.ContentLength} bytes")));
        var client = server.NewClient(options: StubServer.Impatient with { AskFirstBytesMin = 0 });

        var no = await Assert.ThrowsAsync<NextUpProblemException>(() => client.SubmitAsync(
            Upload.OfStream("big.bib", () => new CountingStream(1 << 24, count => sent = count)), null, Stop));

        Assert.Equal(ProblemCodes.UploadTooLarge, no.Code);
        Assert.Equal(0, sent);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_ends_the_submission_at_once()
    {
        await using var server = await StubServer.StartAsync(context => context.JsonAsync(Answers.Job(), 201));
        var nowhere = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.bib");

        var error = await Assert.ThrowsAsync<UploadUnreadableException>(
            () => server.NewClient().SubmitAsync(Upload.OfFile(nowhere), null, Stop));

        Assert.Equal(Path.GetFileName(nowhere), error.FileName);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_file_that_breaks_while_it_is_sent_is_not_taken_for_a_lost_connection()
    {
        await using var server = await StubServer.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            await context.JsonAsync(Answers.Job(), 201);
        });
        var opened = 0;

        await Assert.ThrowsAsync<UploadUnreadableException>(() => server.NewClient().SubmitAsync(
            Upload.OfStream("a.bib", () =>
            {
                opened++;
                return new BreakingStream();
            }), null, Stop));

        Assert.Equal(1, opened);
    }

    [Fact]
    public async Task Several_files_in_one_call_have_an_outcome_each()
    {
        await using var server = await StubServer.StartAsync(async context =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            var outcomes = form.Files.Select((file, i) => new SubmitOutcome(
                file.FileName, i == 0 ? 201 : 429, i == 0 ? Answers.Job() : null,
                i == 0 ? null : Answers.Problem(429, ProblemCodes.JobLimitReached, "busy")));
            await context.TextAsync(
                System.Text.Json.JsonSerializer.Serialize(new([.. outcomes]), WireJson.Wire.SubmitOutcomes), 207);
        });

        var results = await server.NewClient().SubmitManyAsync(
            [Small, Upload.OfStream("b.bib", () => new MemoryStream([1, 2, 3]))], null, Stop);

        Assert.Equal([("a.bib", 201), ("b.bib", 429)], results.Select(result => (result.File, result.Status)));
    }

    sealed class CountingStream(int length, Action<long> read) : MemoryStream(new byte[length])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            read(Position + buffer.Length);
            return base.ReadAsync(buffer, cancellationToken);
        }
    }

    sealed class BreakingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("The disk has a hole.");
    }
}
