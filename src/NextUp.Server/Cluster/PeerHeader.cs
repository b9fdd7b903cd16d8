using System.Net;
using System.Security.Cryptography;
using System.Text;
using NextUp.Server.Users;

namespace NextUp.Server.Cluster;

/// <summary>
/// What one server of a cluster says to another of the caller whose request it hands on: from where, and by which scheme, signed
/// with a key that all of them have, so that nobody else can say it.
/// </summary>
sealed class PeerHeader(string dataFolder)
{
    public const string Name = "X-NextUp-Peer";

    readonly byte[] _key = KeyFile.ReadOrMake(dataFolder, "peers.key");

    public string Of(HttpContext context)
    {
        var said = $"{context.Request.Scheme} {context.Connection.RemoteIpAddress?.ToString() ?? "-"}";
        return $"{said} {Sign(said)}";
    }

    /// <summary>Whether another server has handed the request on; it is then as if its caller had come here.</summary>
    public bool TryTake(HttpContext context)
    {
        if (context.Request.Headers[Name].ToString().Split(' ') is not [var scheme, var from, var signature])
            return false;
        var expected = Encoding.ASCII.GetBytes(Sign($"{scheme} {from}"));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected))
            return false;
        context.Request.Scheme = scheme;
        context.Connection.RemoteIpAddress = IPAddress.TryParse(from, out var address) ? address : null;
        context.Request.Headers.Remove(Name);
        return true;
    }

    string Sign(string said) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(said)));
}
