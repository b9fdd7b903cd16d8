using System.Diagnostics;
using System.Globalization;

namespace NextUp.StorageTests.Postgres;

/// <summary>
/// A PostgreSQL server of the tests' own: in a temporary folder, on a unix socket in it, with <c>fsync</c> on. It ends with
/// the process that started it, however that one ends.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    const string Account = "postgres";

    /// <summary>Starts what "$@" says and ends it by its pid when nobody holds the other end of the input any more.</summary>
    const string Guarded =
        "\"$@\" </dev/null & pid=$!; { read _; kill -QUIT $pid; } 2>/dev/null <&3 & wait $pid";

    static readonly string? Programs = Find();

    readonly string folder = Directory.CreateTempSubdirectory("nextup-pg-").FullName;
    Process? process;

    /// <summary>Why there is no server on this machine; null where there can be one.</summary>
    public static string? Missing => Programs is null
        ? "PostgreSQL 15 or later is not installed (apt-get install postgresql-15)." : null;

    static bool IsRoot => Environment.UserName == "root";

    public int ProcessId => int.Parse(
        File.ReadLines(Path.Combine(folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>For a store in a schema of its own.</summary>
    public string Connection(string schema) =>
        $"Host={folder};Username=nextup;Database=postgres;Search Path={schema}";

    public static PostgresServer Start()
    {
        var server = new PostgresServer();
        if (IsRoot)
            Run("chown", Account, server.folder);
        Run([.. Prefix(), Path.Combine(Programs!, "initdb"), "-D", Path.Combine(server.folder, "data"), "-U", "nextup",
            "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        server.Resume();
        return server;
    }

    /// <summary>Starts it again after <see cref="Stop"/>; answers when it takes connections.</summary>
    public void Resume()
    {
        string[] settings =
        [
            "listen_addresses=", $"unix_socket_directories={folder}", "fsync=on", "synchronous_commit=on",
            "shared_buffers=64MB", "max_wal_size=256MB", "max_connections=200", "log_min_messages=log",
        ];
        string[] command =
        [
            Path.Combine(Programs!, "postgres"), "-D", Path.Combine(folder, "data"),
            .. settings.SelectMany(setting => new[] { "-c", setting }),
        ];
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-c", $"exec 3<&0; {Guarded}", "sh", .. Prefix(), .. command])
            start.ArgumentList.Add(argument);
        process = Process.Start(start)!;
        while (process.StandardError.ReadLine() is { } line)
        {
            if (line.Contains("is ready to accept connections", StringComparison.Ordinal))
            {
                _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
                return;
            }
        }

        throw new InvalidOperationException("PostgreSQL did not start.");
    }

    /// <summary>Ends it at once, as a crash would; what was committed is there when it comes back.</summary>
    public void Stop()
    {
        Run("kill", "-QUIT", ProcessId.ToString(CultureInfo.InvariantCulture));
        process!.WaitForExit();
        process.Dispose();
        process = null;
    }

    public void Dispose()
    {
        if (process is not null)
            Stop();
        Directory.Delete(folder, recursive: true);
    }

    // PostgreSQL refuses to run as root.
    static string[] Prefix() => IsRoot ? ["setpriv", $"--reuid={Account}", $"--regid={Account}", "--clear-groups", "--"] : [];

    static void Run(params string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command[1..])
            start.ArgumentList.Add(argument);
        using var run = Process.Start(start)!;
        var (output, errors) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        run.WaitForExit();
        if (run.ExitCode != 0)
            throw new InvalidOperationException($"{command[0]} failed: {errors.Result}{output.Result}");
    }

    static string? Find()
    {
        var installed = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        return installed.Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
            .OrderByDescending(bin => bin, StringComparer.Ordinal).FirstOrDefault();
    }
}
