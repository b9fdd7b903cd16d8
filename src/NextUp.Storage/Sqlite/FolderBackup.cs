using NextUp.Actors.Store;
using NextUp.Storage.Files;

namespace NextUp.Storage.Sqlite;

/// <summary>What a backup holds.</summary>
/// <param name="Databases">Their names and bytes.</param>
/// <param name="Files">How many large files, and their bytes together.</param>
/// <param name="Lost">Large files that jobs name and that were not in the data folder before the backup began.</param>
public sealed record BackupReport(
    IReadOnlyList<(string Name, long Bytes)> Databases, (int Count, long Bytes) Files, IReadOnlyList<string> Lost);

/// <summary>
/// Copies a data folder while a server runs on it, as it was at one moment. The copy is a data folder: a server that is
/// started on it goes on from that moment. It appears under its name when it is whole, checked and on the disk.
/// </summary>
/// <remarks>
/// Large files never change and are only deleted, after the commit that lets them go. What was deleted between the moment
/// and its copying belonged to jobs that are gone by then: so a later moment is taken, in which they are gone, too, and
/// what was copied already is kept.
/// </remarks>
public sealed class FolderBackup
{
    /// <summary>Moments that are taken until none of its files goes while it is copied.</summary>
    public const int MomentsMax = 5;

    const string FilesFolder = "files";
    const string UnfinishedEnding = ".unfinished";

    /// <summary>Answers of services; they can be asked again.</summary>
    const string Cache = "provider-cache.db";

    readonly string folder;
    readonly string target;
    readonly TimeProvider clock;
    readonly Action<string>? copying;
    readonly HashSet<string> gone = [];

    FolderBackup(string folder, string target, TimeProvider clock, Action<string>? copying) =>
        (this.folder, this.target, this.clock, this.copying) = (folder, target, clock, copying);

    /// <param name="target">A folder that is not there yet.</param>
    /// <exception cref="IOException">The target is there, or cannot be written.</exception>
    /// <exception cref="StoreFailedException">The data folder is none, or cannot be read, or old jobs are being deleted
    /// faster than they can be copied.</exception>
    public static Task<BackupReport> RunAsync(
        string folder, string target, TimeProvider clock, CancellationToken cancellationToken) =>
        RunAsync(folder, target, clock, null, cancellationToken);

    /// <param name="copying">Told of each large file before it is copied. For tests.</param>
    internal static async Task<BackupReport> RunAsync(
        string folder, string target, TimeProvider clock, Action<string>? copying, CancellationToken cancellationToken)
    {
        var unfinished = target + UnfinishedEnding;
        foreach (var taken in new[] { target, unfinished }.Where(Path.Exists))
            throw new IOException($"'{taken}' is there already. Name a folder that is not, or delete that one.");
        if (!File.Exists(Path.Combine(folder, FolderMoment.Jobs)))
            throw new IOException($"'{folder}' is no data folder: it has no {FolderMoment.Jobs}.");

        Make(unfinished);
        try
        {
            var report = await new FolderBackup(folder, unfinished, clock, copying).RunAsync(cancellationToken);
            Directory.Move(unfinished, target);
            FolderSync.Run(Path.GetDirectoryName(Path.GetFullPath(target))!);
            return report;
        }
        catch
        {
            Directory.Delete(unfinished, recursive: true);
            throw;
        }
    }

    async Task<BackupReport> RunAsync(CancellationToken cancellationToken)
    {
        Make(Path.Combine(target, FilesFolder));
        for (var moments = 1; moments <= MomentsMax; moments++)
        {
            using var moment = await FolderMoment.TakeAsync(Databases(), clock, cancellationToken);
            var named = FilesOf(moment);
            if (await CopyFilesAsync(named, cancellationToken))
                return Finish(moment, named, cancellationToken);
        }

        throw new StoreFailedException(
            $"Old jobs are being deleted while '{folder}' is copied. Try again when that is done.",
            isUncertain: false);
    }

