using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Server.Users;

namespace NextUp.EndToEndTests.Api;

/// <summary>The OpenAPI document beside what the endpoints really answer.</summary>
public sealed class ApiDocumentTests(RunningServer server) : IClassFixture<RunningServer>
{
    const string Json = "application/json";

    readonly ServerProcess _server = server.Process;

    /// <summary>What is sent to an endpoint that takes a body, a file or JSON; the other POSTs asked need none.</summary>
    static readonly Dictionary<string, string> s_fileFields = new()
    {
        ["/api/v1/jobs"] = "file",
        ["/api/v1/preview"] = "file",
        ["/scholar/api/bibtex/upload"] = "bibtex_file",
        ["/scholar/api/bibtex/preview"] = "bibtex_file",
    };

    static readonly Dictionary<string, string> s_bodies = new()
    {
        ["/api/v1/operations/pause"] = """{"scope":"user","user":"somebody"}""",
        ["/api/v1/operations/resume"] = """{"scope":"user","user":"somebody"}""",
        ["/api/v1/operations/slots"] = """{"slots":2}""",
    };

    [Fact]
    public async Task The_document_names_what_every_endpoint_answers_as_the_wire_does()
    {
        using var caller = Administrator();
        using var document = await DocumentAsync(caller);
        var schemas = new Schemas(document.RootElement);
        var finished = await caller.SubmittedAsync();
        await caller.FinishedAsync(finished.Id);
        using var table = await caller.PostAsync(
            "/api/v1/jobs?kind=tables", Requests.Form().WithFile("people.csv", "name,age\nAda,36\n"u8.ToArray()));
        await caller.FinishedAsync((await table.JobAsync()).Id);

        var seen = 0;
        foreach (var (path, method, operation) in Operations(document.RootElement))
        {
            if (!IsAsked(path, method) || !AnswersJson(operation))
                continue;

            using var answer = await AskAsync(caller, method, path, finished.Id);
            Assert.True(answer.IsSuccessStatusCode, $"{method} {path} answered {answer.StatusCode}");
            await CheckAsync(schemas, operation, answer, $"{method} {path}");
            seen++;
            if (method == "post")
                await IdleAsync(caller);
        }

        Assert.True(seen >= 18, $"Only {seen} endpoints answer JSON.");
    }

    [Fact]
    public async Task The_document_names_refusals_and_the_answers_of_a_cancel_as_the_wire_does()
    {
        await using var paused = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var caller = paused.Visitor();
        using var document = await DocumentAsync(caller);
        var schemas = new Schemas(document.RootElement);
        foreach (var (path, method, operation) in Operations(document.RootElement)
            .Where(one => one.Path.EndsWith("/cancel", StringComparison.Ordinal)))
        {
            var job = await caller.SubmittedAsync();
            foreach (var upload in new[] { "/api/v1/jobs", "/scholar/api/bibtex/upload" })
            {
                using var refused = await AskAsync(caller, "post", upload, job.Id);
                Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
                await CheckAsync(schemas, OperationAt(document.RootElement, upload, "post"), refused, upload);
            }

            using var cancelled = await AskAsync(caller, method, path, job.Id);
            await CheckAsync(schemas, operation, cancelled, path);
            using var again = await AskAsync(caller, method, path, job.Id);
            await CheckAsync(schemas, operation, again, path + " again");
        }
    }

