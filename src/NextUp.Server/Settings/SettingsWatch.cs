using System.Security.Cryptography;

namespace NextUp.Server.Settings;

/// <summary>
/// Reads the settings again when their file has another content. The system's notices only make it look sooner: it looks
/// every few seconds anyway, at the content and not at times or events, so it does not matter how an editor or a mounted
/// folder puts a new file in the place of the old one, or whether notices come at all.
/// </summary>
sealed class SettingsWatch : IAsyncDisposable
{
    /// <summary>How long a file is left alone after a notice, so that it is read once it is written.</summary>
    public static readonly TimeSpan QuietBefore = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the file is looked at without a notice.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    static readonly byte[] Absent = [];

    readonly SettingsReload _reload;
    readonly string _path;
    readonly ITimer _timer;
    readonly FileSystemWatcher? _watcher;
    readonly SemaphoreSlim _one = new(1);
    byte[] _seen;

    /// <summary>From here on the file is watched.</summary>
    public SettingsWatch(SettingsReload reload, TimeProvider clock)
    {
        _reload = reload;
        _path = reload.Sources.FilePath;
        _seen = Look() ?? Absent;
        _timer = clock.CreateTimer(_ => _ = LookAsync(), null, LookEvery, LookEvery);
        _watcher = Watch();
    }

    /// <summary>Reads the settings again if the file's content differs from what was seen last.</summary>
    public async Task LookAsync()
    {
        await _one.WaitAsync();
        try
        {
            // A file that cannot be read at this instant is looked at again at the next.
            if (Look() is not { } now || now.AsSpan().SequenceEqual(_seen))
                return;
            _seen = now;
            await _reload.ReloadAsync($"{_path} has changed");
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _watcher?.Dispose();
        await _timer.DisposeAsync();
    }

    /// <summary>A digest of the content, empty where there is no file; null where it cannot be read.</summary>
    byte[]? Look()
    {
        try
        {
            using var file = File.OpenRead(_path);
            return file.Length <= SettingsSources.FileBytesMax ? SHA256.HashData(file) : BitConverter.GetBytes(file.Length);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Absent;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    FileSystemWatcher? Watch()
    {
        FileSystemWatcher? watcher = null;
        try
        {
            // The folder, not the file: what is renamed into its place is another file.
            watcher = new FileSystemWatcher(Path.GetDirectoryName(_path)!);
            watcher.Changed += Notice;
            watcher.Created += Notice;
            watcher.Renamed += Notice;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // No notices from this folder, or no more of them on this machine: the timer looks all the same.
            watcher?.Dispose();
            return null;
        }
    }

    void Notice(object sender, FileSystemEventArgs change)
    {
        // Orchestrators mount a link into a folder "..something", and put another folder in its place.
        if (change.Name == Path.GetFileName(_path) || change.Name?.StartsWith("..", StringComparison.Ordinal) == true)
            _timer.Change(QuietBefore, LookEvery);
    }
}
