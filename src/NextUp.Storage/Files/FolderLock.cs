using NextUp.Actors.Store;

namespace NextUp.Storage.Files;

/// <summary>Another process owns the data folder.</summary>
public sealed class StoreOwnedException(string folder, Exception inner) : Exception(
    $"The data folder '{folder}' is in use by another process. Stop that one, or start this one on a folder of its own "
    + "(--data DIR).",
    inner)
{
    public string Folder { get; } = folder;
}

/// <summary>
/// Owns a folder for as long as the process lives. The operating system holds the lock on the open file, so a process
/// that is killed leaves none behind; the file itself stays and means nothing.
/// </summary>
public sealed class FolderLock : IDisposable
{
    internal const string Name = "owner.lock";

    readonly FileStream file;

    FolderLock(FileStream file) => this.file = file;

    /// <exception cref="StoreOwnedException">Another process has it.</exception>
    /// <exception cref="StoreFailedException">The folder cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            ProveWritable(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreFailedException(
                $"The data folder '{folder}' cannot be created or written ({failure.Message}). "
                + "Give this process write permission on it, or name another folder (--data DIR).",
                isUncertain: false, failure);
        }

        try
        {
            return new FolderLock(new FileStream(
                Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreOwnedException(folder, failure);
        }
    }

    public void Dispose() => file.Dispose();

    static void ProveWritable(string folder)
    {
        var probe = Path.Combine(folder, $"probe-{Environment.ProcessId}.tmp");
        File.WriteAllBytes(probe, []);
        File.Delete(probe);
    }
}
