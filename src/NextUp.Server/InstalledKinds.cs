using NextUp.Server.Jobs;
using NextUp.Server.Settings;

namespace NextUp.Server;

/// <summary>The kinds of job this installation works on. A new kind is one entry here.</summary>
sealed class InstalledKinds(IReadOnlyList<OfferedKind> kinds) : IDisposable
{
    public IReadOnlyList<OfferedKind> Kinds => kinds;

    public static InstalledKinds Open(string dataFolder, NextUpSettings settings, TimeProvider clock) => new([]);

    public void Dispose()
    {
    }
}
