using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace NextUp.Server.Notices.Delivery;

/// <summary>
/// Which addresses are the world's, by the registries of special addresses (RFC 6890 and its updates). Everything else
/// is this machine, this network, or nobody, and a user must not make the server call it.
/// </summary>
static class PublicAddresses
{
    static readonly IPNetwork[] Reserved =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");
    static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");
    static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    public static bool Has(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return !Array.Exists(Reserved, network => network.Contains(address));
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return false;

        // Addresses that carry one of IPv4 lead where that one leads.
        if (address.IsIPv4MappedToIPv6)
            return Has(address.MapToIPv4());

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (Translated.Contains(address))
            return Has(Inner(bytes[12..]));
        if (SixToFour.Contains(address))
            return Has(Inner(bytes[2..6]));

        return Global6.Contains(address) && !Array.Exists(Reserved, network => network.Contains(address));
    }

    static IPAddress Inner(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReverseEndianness(BinaryPrimitives.ReadUInt32BigEndian(bytes)));
}
