using System.Security.Cryptography;
using NextUp.Storage.Files;

namespace NextUp.Server.Users;

/// <summary>
/// A secret of the installation, made at first need and kept in the data folder for its owner only. Two processes that
/// need it first at the same moment end with the same one: it is written aside and appears under its name whole, or not
/// at all.
/// </summary>
static class KeyFile
{
    const string FolderName = "keys";

    /// <summary>Bytes in a key; as many as the HMAC-SHA256 that uses it has.</summary>
    public const int KeyBytes = 32;

    /// <summary>Throws <see cref="IOException"/> where the folder cannot be written or the file is not a key.</summary>
    public static byte[] ReadOrMake(string dataFolder, string name)
    {
        var folder = Path.Combine(dataFolder, FolderName);
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
            Make(folder, path);

        var key = File.ReadAllBytes(path);
        return key.Length == KeyBytes
            ? key
            : throw new IOException(
                $"{path} holds {key.Length} bytes and not the {KeyBytes} of a key. Put the right file "
                + "back from a backup, or delete it: a new key is made, and what the old one signed ends.");
    }

    /// <summary>The keys of a data folder, by name.</summary>
    public static IReadOnlyDictionary<string, byte[]> All(string dataFolder)
    {
        var folder = new DirectoryInfo(Path.Combine(dataFolder, FolderName));
        return folder.Exists
            ? folder.EnumerateFiles("*.key").ToDictionary(file => file.Name, file => File.ReadAllBytes(file.FullName))
            : new Dictionary<string, byte[]>();
    }

    /// <summary>Puts another server's key of the same installation in the place of this one's.</summary>
    public static void Put(string dataFolder, string name, byte[] key)
    {
        var folder = Path.Combine(dataFolder, FolderName);
        Write(folder, Path.Combine(folder, Path.GetFileName(name)), key, overwrite: true);
    }

    static void Make(string folder, string path) =>
        Write(folder, path, RandomNumberGenerator.GetBytes(KeyBytes), overwrite: false);

    static void Write(string folder, string path, byte[] key, bool overwrite)
    {
        MakeFolder(folder);
        var aside = path + "." + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        using (var file = new FileStream(aside, options))
        {
            file.Write(key);
            file.Flush(flushToDisk: true);
        }

        if (overwrite)
            File.Move(aside, path, overwrite);
        else if (!ExclusiveMove.Try(aside, path))
            File.Delete(aside); // Another process was first; its key counts.
    }

    static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
