using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using NextUp.Actors.Notices;
using NextUp.Server.Settings;
using NextUp.Server.Users;

namespace NextUp.Server.Notices;

/// <summary>What a link in a mail may do.</summary>
enum LinkPurpose : byte
{
    Confirm = 1,
    Unsubscribe = 2,
}

/// <summary>
/// Links that speak for themselves: who has one may do the one thing that it says, because it was sent to the address
/// that the thing is about. Signed by this installation; a confirmation runs out.
/// </summary>
sealed class NoticeLinks(string dataFolder, Func<NoticeSettings> settings, TimeProvider clock)
{
    /// <summary>How long a confirmation may be given.</summary>
    public static readonly TimeSpan ConfirmWithin = TimeSpan.FromDays(2);

    /// <summary>Purpose, subscription, and when it runs out in unix seconds.</summary>
    const int SaidBytes = 1 + 16 + 8;

    const int MacBytes = 16;

    readonly byte[] _key = KeyFile.ReadOrMake(dataFolder, "notice-link.key");

    /// <summary>The job's page, where the server knows its own address; else null.</summary>
    public static string? JobPage(NoticeSettings settings, Notice notice) =>
        notice.Job is { } job && settings.PublicAddress is { } server
            ? server.AbsoluteUri.TrimEnd('/') + JobPath(job) : null;

    public static string JobPath(NoticeJob job) => $"/jobs/{job.Id}";

    public string Confirm(SubscriptionId subscription) => Make(LinkPurpose.Confirm, subscription, ConfirmWithin);

    /// <summary>Good for as long as the subscription.</summary>
    public string Unsubscribe(SubscriptionId subscription) =>
        Make(LinkPurpose.Unsubscribe, subscription, TimeSpan.FromDays(36_500));

    /// <summary>False where the token is not one of ours for this purpose, or has run out.</summary>
    public bool TryRead(LinkPurpose purpose, string? token, out SubscriptionId subscription)
    {
        subscription = default;
        Span<byte> bytes = stackalloc byte[SaidBytes + MacBytes];
        if (token is null || token.Length != Base64Url.GetEncodedLength(bytes.Length)
            || Base64Url.DecodeFromChars(token, bytes, out _, out var length) != OperationStatus.Done
            || length != bytes.Length)
            return false;

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, bytes[..SaidBytes], mac);
        subscription = new(new Guid(bytes.Slice(1, 16), bigEndian: true));
        return CryptographicOperations.FixedTimeEquals(mac[..MacBytes], bytes[SaidBytes..])
            && bytes[0] == (byte)purpose
            && BinaryPrimitives.ReadInt64BigEndian(bytes[17..]) > clock.GetUtcNow().ToUnixTimeSeconds();
    }

    string Make(LinkPurpose purpose, SubscriptionId subscription, TimeSpan life)
    {
        Span<byte> bytes = stackalloc byte[SaidBytes + MacBytes];
        bytes[0] = (byte)purpose;
        subscription.Value.TryWriteBytes(bytes.Slice(1, 16), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[17..], (clock.GetUtcNow() + life).ToUnixTimeSeconds());
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, bytes[..SaidBytes], mac);
        mac[..MacBytes].CopyTo(bytes[SaidBytes..]);
        var word = purpose == LinkPurpose.Confirm ? "confirm" : "unsubscribe";
        var server = settings().PublicAddress?.AbsoluteUri.TrimEnd('/') ?? "";
        return $"{server}/notices/{word}/{Base64Url.EncodeToString(bytes)}";
    }
}
