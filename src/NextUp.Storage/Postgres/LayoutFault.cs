using NextUp.Actors.Store;

namespace NextUp.Storage.Postgres;

/// <summary>The store's layout is not this program's, and must not be made so now.</summary>
sealed class LayoutFault(bool mayPass) : Exception
{
    /// <summary>It passes when other servers have stopped.</summary>
    public bool MayPass => mayPass;

    public static StoreFailedException Newer(string name, int version, int known) => new(
        $"In {name} the store has layout {version}, and this program knows layouts up to {known}. "
        + "Run the newer program that wrote it, or restore a backup of the older layout.",
        isUncertain: false,
        new LayoutFault(mayPass: false));

    public static StoreFailedException InUse(string name, int version, int known) => new(
        $"In {name} the store has layout {version}, on which servers of an older program work; this program needs layout {known}, "
        + "which those do not know. Stop them all, then start this one.",
        isUncertain: false,
        new LayoutFault(mayPass: true));
}
