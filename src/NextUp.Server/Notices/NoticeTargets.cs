using System.Net;
using NextUp.Actors.Notices;
using NextUp.Client.Notices;
using NextUp.Server.Notices.Channels;
using NextUp.Server.Notices.Delivery;
using NextUp.Server.Notices.Mail;
using NextUp.Server.Notices.Push;
using NextUp.Server.Settings;

namespace NextUp.Server.Notices;

/// <summary>A wish that was looked at: what is stored of it, or why it cannot be.</summary>
abstract record FitTarget
{
    FitTarget() { }

    /// <param name="Secret">As <see cref="NoticeSubscription.Secret"/>.</param>
    public sealed record Fits(string Target, string Secret) : FitTarget;

    /// <param name="Reason">A sentence with the way out.</param>
    public sealed record Unfit(string Reason) : FitTarget;
}

/// <summary>Which targets are taken. Names are looked up when they are called, not here.</summary>
static class NoticeTargets
{
    /// <summary>The longest address, in characters.</summary>
    public const int AddressLengthMax = 2_000;

    public static FitTarget Fit(NoticeChannel channel, NoticeWish wish, NoticeSettings settings)
    {
        if (channel == NoticeChannel.Mail)
        {
            return MailAddresses.Plain(wish.Target) is { } mail
                ? new FitTarget.Fits(mail, "")
                : new FitTarget.Unfit("target must be one plain address of mail, for example ann@example.org.");
        }

        if (Unfit(wish.Target, settings) is { } reason)
            return new FitTarget.Unfit(reason);
        if (channel != NoticeChannel.Push)
            return new FitTarget.Fits(wish.Target, channel == NoticeChannel.Webhook ? WebhookSecret.New() : "");

        return BrowserSecrets.Parse(wish.Keys?.P256dh, wish.Keys?.Auth) is { } keys
            ? new FitTarget.Fits(wish.Target, keys.Stored)
            : new FitTarget.Unfit("keys must be the p256dh and auth of the browser's PushSubscription, base64url.");
    }

    static string? Unfit(string target, NoticeSettings settings)
    {
        if (target.Length > AddressLengthMax)
            return $"target is longer than {AddressLengthMax} characters.";
        if (!Uri.TryCreate(target, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp) || address.Host.Length == 0)
            return "target must be an address that begins with https://.";
        if (address.Scheme == Uri.UriSchemeHttp && !settings.AllowHttp)
            return "target must begin with https://; the operator can allow http:// (notices.allowHttp).";
        if (address.UserInfo.Length > 0)
            return "target must not have a name or password in it: the signature says who calls.";

        var isPrivate = IPAddress.TryParse(address.DnsSafeHost, out var ip)
            ? !PublicAddresses.Has(ip)
            : address.DnsSafeHost.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        return isPrivate && !settings.AllowPrivateAddresses
            ? "target is at an address that only this server's network can reach; the operator can allow those "
                + "(notices.allowPrivateAddresses)."
            : null;
    }
}
