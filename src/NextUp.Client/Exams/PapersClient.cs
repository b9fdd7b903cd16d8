using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NextUp.Client.Wire;

namespace NextUp.Client.Exams;

/// <summary>
/// Exam papers of the administrator whose token is given. Everyone else gets a <see cref="NextUpProblemException"/> with
/// <see cref="ProblemCodes.Forbidden"/>.
/// </summary>
public sealed class PapersClient
{
    /// <summary>Papers on a page, at most.</summary>
    public const int PagePapersMax = 100;

    readonly Exchange _exchange;

    internal PapersClient(Exchange exchange) => _exchange = exchange;

    /// <summary>Hands in one paper. The streams are opened anew for each attempt and stay nobody's.</summary>
    public async Task<JobView> SubmitAsync(PaperSubmission paper, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paper);
        // One key for all attempts: a lost answer never makes two jobs.
        var key = Guid.NewGuid().ToString("N");
        using var response = await _exchange.SendAsync(
            () =>
            {
                var request = _exchange.NewRequest(HttpMethod.Post, At(""));
                request.Headers.Add("Idempotency-Key", key);
                request.Content = FormOf(paper);
                return request;
            },
            HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await _exchange.ReadAsync(response, WireJson.Wire.JobView, cancellationToken);
    }

    /// <summary>Newest first.</summary>
    /// <param name="after">The <see cref="PaperPageView.Next"/> of the page before.</param>
    public Task<PaperPageView> ListAsync(int limit, string? after, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(
            At($"?limit={limit}" + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}")), PaperJson.Wire.PaperPageView,
            cancellationToken);

    public Task<PaperView> FindAsync(string id, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(Of(id), PaperJson.Wire.PaperView, cancellationToken);

    /// <summary>The questions as a file.</summary>
    /// <param name="format"><c>json</c> or <c>csv</c>.</param>
    public async Task<byte[]> ExportAsync(string id, string format, CancellationToken cancellationToken = default)
    {
        using var response = await _exchange.SendAsync(
            () => _exchange.NewRequest(HttpMethod.Get, Of(id, $"/export?format={format}")),
            HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <summary>The picture of a page, a PNG or JPEG.</summary>
    public async Task<byte[]> PageAsync(string id, int number, CancellationToken cancellationToken = default)
    {
        using var response = await _exchange.SendAsync(
            () => _exchange.NewRequest(HttpMethod.Get, Of(id, string.Create(CultureInfo.InvariantCulture, $"/pages/{number}"))),
            HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    public Task<PaperView> EditAsync(string id, string question, EditRequest edit, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Patch, OfQuestion(id, question, ""), edit, PaperJson.Wire.EditRequest, cancellationToken);

    public Task<PaperView> MergeAsync(string id, string question, MergeRequest merge, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, OfQuestion(id, question, "/merge"), merge, PaperJson.Wire.MergeRequest, cancellationToken);

    public Task<PaperView> SplitAsync(string id, string question, SplitRequest split, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, OfQuestion(id, question, "/split"), split, PaperJson.Wire.SplitRequest, cancellationToken);

    public Task<PaperView> TagAsync(string id, string question, TagRequest tags, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Put, OfQuestion(id, question, "/tags"), tags, PaperJson.Wire.TagRequest, cancellationToken);

    public Task<PaperView> RetagAsync(string id, RetagRequest retag, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, Of(id, "/retag"), retag, PaperJson.Wire.RetagRequest, cancellationToken);

    /// <summary>Keeps a syllabus, in the place of an earlier one of the id.</summary>
    public async Task<SyllabusRowView> PutSyllabusAsync(
        string id, SyllabusView syllabus, CancellationToken cancellationToken = default)
    {
        using var response = await _exchange.SendAsync(
            () => WithBody(HttpMethod.Put, At($"/syllabuses/{Uri.EscapeDataString(id)}"), syllabus, PaperJson.Wire.SyllabusView),
            HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await _exchange.ReadAsync(response, PaperJson.Wire.SyllabusRowView, cancellationToken);
    }

    async Task<PaperView> SendAsync<T>(
        HttpMethod method, Uri address, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await _exchange.SendAsync(
            () => WithBody(method, address, body, type), HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await _exchange.ReadAsync(response, PaperJson.Wire.PaperView, cancellationToken);
    }

    HttpRequestMessage WithBody<T>(HttpMethod method, Uri address, T body, JsonTypeInfo<T> type)
    {
        var request = _exchange.NewRequest(method, address);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }

    static MultipartFormDataContent FormOf(PaperSubmission paper)
    {
        var form = new MultipartFormDataContent();
        void Field(string name, string? value)
        {
            if (value is not null)
                form.Add(new StringContent(value, Encoding.UTF8), name);
        }

        Field("id", paper.Id);
        Field("syllabus", paper.Syllabus);
        Field("hasInsert", paper.HasInsert ? "true" : null);
        Field("priority", paper.Priority?.ToString(CultureInfo.InvariantCulture));
        foreach (var (field, files) in new[] { ("paper", paper.Paper), ("insert", paper.Insert), ("scheme", paper.Scheme) })
        {
            foreach (var path in files)
                form.Add(new StreamContent(File.OpenRead(path)), field, Path.GetFileName(path));
        }

        return form;
    }

    Uri Of(string id, string rest = "") => At($"/{Uri.EscapeDataString(id)}{rest}");

    Uri OfQuestion(string id, string question, string rest) => Of(id, $"/questions/{Uri.EscapeDataString(question)}{rest}");

    Uri At(string rest) => new(_exchange.Server, "api/v1/exams" + rest);
}

/// <summary>One paper as it is handed in.</summary>
/// <param name="Paper">Paths: one PDF, or pictures in the order of the pages.</param>
public sealed record PaperSubmission(IReadOnlyList<string> Paper)
{
    public IReadOnlyList<string> Insert { get; init; } = [];

    public IReadOnlyList<string> Scheme { get; init; } = [];

    /// <summary>Under which it is kept; null makes it the job's id.</summary>
    public string? Id { get; init; }

    /// <summary>The id of a syllabus; null tags nothing.</summary>
    public string? Syllabus { get; init; }

    public bool HasInsert { get; init; }

    /// <summary>0 (none) to 9 (urgent).</summary>
    public int? Priority { get; init; }
}