    List<string> Databases() =>
    [
        .. Directory.EnumerateFiles(folder, "*.db").Where(path => Path.GetFileName(path) != Cache).Order(StringComparer.Ordinal),
    ];

    static HashSet<string> FilesOf(FolderMoment moment)
    {
        var jobs = moment.Views.Single(view => Path.GetFileName(view.Path) == FolderMoment.Jobs);
        using var rows = jobs.Once("SELECT DISTINCT path FROM file WHERE path IS NOT NULL");
        var named = new HashSet<string>();
        while (rows.Step())
            named.Add(rows.Text(0));
        return named;
    }

    /// <summary>False where some went meanwhile. What an earlier moment had and this one has not is removed.</summary>
    async Task<bool> CopyFilesAsync(HashSet<string> named, CancellationToken cancellationToken)
    {
        var copied = Path.Combine(target, FilesFolder);
        foreach (var old in Directory.EnumerateFiles(copied).Where(path => !named.Contains(Path.GetFileName(path))))
            File.Delete(old);

        var isWhole = true;
        foreach (var name in named.Where(name => !gone.Contains(name) && !File.Exists(Path.Combine(copied, name))))
        {
            copying?.Invoke(name);
            try
            {
                await CopyAsync(Path.Combine(folder, FilesFolder, name), Path.Combine(copied, name), cancellationToken);
            }
            catch (FileNotFoundException)
            {
                // Where a later moment still names it, it was lost before, and no moment will have it.
                gone.Add(name);
                isWhole = false;
            }
        }

        return isWhole;
    }

    BackupReport Finish(FolderMoment moment, HashSet<string> named, CancellationToken cancellationToken)
    {
        foreach (var view in moment.Views)
            CopyDatabase(view, Path.Combine(target, Path.GetFileName(view.Path)), cancellationToken);
        foreach (var path in Directory.EnumerateFiles(folder).Where(IsPlain))
            CopyPlain(path, Path.Combine(target, Path.GetFileName(path)));
        if (Directory.Exists(Path.Combine(folder, "keys")))
        {
            Make(Path.Combine(target, "keys"));
            foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, "keys"), "*.key"))
                CopyPlain(path, Path.Combine(target, "keys", Path.GetFileName(path)));
            FolderSync.Run(Path.Combine(target, "keys"));
        }

        FolderSync.Run(Path.Combine(target, FilesFolder));
        FolderSync.Run(target);
        var files = new DirectoryInfo(Path.Combine(target, FilesFolder)).GetFiles();
        return new BackupReport(
            [.. new DirectoryInfo(target).GetFiles("*.db").Select(file => (file.Name, file.Length)).Order()],
            (files.Length, files.Sum(file => file.Length)), [.. named.Where(gone.Contains).Order(StringComparer.Ordinal)]);
    }

    static void CopyDatabase(Connection view, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var copy = Connection.OpenFile(path, readOnly: false);
            view.CopyInto(copy, cancellationToken);
            if (copy.AskText("PRAGMA quick_check(1)") is var answer && answer != "ok")
                throw new StoreFailedException(
                    $"The copy of '{view.Path}' is damaged, so the database itself is ({answer}). Keep older backups.", isUncertain: false);
        }
        catch (SqliteException failure)
        {
            throw failure.AsFailure(path, whileCommitting: false);
        }
    }

    /// <summary>Settings and what else people put there; neither databases nor what a process leaves.</summary>
    static bool IsPlain(string path) => Path.GetFileName(path) is var name && name != FolderLock.Name
        && !name.Contains(".db", StringComparison.Ordinal) && !name.EndsWith(".tmp", StringComparison.Ordinal);

    static void CopyPlain(string from, string to)
    {
        File.Copy(from, to);
        using var file = new FileStream(to, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    static async Task CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        await using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        await using var copy = new FileStream(to, FileMode.CreateNew, FileAccess.Write);
        await source.CopyToAsync(copy, cancellationToken);
        copy.Flush(flushToDisk: true);
    }

    /// <summary>Keys and people's files are in it, so it is its owner's alone.</summary>
    static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
