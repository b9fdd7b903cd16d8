using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;

namespace NextUp.Client.Work;

/// <summary>
/// A worker's side of one NextUp server. Each call may be repeated, and is, while no answer comes; what a lost answer gave
/// is given again. Throws as <see cref="NextUpClient"/> does: a <see cref="NextUpProblemException"/> with
/// <see cref="Wire.ProblemCodes.AttemptOver"/> means stop working on that attempt.
/// </summary>
public sealed class WorkClient
{
    readonly Exchange _exchange;

    /// <param name="http">With the server's address as its BaseAddress. It stays the caller's.</param>
    /// <param name="token">A worker's token.</param>
    /// <param name="options">Null for the defaults. A worker outlasts a restart of the server with more attempts.</param>
    public WorkClient(
        HttpClient http, string token, TimeProvider clock, Random random, NextUpClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        _exchange = new(http, token, clock, random, options ?? new());
    }

    public Uri Server => _exchange.Server;

    /// <summary>Jobs, as soon as there are some, or word to stop, or neither after a while.</summary>
    public Task<LeaseView> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken = default) =>
        PostAsync("lease", request, WorkJson.Default.LeaseRequest, WorkJson.Default.LeaseView, cancellationToken);

    /// <summary>Several heartbeats at once; the answer names the attempts to let go of.</summary>
    public Task<HeartbeatsView> BeatAsync(HeartbeatsRequest request, CancellationToken cancellationToken = default) =>
        PostAsync("heartbeat", request, WorkJson.Default.HeartbeatsRequest, WorkJson.Default.HeartbeatsView, cancellationToken);

    /// <summary>Several small results at once; each has its own outcome.</summary>
    public Task<CompletionsView> CompleteAsync(CompletionsRequest request, CancellationToken cancellationToken = default) =>
        PostAsync(
            "complete", request, WorkJson.Default.CompletionsRequest, WorkJson.Default.CompletionsView, cancellationToken);

    /// <summary>Writes the upload of a leased job into <paramref name="into"/>, which must be able to seek.</summary>
    public async Task InputAsync(AttemptView attempt, Stream into, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(into);
        using var response = await _exchange.SendAsync(
            () => _exchange.NewRequest(HttpMethod.Get, Of(attempt, "input")), HttpCompletionOption.ResponseHeadersRead,
            cancellationToken);
        try
        {
            await response.Content.CopyToAsync(into, cancellationToken);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            throw _exchange.Unreachable(lost);
        }
    }

    /// <summary>What an attempt stored under the name, or null.</summary>
    public async Task<byte[]?> LoadCheckpointAsync(
        AttemptView attempt, string name, CancellationToken cancellationToken = default)
    {
        try
        {
            using var response = await _exchange.SendAsync(
                () => _exchange.NewRequest(HttpMethod.Get, Checkpoint(attempt, name)), HttpCompletionOption.ResponseContentRead,
                cancellationToken);
            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (NextUpProblemException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Stores work so far; durable when this returns.</summary>
    public async Task SaveCheckpointAsync(
        AttemptView attempt, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        using var response = await _exchange.SendAsync(
            () =>
            {
                var request = _exchange.NewRequest(HttpMethod.Put, Checkpoint(attempt, name));
                request.Content = new ReadOnlyMemoryContent(content);
                return request;
            },
            HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    /// <summary>Hands in a result; it is stored when this returns.</summary>
    /// <param name="summary">Counts and facts, a JSON object.</param>
    /// <param name="files">Role, name and type of each file, and what opens it from its start.</param>
    public async Task<OutcomeView> CompleteAsync(
        AttemptView attempt, string summary, IReadOnlyList<WorkUpload> files, CancellationToken cancellationToken = default)
    {
        using var response = await _exchange.SendAsync(
            () =>
            {
                var request = _exchange.NewRequest(HttpMethod.Post, Of(attempt, "complete"));
                request.Content = Form(summary, files);
                return request;
            },
            HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await _exchange.ReadAsync(response, WorkJson.Default.OutcomeView, cancellationToken);
    }

    /// <summary>The attempt failed, or is handed back.</summary>
    public Task<OutcomeView> FailAsync(
        AttemptView attempt, FailRequest request, CancellationToken cancellationToken = default) =>
        PostAsync(Of(attempt, "fail"), request, WorkJson.Default.FailRequest, WorkJson.Default.OutcomeView, cancellationToken);

    static MultipartFormDataContent Form(string summary, IReadOnlyList<WorkUpload> files)
    {
        var form = new MultipartFormDataContent { { new StringContent(summary), "summary" } };
        foreach (var file in files)
        {
            var part = new StreamContent(file.Open());
            part.Headers.ContentType = MediaTypeHeaderValue.Parse(file.ContentType);
            part.Headers.ContentDisposition = new("form-data") { Name = file.Role, FileName = "result", FileNameStar = file.Name };
            form.Add(part);
        }

        return form;
    }

    Task<TAnswer> PostAsync<T, TAnswer>(
        string path, T value, JsonTypeInfo<T> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken) =>
        PostAsync(At(path), value, type, answer, cancellationToken);

    async Task<TAnswer> PostAsync<T, TAnswer>(
        Uri address, T value, JsonTypeInfo<T> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken)
    {
        using var response = await _exchange.SendAsync(
            () =>
            {
                var request = _exchange.NewRequest(HttpMethod.Post, address);
                request.Content = JsonContent.Create(value, type);
                return request;
            },
            HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await _exchange.ReadAsync(response, answer, cancellationToken);
    }

    Uri Checkpoint(AttemptView attempt, string name) => Of(attempt, "checkpoints/" + Uri.EscapeDataString(name));

    Uri Of(AttemptView attempt, string rest) =>
        At($"{Uri.EscapeDataString(attempt.Job)}/{rest}?attempt={attempt.Attempt}");

    Uri At(string path) => new(_exchange.Server, "api/v1/work/" + path);
}

/// <summary>A file of a result, sent as often as it has to be.</summary>
/// <param name="Role"><c>result</c>, <c>report</c> or <c>diff</c>.</param>
public sealed record WorkUpload(string Role, string Name, string ContentType, Func<Stream> Open);
