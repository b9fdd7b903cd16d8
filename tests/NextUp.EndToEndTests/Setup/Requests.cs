using System.Net;
using System.Net.Http.Json;
using System.Text;
using NextUp.Client.Wire;

namespace NextUp.EndToEndTests.Setup;

/// <summary>What the tests send, byte for byte where it matters.</summary>
static class Requests
{
    public const string Bib = """
        @article{doe2020,
          title = {A study of queues in the wild},
          author = {Doe, Jane},
          year = {2020},
        }

        @book{roe1999,
          title = {The book of lines},
        }
        """;

    /// <summary>A .bib with as many entries as asked for.</summary>
    public static byte[] BibOf(int entries)
    {
        var text = new StringBuilder();
        for (var i = 1; i <= entries; i++)
            text.Append(
                $"@article{{key{i},\n  title = {{Study number {i} of things}},\n  author = {{Doe, Jane}},\n}}\n\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static MultipartFormDataContent Form(params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        return form;
    }

    /// <summary>Adds a file under exactly this name, written as a browser writes it.</summary>
    public static MultipartFormDataContent WithFile(
        this MultipartFormDataContent form, string fileName, byte[] content, string field = "file")
    {
        var part = new ByteArrayContent(content);
        var escaped = fileName.Replace("\"", "%22", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
        // Validation would refuse letters outside ASCII, which browsers send as they are.
        part.Headers.TryAddWithoutValidation(
            "Content-Disposition", $"form-data; name=\"{field}\"; filename=\"{escaped}\"");
        form.HeaderEncodingSelector ??= (_, _) => Encoding.UTF8;
        form.Add(part);
        part.Headers.NonValidated.TryGetValues("Content-Disposition", out _);
        return form;
    }

    public static Task<HttpResponseMessage> SubmitAsync(
        this HttpClient client,
        string fileName = "a.bib",
        byte[]? content = null,
        params (string Name, string Value)[] fields) =>
        client.PostAsync("/api/v1/jobs", Form(fields).WithFile(fileName, content ?? Encoding.UTF8.GetBytes(Bib)));

    public static async Task<JobView> SubmittedAsync(
        this HttpClient client,
        string fileName = "a.bib",
        byte[]? content = null,
        params (string Name, string Value)[] fields)
    {
        using var answer = await client.SubmitAsync(fileName, content, fields);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.JobAsync();
    }

    public static async Task<JobView> JobAsync(this HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync(WireJson.Wire.JobView))!;

    public static async Task<Problem> ProblemAsync(this HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(Problem.ContentType, answer.Content.Headers.ContentType?.MediaType);
        var problem = (await answer.Content.ReadFromJsonAsync(WireJson.Wire.Problem))!;
        Assert.Equal(code, problem.Code);
        Assert.Equal((int)status, problem.Status);
        Assert.Equal("urn:nextup:problem:" + code, problem.Type);
        return problem;
    }

    public static async Task<JobView> GetJobAsync(this HttpClient client, string id) =>
        (await client.GetFromJsonAsync("/api/v1/jobs/" + id, WireJson.Wire.JobView))!;

    public static async Task<JobPage> ListAsync(this HttpClient client, string query = "") =>
        (await client.GetFromJsonAsync("/api/v1/jobs" + query, WireJson.Wire.JobPage))!;

    /// <summary>Waits, by the live feed, until the job is in a state that it never leaves.</summary>
    public static async Task<JobView> FinishedAsync(this HttpClient client, string id)
    {
        await using var feed = await LiveFeedReader.OpenAsync(client, after: 0);
        return await feed.UntilFinishedAsync(id);
    }
}
