using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NextUp.Client.Steering;

/// <summary>
/// What operators say of the queue. Each call may be repeated harmlessly. Everyone else gets a
/// <see cref="NextUpProblemException"/> with <see cref="Wire.ProblemCodes.Forbidden"/>.
/// </summary>
public sealed class SteeringClient
{
    readonly Exchange _exchange;

    internal SteeringClient(Exchange exchange) => _exchange = exchange;

    public Task<SteeringView> ReadAsync(CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(At("steering"), SteeringJson.Default.SteeringView, cancellationToken);

    /// <summary>Nothing of it starts from now on; what runs goes on.</summary>
    public Task<SteeringView> PauseAsync(SteerRequest request, CancellationToken cancellationToken = default) =>
        PostAsync("pause", request, SteeringJson.Default.SteerRequest, cancellationToken);

    public Task<SteeringView> ResumeAsync(SteerRequest request, CancellationToken cancellationToken = default) =>
        PostAsync("resume", request, SteeringJson.Default.SteerRequest, cancellationToken);

    /// <summary>How many jobs may run at once from now on; null goes back to the settings.</summary>
    public Task<SteeringView> SetSlotsAsync(int? slots, CancellationToken cancellationToken = default) =>
        PostAsync("slots", new SlotsRequest(slots), SteeringJson.Default.SlotsRequest, cancellationToken);

    async Task<SteeringView> PostAsync<T>(
        string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(body, type);
        using var response = await _exchange.SendAsync(
            () =>
            {
                var request = _exchange.NewRequest(HttpMethod.Post, At(path));
                request.Content = new ByteArrayContent(json);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                return request;
            },
            HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await _exchange.ReadAsync(response, SteeringJson.Default.SteeringView, cancellationToken);
    }

    Uri At(string path) => new(_exchange.Server, "api/v1/operations/" + path);
}
