using NextUp.Actors.Store;
using NextUp.Storage.Sqlite;

namespace NextUp.StorageTests.Sqlite;

public sealed class FolderBackupTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly string _data;

    public FolderBackupTests()
    {
        _data = Path.Combine(_folder.Path, "data");
        SqliteStore.Open(_data).Dispose();
        Directory.CreateDirectory(Path.Combine(_data, "files"));
        Directory.CreateDirectory(Path.Combine(_data, "keys"));
        File.WriteAllBytes(Path.Combine(_data, "keys", "token.key"), [1, 2, 3]);
    }

    public void Dispose() => _folder.Dispose();

    Task<BackupReport> RunAsync(string name, Action<string>? copying = null, TimeProvider? clock = null) => FolderBackup.RunAsync(
        _data, Path.Combine(_folder.Path, name), clock ?? TimeProvider.System, copying, TestContext.Current.CancellationToken);

    Connection Open(string name, string folder) => Connection.OpenFile(Path.Combine(_folder.Path, folder, name), readOnly: false);

    /// <summary>A row of a job's, and its file, where it is not lost.</summary>
    void Add(int key, string file, bool isThere = true)
    {
        using var jobs = Open("nextup.db", "data");
        jobs.Execute($"INSERT INTO file VALUES ({key}, 'a', 'b', 3, 'c', '{file}', NULL)");
        if (isThere)
            File.WriteAllText(Path.Combine(_data, "files", file), file);
    }

    void Delete(int key, string file)
    {
        using (var jobs = Open("nextup.db", "data"))
            jobs.Execute($"DELETE FROM file WHERE file_key = {key}");
        File.Delete(Path.Combine(_data, "files", file));
    }

    string[] CopiedFiles(string backup) =>
    [
        .. Directory.GetFiles(Path.Combine(_folder.Path, backup, "files")).Select(file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public async Task All_databases_are_of_one_moment_while_they_are_written()
    {
        string[] names = ["nextup.db", "documents.db", "records.db"];
        foreach (var name in names)
        {
            using var made = Open(name, "data");
            made.Execute("PRAGMA journal_mode = WAL; CREATE TABLE mark (n INT); INSERT INTO mark VALUES (0)");
        }

        using var enough = new CancellationTokenSource();
        var writing = Task.Run(
            () =>
            {
                var databases = names.Select(name => Open(name, "data")).ToList();
                databases.ForEach(one => one.Execute("PRAGMA synchronous = OFF"));
                // The jobs first, then what follows them: no one is ever ahead of the one before it, or two behind.
                while (!enough.IsCancellationRequested)
                    databases.ForEach(one => one.Execute("UPDATE mark SET n = n + 1"));
                databases.ForEach(one => one.Dispose());
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < 10; i++)
        {
            await RunAsync($"backup-{i}");
            var marks = names.Select(name =>
            {
                using var copy = Open(name, $"backup-{i}");
                return copy.Ask("SELECT n FROM mark");
            }).ToList();
            Assert.InRange(marks[0] - marks[1], 0, 1);
            Assert.InRange(marks[1] - marks[2], 0, 1);
            Assert.InRange(marks[0] - marks[2], 0, 1);
        }

        await enough.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task Files_that_jobs_name_keys_and_settings_come_along_and_nothing_else()
    {
        Add(8, "named.bin");
        File.WriteAllText(Path.Combine(_data, "files", "unnamed.bin"), "x");
        File.WriteAllText(Path.Combine(_data, "nextup.json"), "{}");
        File.WriteAllText(Path.Combine(_data, "probe-1.tmp"), "x");
        Connection.OpenFile(Path.Combine(_data, "provider-cache.db"), readOnly: false).Dispose();

        var report = await RunAsync("backup");

        Assert.Equal((1, 9L), report.Files);
        Assert.Empty(report.Lost);
        Assert.Equal(["named.bin"], CopiedFiles("backup"));
        var backup = Path.Combine(_folder.Path, "backup");
        Assert.Equal(
            ["files", "keys", "nextup.db", "nextup.json"],
            Directory.GetFileSystemEntries(backup).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        var key = Path.Combine(backup, "keys", "token.key");
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(key, TestContext.Current.CancellationToken));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(backup));
        SqliteStore.Open(backup).Dispose();
    }

    [Fact]
    public async Task A_job_that_is_deleted_while_it_is_copied_is_in_the_backup_with_all_of_it_or_not_at_all()
    {
        Add(8, "a.bin");
        Add(16, "b.bin");
        var asked = 0;

        var report = await RunAsync("backup", file =>
        {
            if (asked++ == 0)
                Delete(file == "a.bin" ? 16 : 8, file == "a.bin" ? "b.bin" : "a.bin");
        });

        Assert.Equal(1, report.Files.Count);
        Assert.Empty(report.Lost);
        using var jobs = Open("nextup.db", "backup");
        Assert.Equal(jobs.AskText("SELECT path FROM file"), Assert.Single(CopiedFiles("backup")));
    }

    [Fact]
    public async Task A_file_that_was_lost_before_is_told_and_keeps_nobody_from_a_backup()
    {
        Add(8, "a.bin");
        Add(16, "lost.bin", isThere: false);

        var report = await RunAsync("backup");

        Assert.Equal(["lost.bin"], report.Lost);
        Assert.Equal(["a.bin"], CopiedFiles("backup"));
    }

    [Theory]
    [InlineData(FolderBackup.MomentsMax - 1, true)]
    [InlineData(FolderBackup.MomentsMax, false)]
    public async Task Where_files_go_in_each_moment_it_gives_up_and_leaves_nothing_behind(int moments, bool isDone)
    {
        Add(8, "0.bin", isThere: false);
        var lost = 1;
        void AndAnother(string file)
        {
            if (lost < moments)
                Add(8 * (1 + lost), $"{lost++}.bin", isThere: false);
        }

        if (isDone)
            Assert.Equal(moments, (await RunAsync("backup", AndAnother)).Lost.Count);
        else
            await Assert.ThrowsAsync<StoreFailedException>(() => RunAsync("backup", AndAnother));

        Assert.Equal(isDone, Path.Exists(Path.Combine(_folder.Path, "backup")));
        Assert.False(Path.Exists(Path.Combine(_folder.Path, "backup.unfinished")));
    }

    [Fact]
    public async Task A_database_that_is_written_for_a_minute_on_end_is_waited_for_no_longer()
    {
        using var writer = Open("records.db", "data");
        writer.Execute("PRAGMA journal_mode = WAL; CREATE TABLE mark (n INT)");
        writer.BeginWrite();
        var clock = new HurriedClock();

        await Assert.ThrowsAsync<StoreFailedException>(() => RunAsync("backup", clock: clock));

        Assert.InRange(clock.Passed, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(80));
        writer.Rollback();
        await RunAsync("backup", clock: clock);
    }

    [Fact]
    public async Task What_is_there_is_not_written_over_and_what_is_no_data_folder_is_not_copied()
    {
        await RunAsync("backup");
        var taken = await Assert.ThrowsAsync<IOException>(() => RunAsync("backup"));
        Assert.Contains("is there already", taken.Message, StringComparison.Ordinal);

        File.Delete(Path.Combine(_data, "nextup.db"));
        var none = await Assert.ThrowsAsync<IOException>(() => RunAsync("other"));
        Assert.Contains("no data folder", none.Message, StringComparison.Ordinal);
    }

    /// <summary>Ten seconds pass whenever it is looked at, and no delay takes any time.</summary>
    sealed class HurriedClock : TimeProvider
    {
        public TimeSpan Passed { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (Passed += TimeSpan.FromSeconds(10)).Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
