using NextUp.Server.Users;
using NextUp.Storage.Postgres;

namespace NextUp.Server.Standby;

/// <summary>
/// Brings the installation's secrets to whichever server has the store: they are files in a data folder, and each server
/// has its own. What the database has counts.
/// </summary>
sealed class SharedKeys(PostgresKeys keys, string dataFolder)
{
    /// <summary>Until this is disposed, no other server fetches or shares: of several that begin at once one makes the keys.</summary>
    public IDisposable Hold() => keys.Hold();

    /// <summary>Writes those of the database into the data folder.</summary>
    public void Fetch()
    {
        foreach (var (name, content) in keys.Read())
            KeyFile.Put(dataFolder, name, content);
    }

    /// <summary>Adds those that were made here since.</summary>
    public void Share() => keys.Add(KeyFile.All(dataFolder));
}
