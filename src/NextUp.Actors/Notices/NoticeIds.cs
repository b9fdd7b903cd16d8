using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NextUp.Actors.Users;

namespace NextUp.Actors.Notices;

/// <summary>Names a subscription for its whole life.</summary>
public readonly record struct SubscriptionId(Guid Value) : IParsable<SubscriptionId>
{
    public static SubscriptionId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public static SubscriptionId Parse(string s, IFormatProvider? provider) => new(Guid.Parse(s));

    public static bool TryParse(string? s, IFormatProvider? provider, out SubscriptionId result)
    {
        var ok = Guid.TryParse(s, out var value);
        result = new(value);
        return ok;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>
/// Names a notice. The same at every attempt and replay, so that a receiver can drop doubles (<c>webhook-id</c>).
/// </summary>
public readonly record struct NoticeId(Guid Value)
{
    const string Prefix = "msg_";

    /// <summary>For a notice that somebody asks for: a trial, a confirmation.</summary>
    public static NoticeId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>
    /// For an event: made of the subscription, the user, and the user's event number, so one event has one notice a
    /// subscription. A visitor's subscription goes on as the account's after a sign-in, and numbers begin anew there.
    /// </summary>
    public static NoticeId Of(SubscriptionId subscription, UserId user, long eventNumber)
    {
        var name = Encoding.UTF8.GetBytes(user.Value);
        var source = new byte[24 + name.Length];
        subscription.Value.TryWriteBytes(source, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(source.AsSpan(16), eventNumber);
        name.CopyTo(source, 24);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(source, hash);
        return new(new Guid(hash[..16], bigEndian: true));
    }

    public static bool TryParse(string? text, out NoticeId id)
    {
        var value = Guid.Empty;
        var ok = text is not null && text.StartsWith(Prefix, StringComparison.Ordinal)
            && Guid.TryParseExact(text.AsSpan(Prefix.Length), "N", out value);
        id = new(value);
        return ok;
    }

    public override string ToString() => Prefix + Value.ToString("N");
}
