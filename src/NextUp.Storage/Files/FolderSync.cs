using System.Runtime.InteropServices;

namespace NextUp.Storage.Files;

/// <summary>
/// Makes a rename durable. .NET cannot open a folder to flush it, so this asks the C library; Windows keeps renames in
/// its own journal and has nothing to call.
/// </summary>
static partial class FolderSync
{
    public static void Run(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;

        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            throw new IOException($"The folder '{folder}' cannot be opened (error {Marshal.GetLastPInvokeError()}).");

        var answer = Sync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (answer != 0)
            throw new IOException($"The folder '{folder}' cannot be synced (error {error}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