    [Fact]
    public async Task A_number_is_never_a_number_or_a_text()
    {
        using var caller = _server.Nobody();
        var text = await caller.GetStringAsync("/openapi/v1.json");
        using var document = JsonDocument.Parse(text);

        Assert.DoesNotContain(
            Everything(document.RootElement),
            schema => schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var type)
                && type.ValueKind == JsonValueKind.Array
                && type.EnumerateArray().Select(one => one.GetString()).ToList() is var types
                && types.Contains("string") && (types.Contains("integer") || types.Contains("number")));
        var percent = document.RootElement.GetProperty("components").GetProperty("schemas")
            .GetProperty("ScholarStatus").GetProperty("properties").GetProperty("progress_percentage");
        Assert.Equal("integer", percent.GetProperty("type").GetString());
    }

    HttpClient Administrator()
    {
        var token = new TokenIssuer(_server.Folder, TimeProvider.System).Issue("document", isAdministrator: true);
        var client = _server.Nobody();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>
    /// Whatever is read of a finished job or of the caller, and what is sent by the tables above; what else changes
    /// something may change what the others answer, or ends what this test stands on.
    /// </summary>
    static bool IsAsked(string path, string method) => method == "get"
        ? !path.Replace("/jobs/{id}", "", StringComparison.Ordinal).Replace("/job/{id}", "", StringComparison.Ordinal)
            .Contains('{', StringComparison.Ordinal)
        : s_fileFields.ContainsKey(path) || s_bodies.ContainsKey(path) || path is "/api/v1/jobs/{id}/again" or "/api/v1/cleanup";

    static async Task<JsonDocument> DocumentAsync(HttpClient client) =>
        JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json"));

    static async Task<HttpResponseMessage> AskAsync(HttpClient client, string method, string path, string job)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(method.ToUpperInvariant()),
            path.Replace("{id}", job, StringComparison.Ordinal)
                .Replace("/documents/search", "/documents/search?q=words", StringComparison.Ordinal)
                .Replace("/tables/records", "/tables/records?table=people", StringComparison.Ordinal));
        if (s_fileFields.TryGetValue(path, out var field))
            request.Content = Requests.Form().WithFile("a.bib", Requests.BibOf(2), field);
        else if (s_bodies.TryGetValue(path, out var body))
            request.Content = new StringContent(body, Encoding.UTF8, Json);
        return await client.SendAsync(request);
    }

    /// <summary>One unfinished job a user: the next upload waits for the last one's end.</summary>
    static async Task IdleAsync(HttpClient client)
    {
        foreach (var job in (await client.ListAsync("?limit=1")).Jobs)
        {
            if (!JobStateNames.IsFinished(job.State))
                await client.FinishedAsync(job.Id);
        }
    }

    static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Name, operation.Value);

    static JsonElement OperationAt(JsonElement document, string path, string method) =>
        document.GetProperty("paths").GetProperty(path).GetProperty(method);

    static bool AnswersJson(JsonElement operation) =>
        operation.GetProperty("responses").EnumerateObject().Any(response => response.Name[0] == '2'
            && response.Value.TryGetProperty("content", out var content) && content.TryGetProperty(Json, out _));

    static async Task CheckAsync(Schemas schemas, JsonElement operation, HttpResponseMessage answer, string where)
    {
        var content = operation.GetProperty("responses").GetProperty($"{(int)answer.StatusCode}").GetProperty("content");
        var type = answer.Content.Headers.ContentType!.MediaType!;
        Assert.True(content.TryGetProperty(type, out var described), $"{where} is described without {type}.");
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        schemas.Check(described.GetProperty("schema"), body.RootElement, where);
    }

    static IEnumerable<JsonElement> Everything(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(child => Everything(child.Value)).Prepend(element),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Everything),
        _ => [],
    };

    /// <summary>Holds an answer against a schema: the same names, the same kinds of value.</summary>
    sealed class Schemas(JsonElement document)
    {
        public void Check(JsonElement schema, JsonElement value, string where)
        {
            schema = Resolve(schema, value);
            if (schema.TryGetProperty("type", out var type))
                Assert.True(Fits(type, value), $"{where} is {value.ValueKind} and described as {type}.");
            if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
            {
                foreach (var item in value.EnumerateArray())
                    Check(items, item, where + "[]");
            }
            else if (value.ValueKind == JsonValueKind.Object)
            {
                CheckObject(schema, value, where);
            }
        }

        void CheckObject(JsonElement schema, JsonElement value, string where)
        {
            if (schema.TryGetProperty("additionalProperties", out var any) && any.ValueKind == JsonValueKind.Object)
            {
                foreach (var one in value.EnumerateObject())
                    Check(any, one.Value, $"{where}.{one.Name}");
                return;
            }

            if (!schema.TryGetProperty("properties", out var properties))
                return; // An object whose shape is the kind's.

            foreach (var one in value.EnumerateObject())
            {
                Assert.True(properties.TryGetProperty(one.Name, out var described), $"{where} has no \"{one.Name}\".");
                Check(described, one.Value, $"{where}.{one.Name}");
            }

            if (!schema.TryGetProperty("required", out var required))
                return;
            foreach (var name in required.EnumerateArray())
                Assert.True(value.TryGetProperty(name.GetString()!, out _), $"{where} lacks \"{name}\".");
        }

        JsonElement Resolve(JsonElement schema, JsonElement value)
        {
            foreach (var choice in (string[])["oneOf", "anyOf"])
            {
                if (schema.TryGetProperty(choice, out var choices))
                {
                    schema = choices.EnumerateArray().First(one =>
                        IsNull(one) == (value.ValueKind == JsonValueKind.Null));
                }
            }

            if (!schema.TryGetProperty("$ref", out var reference))
                return schema;
            var name = reference.GetString()!.Split('/')[^1];
            return Resolve(document.GetProperty("components").GetProperty("schemas").GetProperty(name), value);
        }

        static bool IsNull(JsonElement schema) =>
            schema.TryGetProperty("type", out var type) && type.ValueEquals("null");

        static bool Fits(JsonElement type, JsonElement value) => type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Any(one => Fits(one, value))
            : type.GetString() switch
            {
                "object" => value.ValueKind == JsonValueKind.Object,
                "array" => value.ValueKind == JsonValueKind.Array,
                "string" => value.ValueKind == JsonValueKind.String,
                "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
                "number" => value.ValueKind == JsonValueKind.Number,
                "null" => value.ValueKind == JsonValueKind.Null,
                _ => false,
            };
    }
}
