using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace NextUp.Server.Notices.Push;

/// <summary>Points of the curve P-256 as they are sent: 0x04, X, Y.</summary>
static class P256
{
    public const int FieldBytes = 32;

    public const int PointBytes = 1 + (2 * FieldBytes);

    /// <summary>The order of the curve's group (FIPS 186, P-256).</summary>
    public static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", NumberStyles.HexNumber,
        CultureInfo.InvariantCulture);

    public static byte[] Point(ECParameters key) => [0x04, .. key.Q.X!, .. key.Q.Y!];

    /// <summary>The public key of a point; null where it is not one of the curve.</summary>
    public static ECDiffieHellman? Key(ReadOnlySpan<byte> point)
    {
        if (point.Length != PointBytes || point[0] != 0x04)
            return null;

        try
        {
            return ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint
                {
                    X = point.Slice(1, FieldBytes).ToArray(),
                    Y = point[(1 + FieldBytes)..].ToArray(),
                },
            });
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
