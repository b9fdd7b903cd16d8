using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using NextUp.Actors.Notices;
using NextUp.Client.Notices;
using NextUp.Server.Notices.Delivery;
using NextUp.Server.Settings;

namespace NextUp.Server.Notices.Push;

/// <summary>Browser notifications by Web Push (RFC 8030). The service worker gets a <see cref="PushBody"/>.</summary>
sealed class PushSender(ReceiverHttp http, PushKey key, Func<NoticeSettings> settings, TimeProvider clock) : INoticeSender
{
    /// <summary>How long a push service keeps it for a browser that is off.</summary>
    static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    public async Task<SendOutcome> SendAsync(
        NoticeSubscription subscription, Notice notice, CancellationToken cancellationToken)
    {
        if (BrowserSecrets.OfStored(subscription.Secret) is not { } browser)
            return new SendOutcome.Gone(null, "The browser's keys are not usable. Subscribe again.");

        var content = new ByteArrayContent(PushMessage.Encrypt(Body(notice), browser));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.ContentEncoding.Add("aes128gcm");
        var proof = key.Authorization(new Uri(subscription.Target), settings().Mailto, clock.GetUtcNow());
        return await http.PostAsync(
            subscription.Target, content,
            headers =>
            {
                headers.TryAddWithoutValidation("Authorization", proof);
                headers.Add("TTL", ((int)KeptFor.TotalSeconds).ToString(CultureInfo.InvariantCulture));
                headers.Add("Urgency", "normal");
            },
            status => status is 404 or 410, cancellationToken);
    }

    // Titles and reasons are so short (NoticeWords) that they fit, whatever their letters.
    static byte[] Body(Notice notice) => JsonSerializer.SerializeToUtf8Bytes(
        new PushBody(
            notice.Id.ToString(), NoticeNames.Of(notice.Type), notice.At, NoticeWords.Title(notice),
            NoticeWords.Reason(notice), notice.Job is { } job ? NoticeLinks.JobPath(job) : null),
        NoticeJson.Wire.PushBody);
}
