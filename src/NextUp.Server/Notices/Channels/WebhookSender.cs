using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using NextUp.Actors.Notices;
using NextUp.Client.Notices;
using NextUp.Server.Notices.Delivery;
using NextUp.Server.Settings;

namespace NextUp.Server.Notices.Channels;

/// <summary>
/// Webhooks by the Standard Webhooks specification. The body is made of the notice alone, so it is the same at every
/// attempt, as is its id; the timestamp and the signature are each attempt's own.
/// </summary>
sealed class WebhookSender(ReceiverHttp http, Func<NoticeSettings> settings, TimeProvider clock) : INoticeSender
{
    const int Gone = 410;

    public Task<SendOutcome> SendAsync(
        NoticeSubscription subscription, Notice notice, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var timestamp = now.ToUnixTimeSeconds();
        var body = Body(notice, settings());
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return http.PostAsync(
            subscription.Target, content,
            headers =>
            {
                headers.Add("webhook-id", notice.Id.ToString());
                headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
                headers.Add(
                    "webhook-signature", WebhookSecret.Signatures(subscription, notice.Id, timestamp, body, now));
            },
            status => status == Gone, cancellationToken);
    }

    /// <summary>
    /// The body, within <c>notices.payloadBytesMax</c>: where it would be larger the summary is left out, and then the
    /// reason and the name are shortened.
    /// </summary>
    public static byte[] Body(Notice notice, NoticeSettings settings)
    {
        var whole = new WebhookBody(NoticeNames.Of(notice.Type), notice.At, notice.Job is not { } job ? null : new(
            job.Id.ToString(), job.Kind.ToString(), job.FileName, job.Attempt, job.Reason, Summary(job.Summary),
            NoticeLinks.JobPage(settings, notice)));
        var bytes = Bytes(whole);
        if (bytes.Length <= settings.PayloadBytesMax || whole.Data is not { } data)
            return bytes;

        bytes = Bytes(whole with { Data = data = data with { Summary = null } });
        return bytes.Length <= settings.PayloadBytesMax ? bytes : Bytes(whole with
        {
            Data = data with
            {
                // A character takes up to six bytes in JSON; both together have a quarter of the room in characters.
                FileName = NoticeWords.Shortened(data.FileName, settings.PayloadBytesMax / 20),
                Reason = data.Reason is { } reason
                    ? NoticeWords.Shortened(reason, settings.PayloadBytesMax / 20) : null,
            },
        });
    }

    static byte[] Bytes(WebhookBody body) => JsonSerializer.SerializeToUtf8Bytes(body, NoticeJson.Wire.WebhookBody);

    static JsonElement? Summary(string? json) => json is null ? null : JsonElement.Parse(json);
}
