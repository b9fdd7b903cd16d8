using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;

namespace NextUp.Client.Notices;

/// <summary>
/// How a caller wants to be told, and what became of it. Throws as <see cref="NextUpClient"/> does; a wish whose answer
/// was lost may be found as <see cref="Wire.ProblemCodes.NoticeExists"/> when it is sent again.
/// </summary>
public sealed class NoticesClient
{
    readonly Exchange _exchange;
    readonly Uri _notices;

    internal NoticesClient(Exchange exchange, Uri notices) => (_exchange, _notices) = (exchange, notices);

    public Task<NoticeSubscriptionList> ListAsync(CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(_notices, NoticeJson.Wire.NoticeSubscriptionList, cancellationToken);

    /// <summary>The answer has a webhook's secret in it; it is never shown again.</summary>
    public Task<NoticeSubscriptionView> AddAsync(NoticeWish wish, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Post, _notices, JsonContent.Create(wish, NoticeJson.Wire.NoticeWish),
            NoticeJson.Wire.NoticeSubscriptionView, cancellationToken);

    public Task<NoticeSubscriptionView> AmendAsync(
        string id, NoticeAmendment amendment, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Patch, At(id), JsonContent.Create(amendment, NoticeJson.Wire.NoticeAmendment),
            NoticeJson.Wire.NoticeSubscriptionView, cancellationToken);

    public async Task RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        using var response = await _exchange.SendOnceAsync(
            _exchange.NewRequest(HttpMethod.Delete, At(id)), HttpCompletionOption.ResponseContentRead,
            cancellationToken);
    }

    /// <summary>Sends a trial notice; <see cref="DeliveryAsync"/> says what became of it.</summary>
    public Task<NoticeDeliveryView> TestAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Post, At(id, "/test"), null, NoticeJson.Wire.NoticeDeliveryView, cancellationToken);

    /// <summary>A new secret; the old one signs beside it for a day.</summary>
    public Task<NoticeSubscriptionView> RotateSecretAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Post, At(id, "/rotate-secret"), null, NoticeJson.Wire.NoticeSubscriptionView,
            cancellationToken);

    /// <param name="after">The <see cref="NoticeDeliveryPage.Next"/> of the page before; null for the first.</param>
    public Task<NoticeDeliveryPage> DeliveriesAsync(
        string id, int limit = 50, string? after = null, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(
            At(id, $"/deliveries?limit={limit}" + (after is null ? "" : "&after=" + Uri.EscapeDataString(after))),
            NoticeJson.Wire.NoticeDeliveryPage, cancellationToken);

    public Task<NoticeDeliveryView> DeliveryAsync(
        string id, string delivery, CancellationToken cancellationToken = default) =>
        _exchange.GetAsync(
            At(id, "/deliveries/" + Uri.EscapeDataString(delivery)), NoticeJson.Wire.NoticeDeliveryView,
            cancellationToken);

    /// <summary>Sends it again, under its old id.</summary>
    public Task<NoticeDeliveryView> ReplayAsync(
        string id, string delivery, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Post, At(id, $"/deliveries/{Uri.EscapeDataString(delivery)}/replay"), null,
            NoticeJson.Wire.NoticeDeliveryView, cancellationToken);

    Uri At(string id, string rest = "") => new(_notices.AbsoluteUri + "/" + Uri.EscapeDataString(id) + rest);

    async Task<T> SendAsync<T>(
        HttpMethod method, Uri address, HttpContent? content, JsonTypeInfo<T> answer,
        CancellationToken cancellationToken)
    {
        var request = _exchange.NewRequest(method, address);
        request.Content = content;
        using var response = await _exchange.SendOnceAsync(
            request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await _exchange.ReadAsync(response, answer, cancellationToken);
    }
}
