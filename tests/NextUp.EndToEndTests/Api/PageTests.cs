using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

public sealed class PageTests(PausedServer server) : IClassFixture<PausedServer>
{
    readonly ServerProcess _server = server.Process;

    [Theory]
    [InlineData("/")]
    [InlineData("/jobs/01900000-0000-7000-8000-000000000000")]
    [InlineData("/operations")]
    [InlineData("/openapi/index.html")]
    [InlineData("/api/v1/queue")]
    [InlineData("/nowhere")]
    public async Task Every_answer_tells_browsers_to_trust_nothing_else(string path)
    {
        using var visitor = _server.Visitor();
        using var answer = await visitor.GetAsync(path);

        Assert.StartsWith("default-src 'self'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Opening_the_page_makes_a_visitor_whom_the_API_knows()
    {
        using var visitor = _server.Visitor();
        using var page = await visitor.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.SkipUnless(page.Content.Headers.ContentType?.MediaType == "text/html", "this build carries no page");

        using var api = await visitor.GetAsync("/api/v1/me");

        Assert.True(page.Headers.Contains("Set-Cookie"));
        Assert.False(api.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/operations")]
    public async Task The_files_a_page_names_are_there_and_are_kept_by_browsers(string page)
    {
        using var visitor = _server.Visitor();
        var html = await visitor.GetStringAsync(page);
        Assert.SkipUnless(html.Contains("<html", StringComparison.Ordinal), "this build carries no page");

        var files = html.Split('"').Where(part => part.StartsWith("/assets/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            using var answer = await visitor.GetAsync(file);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("immutable", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
            await AssertIsNotSentAgainAsync(visitor, file, answer.Headers.ETag);
        }
    }

    [Fact]
    public async Task An_unknown_path_or_method_is_answered_with_a_problem()
    {
        using var visitor = _server.Visitor();

        using var path = await visitor.GetAsync("/api/v1/nothing");
        await path.ProblemAsync(HttpStatusCode.NotFound, "not-found");
        using var method = await visitor.DeleteAsync("/api/v1/queue");
        await method.ProblemAsync(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Contains("GET", method.Content.Headers.Allow);
    }

    [Fact]
    public async Task The_API_document_describes_every_path_of_the_two_APIs()
    {
        using var nobody = _server.Nobody();
        using var document = JsonDocument.Parse(await nobody.GetStringAsync("/openapi/v1.json"));

        var paths = document.RootElement.GetProperty("paths").EnumerateObject().ToList();

        Assert.True(paths.Count > 20);
        Assert.All(paths.SelectMany(path => path.Value.EnumerateObject()), operation =>
        {
            Assert.False(string.IsNullOrEmpty(operation.Value.GetProperty("summary").GetString()));
            Assert.True(operation.Value.GetProperty("responses").EnumerateObject().Any());
        });
        var job = document.RootElement.GetProperty("paths").GetProperty("/api/v1/jobs/{id}").GetProperty("get");
        Assert.Equal("id", job.GetProperty("parameters")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("/openapi/index.html")]
    [InlineData("/openapi/index.js")]
    [InlineData("/openapi/swagger-ui-bundle.js")]
    [InlineData("/openapi/swagger-ui.css")]
    public async Task The_page_of_the_API_loads_everything_from_here(string path)
    {
        using var nobody = _server.Nobody();
        using var answer = await nobody.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        if (path.EndsWith("index.html", StringComparison.Ordinal))
            Assert.DoesNotContain("<script>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    static async Task AssertIsNotSentAgainAsync(HttpClient client, string path, EntityTagHeaderValue? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(tag!);
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
    }

    static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));
}
