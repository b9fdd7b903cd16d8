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
    readonly Limit _visitors;
    readonly Limit _uploads;

    public Addresses(string dataFolder, IdentitySettings settings)
    {
        _key = KeyFile.ReadOrMake(dataFolder, KeyName);
        _visitors = new(settings.NewVisitorsPerMinute);
        _uploads = new(settings.VisitorUploadsPerMinute);
    }

    /// <summary>Changed limits come into force; where one changed, the minute begins anew for all.</summary>
    public void Configure(IdentitySettings settings)
    {
        _visitors.Set(settings.NewVisitorsPerMinute);
        _uploads.Set(settings.VisitorUploadsPerMinute);
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

    public bool TakeVisitor(long origin) => _visitors.Take(origin);

    public bool TakeUpload(long origin) => _uploads.Take(origin);

    public void Dispose()
    {
        _visitors.Dispose();
        _uploads.Dispose();
    }

    /// <summary>So many a minute from each address.</summary>
    sealed class Limit(int count) : IDisposable
    {
        readonly Lock _gate = new();
        int _count = count;
        PartitionedRateLimiter<long> _limiter = PerMinute(count);

        public bool Take(long origin)
        {
            lock (_gate)
            {
                using var lease = _limiter.AttemptAcquire(origin);
                return lease.IsAcquired;
            }
        }

        public void Set(int count)
        {
            lock (_gate)
            {
                if (count == _count)
                    return;
                _limiter.Dispose();
                (_count, _limiter) = (count, PerMinute(count));
            }
        }

        public void Dispose() => _limiter.Dispose();

        static PartitionedRateLimiter<long> PerMinute(int count) =>
            PartitionedRateLimiter.Create<long, long>(origin => RateLimitPartition.GetFixedWindowLimiter(
                origin, _ => new FixedWindowRateLimiterOptions { PermitLimit = count, Window = Minute, QueueLimit = 0 }));
    }
}
