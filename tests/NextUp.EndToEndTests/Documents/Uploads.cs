using System.Net.Http.Json;
using System.Text;
using NextUp.Client.Documents;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Documents;

/// <summary>What tests do with documents.</summary>
static class Uploads
{
    public const string Pump = "The reactor cooling pump failed on Tuesday. The maintenance team replaced its bearings.";

    public static async Task<string> UploadedAsync(this HttpClient client, string name, string text)
    {
        var job = await client.SubmittedAsync(name, Encoding.UTF8.GetBytes(text), ("kind", "documents"));
        return job.Id;
    }

    /// <summary>Uploads and waits until it can be searched, or has failed.</summary>
    public static async Task<DocumentView> ProcessedAsync(this HttpClient client, string name, string text) =>
        await client.SettledAsync(await client.UploadedAsync(name, text));

    public static Task<DocumentView> SettledAsync(this HttpClient client, string id) => Eventually.FoundAsync(async () =>
        await client.DocumentAsync(id) is { State: not (JobStateNames.Pending or JobStateNames.Processing) } settled ? settled : null);

    public static async Task<DocumentView> DocumentAsync(this HttpClient client, string id) =>
        (await client.GetFromJsonAsync($"/api/v1/documents/{id}", DocumentJson.Wire.DocumentView))!;

    public static async Task<SearchView> SearchAsync(this HttpClient client, string question) =>
        (await client.GetFromJsonAsync(
            "/api/v1/documents/search?q=" + Uri.EscapeDataString(question), DocumentJson.Wire.SearchView))!;

    public static async Task<DocumentPage> DocumentsAsync(this HttpClient client, string query = "") =>
        (await client.GetFromJsonAsync("/api/v1/documents" + query, DocumentJson.Wire.DocumentPage))!;

    /// <summary>Waits until the job's upload is gone.</summary>
    public static Task WithoutUploadAsync(this HttpClient client, string job) => Eventually.FoundAsync(async () =>
    {
        using var upload = await client.GetAsync($"/api/v1/jobs/{job}/original");
        return upload.StatusCode == System.Net.HttpStatusCode.NotFound ? job : null;
    });
}
