using System.Globalization;
using NextUp.Storage.Postgres;

namespace NextUp.Orleans.Cluster;

/// <summary>The silo that owns the store, and since when: what must be beside the store's writer is named by it.</summary>
/// <param name="Epoch">Goes up with each owner, so that nobody mistakes one for the next.</param>
public sealed record Seat(long Epoch, SiloAddress Silo)
{
    /// <summary>The key of the grains of this seat.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Epoch}@{Silo.ToParsableString()}");

    /// <summary>Of an owner whose address is the silo, and perhaps more behind a space.</summary>
    public static Seat Of(StoreOwner owner) => new(owner.Epoch, SiloAddress.FromParsableString(owner.Address.Split(' ')[0]));

    /// <summary>The key of the grain of a silo, whoever owns the store.</summary>
    public static string KeyOf(SiloAddress silo) => $"@{silo.ToParsableString()}";

    /// <summary>The silo that a key names.</summary>
    public static SiloAddress SiloOf(string key) => SiloAddress.FromParsableString(key[(key.IndexOf('@', StringComparison.Ordinal) + 1)..]);
}
