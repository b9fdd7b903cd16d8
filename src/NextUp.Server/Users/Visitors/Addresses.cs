using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using NextUp.Server.Settings;

namespace NextUp.Server.Users.Visitors;

/// <summary>
/// Network addresses, only ever as a hash with a key of this installation: of IPv4 the whole address, of IPv6 the first 64
/// bits, which is what one customer gets. And how much may come from one of them in a minute.
/// </summary>
sealed class Addresses : IDisposable
{
    const string KeyName = "address.key";

    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly byte[] _key;
    readonly PartitionedRateLimiter<long> _visitors;
    readonly PartitionedRateLimiter<long> _uploads;

    public Addresses(string dataFolder, IdentitySettings settings)
    {
        _key = KeyFile.ReadOrMake(dataFolder, KeyName);
        _visitors = PerMinute(settings.NewVisitorsPerMinute);
        _uploads = PerMinute(settings.VisitorUploadsPerMinute);
    }

    public long OriginOf(HttpContext context) => Hash(context.Connection.RemoteIpAddress ?? IPAddress.None);

    public long Hash(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var known = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        known.TryWriteBytes(bytes, out var length);
        var counted = known.AddressFamily == AddressFamily.InterNetworkV6 ? 8 : length;
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, bytes[..counted], hash);
        return BitConverter.ToInt64(hash);
    }

    public bool TakeVisitor(long origin) => Take(_visitors, origin);

    public bool TakeUpload(long origin) => Take(_uploads, origin);

    public void Dispose()
    {
        _visitors.Dispose();
        _uploads.Dispose();
    }

    static bool Take(PartitionedRateLimiter<long> limiter, long origin)
    {
        using var lease = limiter.AttemptAcquire(origin);
        return lease.IsAcquired;
    }

    static PartitionedRateLimiter<long> PerMinute(int count) =>
        PartitionedRateLimiter.Create<long, long>(origin => RateLimitPartition.GetFixedWindowLimiter(
            origin, _ => new FixedWindowRateLimiterOptions { PermitLimit = count, Window = Minute, QueueLimit = 0 }));
}
