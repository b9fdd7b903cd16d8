using System.Text;
using NextUp.Client.Visitors;

namespace NextUp.Server.Commands.Connections;

/// <summary>
/// Remembers who a caller without a token was at each server, so that the next command sees the same jobs. The cookie
/// is as good as a password: the file is the user's alone.
/// </summary>
sealed class VisitorFile(string folder, Uri server)
{
    /// <summary>A cookie longer than this, in bytes, is not one of ours.</summary>
    public const int BytesMax = 4_096;

    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode OwnerOnlyFolder = OwnerOnly | UnixFileMode.UserExecute;

    public string Location { get; } = Path.Combine(folder, "visitors", NameOf(server));

    public VisitorCookie Open() => new(Read(), Write);

    string? Read()
    {
        var file = new FileInfo(Location);
        if (!file.Exists || file.Length is 0 or > BytesMax)
            return null;

        var value = File.ReadAllText(Location, Encoding.UTF8).Trim();
        // It becomes part of a header, and a file can be edited.
        return value.Length > 0 && value.All(letter => letter is > ' ' and < (char)127 and not ';' and not ',')
            ? value
            : null;
    }

    void Write(string? value)
    {
        if (value is null || Encoding.UTF8.GetByteCount(value) > BytesMax)
        {
            File.Delete(Location);
            return;
        }

        var home = Path.GetDirectoryName(Location)!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(home);
        else
            Directory.CreateDirectory(home, OwnerOnlyFolder);

        // Written beside and renamed, so that two commands at once leave one whole cookie.
        var beside = $"{Location}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var file = new StreamWriter(beside, Encoding.ASCII, options))
            file.Write(value);
        File.Move(beside, Location, overwrite: true);
    }

    static string NameOf(Uri server)
    {
        var name = new StringBuilder();
        foreach (var letter in $"{server.Scheme}_{server.Host}_{server.Port}{server.AbsolutePath.TrimEnd('/')}")
            name.Append(char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '_');
        return name.ToString();
    }
}
