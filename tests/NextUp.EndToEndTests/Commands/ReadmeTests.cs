using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Commands;

/// <summary>
/// The commands of README.md, word for word in a shell, so that they cannot rot. Only three things differ from what a
/// person gets who types them: the port, the folders, and that the program is built already.
/// </summary>
public sealed partial class ReadmeTests : IDisposable
{
    const string Address = "http://127.0.0.1:8080";
    const string OtherAddress = "http://127.0.0.1:8090";
    const string BuildFolder = "$PWD/src/NextUp.Server/bin/Release/net10.0";
    const string CatalogueOnly = """{"bibtex": {"providers": ["catalogue"]}}""";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly string _folder = Directory.CreateTempSubdirectory("nextup-readme-").FullName;
    readonly List<Process> _servers = [];

    public void Dispose()
    {
        foreach (var server in _servers)
        {
            if (!server.HasExited)
                server.Kill(entireProcessTree: true);
            server.WaitForExit();
            server.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_commands_of_the_README_do_what_it_says()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the README speaks to a Unix shell");
        Assert.SkipUnless(Readme() is { } && HasCurl(), "there is no README above the tests, or no curl");
        Prepare();
        var blocks = Blocks();
        var run = blocks.Single(block => block.StartsWith("dotnet run ", StringComparison.Ordinal));
        var curl = blocks.Single(block => block.StartsWith("curl ", StringComparison.Ordinal)).Split('\n');
        var line = blocks.Single(block => block.StartsWith("export PATH", StringComparison.Ordinal));
        var other = blocks.Single(block => block.Contains(OtherAddress, StringComparison.Ordinal)).Split('\n');
        var (address, otherAddress) = (FreeAddress(), FreeAddress());

        Assert.Equal("dotnet run -c Release --project src/NextUp.Server", run);
        var server = Serve($"nextup serve --urls {address}");
        Assert.Equal($"NextUp is at {address}", await server.StandardOutput.ReadLineAsync());
        Assert.Equal($"Its data is in {_folder}/nextup-data", await server.StandardOutput.ReadLineAsync());
        Assert.EndsWith("Stop with Ctrl+C.", await server.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);

        var id = Id().Match(await ShellAsync(curl[0], address)).Groups[1].Value;
        Assert.Contains(id, await ShellAsync(curl[1], address), StringComparison.Ordinal);
        await CompletedAsync(curl[1], address);
        await ShellAsync(curl[2].Replace("/ID/", $"/{id}/", StringComparison.Ordinal), address);
        Assert.Contains("doi", await File.ReadAllTextAsync(Path.Combine(_folder, "references-enriched.bib")), StringComparison.Ordinal);

        var listed = await ShellAsync(line, address);
        Assert.Contains("references.bib", listed, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "results", "references-enriched.bib")));

        await ShellAsync(other[0], address);
        var second = Serve(other[1].Replace(OtherAddress, $"{otherAddress} --data other", StringComparison.Ordinal));
        Assert.Equal($"NextUp is at {otherAddress}", await second.StandardOutput.ReadLineAsync());
        Assert.Contains("/other", await second.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("Up to 2 jobs run at once", await second.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
    }

    /// <summary>A folder that looks like the project's to the commands, without a network.</summary>
    void Prepare()
    {
        var root = Path.GetDirectoryName(Readme())!;
        Directory.CreateSymbolicLink(Path.Combine(_folder, "samples"), Path.Combine(root, "samples"));
        File.WriteAllText(Path.Combine(_folder, "nextup.json"), CatalogueOnly);
        var program = Path.Combine(AppContext.BaseDirectory, "nextup.dll");
        var command = Path.Combine(_folder, "nextup");
        File.WriteAllText(command, $"#!/bin/sh\nexec dotnet '{program}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    Process Serve(string command)
    {
        var server = Start("exec " + command, address: null);
        _servers.Add(server);
        _ = server.StandardError.ReadToEndAsync();
        return server;
    }

    async Task<string> ShellAsync(string commands, string address)
    {
        using var late = new CancellationTokenSource(Patience);
        using var shell = Start("set -e\n" + commands.Replace(Address, address, StringComparison.Ordinal), address);
        var error = shell.StandardError.ReadToEndAsync(late.Token);
        var output = await shell.StandardOutput.ReadToEndAsync(late.Token);
        await shell.WaitForExitAsync(late.Token);
        Assert.True(shell.ExitCode == 0, $"{commands}\nended with {shell.ExitCode}: {await error}");
        return output;
    }

    Process Start(string commands, string? address)
    {
        var start = new ProcessStartInfo("sh", ["-c", commands.Replace(BuildFolder, _folder, StringComparison.Ordinal)])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(_folder, "config");
        start.Environment["NEXTUP_SERVER"] = address;
        return Process.Start(start)!;
    }

    async Task CompletedAsync(string list, string address)
    {
        using var late = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        while (!(await ShellAsync(list, address)).Contains("\"completed\"", StringComparison.Ordinal))
            await timer.WaitForNextTickAsync(late.Token);
    }

    /// <summary>The fenced blocks, without the fences.</summary>
    static List<string> Blocks() =>
        [.. Fenced().Matches(File.ReadAllText(Readme()!)).Select(block => block.Groups[1].Value.Trim())];

    static string? Readme()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
                return Path.Combine(folder.FullName, "README.md");
        }

        return null;
    }

    static bool HasCurl() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "curl")));

    static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    [GeneratedRegex("^```(?:sh)?\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fenced();

    [GeneratedRegex("\"id\":\\s*\"([0-9a-f-]{36})\"")]
    private static partial Regex Id();
}
