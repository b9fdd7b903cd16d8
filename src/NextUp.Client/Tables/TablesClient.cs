using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using NextUp.Client.Downloads;
using NextUp.Client.Uploads;
using NextUp.Client.Wire;

namespace NextUp.Client.Tables;

/// <summary>Which records are asked for.</summary>
/// <param name="Import">Only those that this import brought.</param>
/// <param name="Filters">Each as <c>column:op:value</c> with eq, ne, lt, le, gt, ge, contains or starts; all must hold.</param>
public sealed record RecordChoice(string Table, string? Import = null, IReadOnlyList<string>? Filters = null);

/// <summary>The caller's tables: what a file holds, imports, records and profiles. Throws as <see cref="NextUpClient"/> does.</summary>
public sealed class TablesClient
{
    /// <summary>The kind of job that imports a table.</summary>
    public const string Kind = "tables";

    readonly NextUpClient _client;
    readonly Exchange _exchange;
    readonly Uri _tables;

    internal TablesClient(NextUpClient client, Exchange exchange, Uri tables) =>
        (_client, _exchange, _tables) = (client, exchange, tables);

    /// <summary>What an import would do; makes no job.</summary>
    /// <param name="options">A JSON object with the import's options; null for none.</param>
    public async Task<TablePreview> PreviewAsync(
        Upload upload, string? options = null, CancellationToken cancellationToken = default)
    {
        var request = _exchange.NewRequest(HttpMethod.Post, At("/preview"));
        request.Content = new UploadContent([upload], new SubmitWishes { Options = options });
        using var response = await _exchange.SendOnceAsync(
            request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await _exchange.ReadAsync(response, TablesJson.Wire.TablePreview, cancellationToken);
    }

    /// <summary>Submits a job that imports the file.</summary>
    public Task<JobView> ImportAsync(Upload upload, string? options = null, CancellationToken cancellationToken = default) =>
        _client.SubmitAsync(upload, new SubmitWishes { Kind = Kind, Options = options }, cancellationToken);

    public Task<TableList> ListAsync(CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(_tables, TablesJson.Wire.TableList, cancellationToken);

    /// <summary>Deletes a table with all its records.</summary>
    public Task DeleteAsync(string table, CancellationToken cancellationToken = default) =>
        CallAsync(HttpMethod.Delete, At("/" + Uri.EscapeDataString(table)), cancellationToken);

    /// <param name="after">The <see cref="ImportPage.Next"/> of the page before; null for the first.</param>
    public Task<ImportPage> ImportsAsync(
        string? table = null, string? after = null, int? limit = null, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(
            At("/imports" + Query(("table", table), ("after", after), ("limit", limit?.ToString()))),
            TablesJson.Wire.ImportPage, cancellationToken);

    public Task<ImportView> ImportAsync(string id, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(OfImport(id, ""), TablesJson.Wire.ImportView, cancellationToken);

    /// <summary>Takes an import back: its records are gone, and what they took the place of is back.</summary>
    public Task<ImportView> UndoAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, OfImport(id, "/undo"), null, TablesJson.Wire.ImportView, cancellationToken);

    /// <param name="after">The <see cref="RowErrorPage.Next"/> of the page before; null for the first.</param>
    public Task<RowErrorPage> ErrorsAsync(string id, long? after = null, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(
            OfImport(id, "/errors" + Query(("after", after?.ToString()))), TablesJson.Wire.RowErrorPage, cancellationToken);

    /// <summary>The rejected rows as they were, each with its reason.</summary>
    public Task<FileDownload> RejectedAsync(string id, CancellationToken cancellationToken = default) =>
        DownloadAsync(OfImport(id, "/rejected"), cancellationToken);

    /// <param name="after">The <see cref="RecordPage.Next"/> of the page before; null for the first.</param>
    public Task<RecordPage> RecordsAsync(
        RecordChoice choice, string? after = null, int? limit = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return _exchange.GetAsync(
            At("/records" + Query([.. Of(choice), ("after", after), ("limit", limit?.ToString())])),
            TablesJson.Wire.RecordPage, cancellationToken);
    }

    /// <param name="format"><c>csv</c> or <c>jsonl</c>.</param>
    public Task<FileDownload> ExportAsync(RecordChoice choice, string format, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return DownloadAsync(At("/records/export" + Query([.. Of(choice), ("format", format)])), cancellationToken);
    }

    public Task<ProfileList> ProfilesAsync(CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(At("/profiles"), TablesJson.Wire.ProfileList, cancellationToken);

    public Task<ProfileView> AddProfileAsync(ProfileWish profile, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Post, At("/profiles"), JsonContent.Create(profile, TablesJson.Wire.ProfileWish),
            TablesJson.Wire.ProfileView, cancellationToken);

    public Task<ProfileView> ReplaceProfileAsync(
        string id, ProfileWish profile, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Put, OfProfile(id, ""), JsonContent.Create(profile, TablesJson.Wire.ProfileWish),
            TablesJson.Wire.ProfileView, cancellationToken);

    public Task DeleteProfileAsync(string id, CancellationToken cancellationToken = default) =>
        CallAsync(HttpMethod.Delete, OfProfile(id, ""), cancellationToken);

    /// <summary>An empty file with the profile's header.</summary>
    public Task<FileDownload> TemplateAsync(string id, CancellationToken cancellationToken = default) =>
        DownloadAsync(OfProfile(id, "/template"), cancellationToken);

    Uri At(string rest) => new(_tables.AbsoluteUri + rest);

    Uri OfImport(string id, string rest) => At($"/imports/{Uri.EscapeDataString(id)}{rest}");

    Uri OfProfile(string id, string rest) => At($"/profiles/{Uri.EscapeDataString(id)}{rest}");

    static IEnumerable<(string Name, string? Value)> Of(RecordChoice choice) =>
    [
        ("table", choice.Table), ("import", choice.Import),
        .. (choice.Filters ?? []).Select(filter => ("filter", (string?)filter)),
    ];

    static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = new System.Text.StringBuilder();
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return query.ToString();
    }

    async Task CallAsync(HttpMethod method, Uri address, CancellationToken cancellationToken)
    {
        using var response = await _exchange.SendOnceAsync(
            _exchange.NewRequest(method, address), HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    async Task<T> SendAsync<T>(
        HttpMethod method, Uri address, HttpContent? content, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
    {
        var request = _exchange.NewRequest(method, address);
        request.Content = content;
        using var response = await _exchange.SendOnceAsync(
            request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await _exchange.ReadAsync(response, answer, cancellationToken);
    }

    async Task<FileDownload> DownloadAsync(Uri address, CancellationToken cancellationToken)
    {
        var response = await _exchange.SendAsync(
            () => _exchange.NewRequest(HttpMethod.Get, address), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return await FileDownload.OfAsync(response, _exchange, cancellationToken);
    }
}
