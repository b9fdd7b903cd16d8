using System.Runtime.InteropServices;

namespace NextUp.Storage.Files;

/// <summary>
/// Gives a file another name where nothing has that name, also where two try at once: <see cref="File.Move(string, string)"/>
/// looks first and renames then, and in between the other's file is replaced.
/// </summary>
public static partial class ExclusiveMove
{
    const int Exists = 17; // EEXIST, on Linux and macOS.

    /// <returns>False where the name is taken; the file then stays where it is.</returns>
    /// <exception cref="IOException">It cannot be moved for another reason.</exception>
    public static bool Try(string from, string to)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(from, to) == 0)
            {
                File.Delete(from);
                return true;
            }

            if (Marshal.GetLastPInvokeError() == Exists)
                return false;
        }

        // On Windows a move is exclusive; elsewhere there are file systems without links.
        try
        {
            File.Move(from, to);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string added);
}
