using System.Buffers;
using System.Net.Mail;

namespace NextUp.Server.Notices.Mail;

/// <summary>Which texts are taken for addresses of mail: one plain address, nothing around it.</summary>
static class MailAddresses
{
    /// <summary>The longest address that can be written to (RFC 5321, 4.5.3.1.3).</summary>
    public const int LengthMax = 254;

    /// <summary>What only has a meaning around an address or in a list of them.</summary>
    static readonly SearchValues<char> Marks = SearchValues.Create("<>()[],;:\\\"");

    /// <summary>The address as it is stored, or null where it is none.</summary>
    public static string? Plain(string text)
    {
        if (text.Length is 0 or > LengthMax || !text.All(letter => letter is > ' ' and < '\u007f')
            || text.AsSpan().ContainsAny(Marks)
            || !MailAddress.TryCreate(text, out var address) || address.Address != text)
            return null;

        return address.Host.Contains('.', StringComparison.Ordinal) && !address.Host.EndsWith('.')
            ? $"{address.User}@{address.Host.ToLowerInvariant()}" : null;
    }
}
