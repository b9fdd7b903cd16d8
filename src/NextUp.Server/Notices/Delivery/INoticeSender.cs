using NextUp.Actors.Notices;

namespace NextUp.Server.Notices.Delivery;

/// <summary>One channel: makes an attempt to deliver a notice.</summary>
interface INoticeSender
{
    /// <summary>
    /// Tries once, within the time of the settings. What goes wrong out there is an outcome; throws
    /// <see cref="OperationCanceledException"/> only when <paramref name="cancellationToken"/> says so.
    /// </summary>
    Task<SendOutcome> SendAsync(
        NoticeSubscription subscription, Notice notice, CancellationToken cancellationToken);
}
