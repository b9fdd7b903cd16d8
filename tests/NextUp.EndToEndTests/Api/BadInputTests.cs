using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

public sealed class BadInputTests(PausedServer server) : IClassFixture<PausedServer>
{
    const int UploadBytesMax = 10 * 1024 * 1024;

    readonly ServerProcess _server = server.Process;

    public static TheoryData<string, byte[]> Unfit => new()
    {
        { "empty", [] },
        { "no entries", "Just some prose about references."u8.ToArray() },
        { "binary", [0x7F, 0x45, 0x4C, 0x46, 1, 2, 3, 0, 0, 0, 0, 0, 9, 8, 7] },
        { "a page of HTML", "<!DOCTYPE html><html><body>Please sign in</body></html>"u8.ToArray() },
        { "a PDF", "%PDF-1.7\n1 0 obj\n"u8.ToArray() },
        { "too many entries", Requests.BibOf(5_001) },
    };

    public static TheoryData<string, byte[]> Fit => new()
    {
        { "unbalanced braces", "@article{a, title={No end\n\n@article{b, title={Sound}}\n"u8.ToArray() },
        { "doubled keys", "@article{a, title={One}}\n@article{a, title={Two}}\n"u8.ToArray() },
        { "UTF-16 with a mark", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Requests.Bib)] },
        { "UTF-16 without a mark", Encoding.BigEndianUnicode.GetBytes(Requests.Bib) },
        { "windows-1252", [.. "@article{a, title={Caf"u8, 0xE9, .. "}}\n"u8] },
        { "NUL bytes", "@article{a, title={One\0Two}}\n"u8.ToArray() },
        { "abstracts of 100 kB", Encoding.UTF8.GetBytes($"@article{{a, abstract={{{new string('x', 100_000)}}}}}") },
        { "5,000 entries", Requests.BibOf(5_000) },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task What_can_never_succeed_is_refused_with_a_sentence_and_leaves_nothing(string what, byte[] content)
    {
        using var visitor = _server.Visitor();
        using var answer = await visitor.SubmitAsync($"{what}.bib", content);

        var problem = await answer.ProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.UnfitUpload);
        Assert.Contains($"{what}.bib", problem.Detail, StringComparison.Ordinal);
        Assert.Empty((await visitor.ListAsync()).Jobs);
    }

    [Theory]
    [MemberData(nameof(Fit))]
    public async Task What_is_merely_damaged_or_unusual_is_accepted(string what, byte[] content)
    {
        using var visitor = _server.Visitor();

        var job = await visitor.SubmittedAsync($"{what}.bib", content);

        Assert.Equal(content, await visitor.GetByteArrayAsync($"/api/v1/jobs/{job.Id}/original"));
    }

    [Fact]
    public async Task A_file_at_the_limit_is_taken_and_one_past_it_is_not()
    {
        var atLimit = new byte[UploadBytesMax];
        Array.Fill(atLimit, (byte)'\n');
        "@article{a, title={T}}"u8.CopyTo(atLimit);
        using var visitor = _server.Visitor();

        using var tooLarge = await visitor.SubmitAsync("big.bib", [.. atLimit, (byte)'\n']);
        var problem = await tooLarge.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, ProblemCodes.UploadTooLarge);
        Assert.Equal(UploadBytesMax, problem.BytesMax);
        Assert.Contains("big.bib", problem.Detail, StringComparison.Ordinal);

        var job = await visitor.SubmittedAsync("big.bib", atLimit);
        Assert.Equal(UploadBytesMax, job.FileSize);
    }

    [Fact]
    public async Task One_file_that_is_too_large_does_not_spoil_the_others()
    {
        using var visitor = _server.Visitor();
        using var form = Requests.Form()
            .WithFile("big.bib", new byte[UploadBytesMax + 1]).WithFile("small.bib", Requests.BibOf(1));
        using var answer = await visitor.PostAsync("/api/v1/jobs", form);

        Assert.Equal(HttpStatusCode.MultiStatus, answer.StatusCode);
        Assert.Equal(["small.bib"], (await visitor.ListAsync()).Jobs.Select(job => job.FileName));
    }

    [Fact]
    public async Task A_file_far_past_the_limit_ends_the_request_early()
    {
        using var visitor = _server.Visitor();
        using var answer = await visitor.SubmitAsync("huge.bib", new byte[3 * UploadBytesMax]);

        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, ProblemCodes.UploadTooLarge);
    }

    [Theory]
    [InlineData("kind", "nonsense", HttpStatusCode.UnprocessableEntity, ProblemCodes.UnknownKind)]
    [InlineData("whenBusy", "sometimes", HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest)]
    [InlineData("options", "[1,2]", HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest)]
    [InlineData("options", "{", HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest)]
    [InlineData("whenbusy", "hold", HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest)]
    public async Task A_field_that_means_nothing_is_an_error_that_names_it(
        string name, string value, HttpStatusCode status, string code)
    {
        using var visitor = _server.Visitor();
        using var answer = await visitor.SubmitAsync("a.bib", null, (name, value));

        var problem = await answer.ProblemAsync(status, code);
        Assert.Contains(code == ProblemCodes.UnknownKind ? value : name, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_a_file_is_an_error_that_names_the_field()
    {
        using var visitor = _server.Visitor();
        using var answer = await visitor.PostAsync("/api/v1/jobs", Requests.Form(("kind", "bibtex")));

        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.NoFile);
        Assert.Contains("\"file\"", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_files_than_the_limit_are_refused_together()
    {
        using var visitor = _server.Visitor();
        using var form = Requests.Form();
        for (var i = 0; i <= 100; i++)
            form.WithFile($"{i}.bib", Requests.BibOf(1));
        using var answer = await visitor.PostAsync("/api/v1/jobs", form);

        await answer.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.TooManyFiles);
        Assert.Empty((await visitor.ListAsync()).Jobs);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data")]
    [InlineData("nonsense")]
    public async Task What_is_no_form_is_refused(string contentType)
    {
        using var visitor = _server.Visitor();
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var answer = await visitor.PostAsync("/api/v1/jobs", content);

        await answer.ProblemAsync(HttpStatusCode.UnsupportedMediaType, ProblemCodes.NotMultipart);
    }

    [Fact]
    public async Task A_form_that_ends_before_its_last_part_is_refused()
    {
        using var visitor = _server.Visitor();
        using var content = new ByteArrayContent(
            [.. "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bib\"\r\n\r\n"u8,
                .. "@article{a, title={Cut"u8]);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=B");
        using var answer = await visitor.PostAsync("/api/v1/jobs", content);

        await answer.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.UploadCutOff);
        Assert.Empty((await visitor.ListAsync()).Jobs);
    }

    [Fact]
    public async Task An_upload_whose_connection_breaks_leaves_no_job_and_no_file()
    {
        // An account of this test's own, so that its list can be asked for afterwards.
        using var account = _server.Account("cut-off");
        var token = account.DefaultRequestHeaders.Authorization!.Parameter;
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(_server.Address.Host, _server.Address.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"POST /api/v1/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
                + "Content-Type: multipart/form-data; boundary=B\r\nContent-Length: 9000000\r\n\r\n"
                + "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bib\"\r\n\r\n"));
            await socket.SendAsync(Requests.BibOf(3_000));
            socket.LingerState = new LingerOption(true, 0); // Closing resets, as a lost network does.
        }

        // The server is done with it when it has removed what it wrote so far.
        var files = Path.Combine(_server.Folder, "files");
        await Eventually.IsTrueAsync(() => Directory.GetFiles(files, "*.tmp").Length == 0);
        Assert.Empty((await account.ListAsync()).Jobs);
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    [InlineData("?limit=ten")]
    [InlineData("?state=done")]
    [InlineData("?after=5")]
    public async Task A_question_that_means_nothing_is_an_error_that_names_it(string query)
    {
        using var visitor = _server.Visitor();
        using var answer = await visitor.GetAsync("/api/v1/jobs" + query);

        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);
        Assert.StartsWith(
            query[1..query.IndexOf('=', StringComparison.Ordinal)], problem.Detail, StringComparison.Ordinal);
    }
}
