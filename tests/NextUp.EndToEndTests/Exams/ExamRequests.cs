using System.Net.Http.Headers;
using System.Text.Json;
using NextUp.Client.Exams;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.Server.Users;
using NextUp.UnitTests.Exams.Papers;

namespace NextUp.EndToEndTests.Exams;

/// <summary>What administrators ask of exam papers.</summary>
static class ExamRequests
{
    public const string Exams = "/api/v1/exams";

    public static HttpClient Administrator(this ServerProcess server, string name = "olga") =>
        server.Account(name, Role.Administrator);

    public static (byte[] Pdf, PaperTruth Truth) Paper(int seed = 3, PaperStyle style = PaperStyle.Bracketed) =>
        PaperWriter.Write(style, seed);

    /// <summary>A paper without sections and with at least so many questions.</summary>
    public static (byte[] Pdf, PaperTruth Truth) LongPaper(int questionsMin) =>
        Enumerable.Range(1, 50).Select(seed => Paper(seed, PaperStyle.Totalled))
            .First(paper => paper.Truth.Questions.Count >= questionsMin);

    public static async Task<JobView> SubmitPaperAsync(
        this HttpClient client, byte[] paper, string name = "biology.pdf", byte[]? scheme = null,
            params (string Name, string Value)[] fields)
    {
        using var form = Requests.Form(fields);
        Add(form, "paper", paper, name);
        if (scheme is not null)
            Add(form, "scheme", scheme, "scheme.pdf");
        using var answer = await client.PostAsync(Exams, form);
        return await answer.JobAsync();
    }

    public static async Task<PaperView> PaperAsync(this HttpClient client, string id) =>
        await Eventually.FoundAsync(async () =>
        {
            using var answer = await client.GetAsync($"{Exams}/{id}");
            return answer.IsSuccessStatusCode ? await ReadAsync(answer) : null;
        });

    /// <summary>Changes a paper; the answer is the paper as it is then.</summary>
    public static async Task<PaperView> ChangeAsync(this HttpClient client, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, $"{Exams}/{path}")
        {
            Content = new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web),
                new MediaTypeHeaderValue("application/json")),
        };
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await ReadAsync(answer);
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync());

    static async Task<PaperView> ReadAsync(HttpResponseMessage answer) =>
        JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(), PaperJson.Wire.PaperView)!;

    static void Add(MultipartFormDataContent form, string field, byte[] content, string name) =>
        form.Add(new ByteArrayContent(content), field, name);
}
