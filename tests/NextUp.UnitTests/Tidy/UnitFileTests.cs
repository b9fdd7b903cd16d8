using System.Diagnostics;
using System.Text.RegularExpressions;

namespace NextUp.UnitTests.Tidy;

/// <summary>The units for systemd in <c>deploy/systemd</c>.</summary>
public sealed class UnitFileTests
{
    static readonly string[] Files = ["nextup.service", "nextup-cleanup.service", "nextup-cleanup.timer"];

    static string TextOf(string file) => File.ReadAllText(Path.Combine(SourceTree.Root, "deploy", "systemd", file));

    /// <summary>Keys and values by section.</summary>
    static ILookup<string, string> Read(string file)
    {
        var section = "";
        var entries = new List<(string Key, string Value)>();
        foreach (var line in TextOf(file).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == '[')
            {
                section = line.Trim('[', ']');
                continue;
            }

            var at = line.IndexOf('=', StringComparison.Ordinal);
            Assert.True(at > 0, $"{file}: {line} is no setting.");
            entries.Add(($"{section}.{line[..at]}", line[(at + 1)..]));
        }

        return entries.ToLookup(entry => entry.Key, entry => entry.Value);
    }

    [Fact]
    public void The_server_stops_by_the_signal_it_knows_and_has_longer_for_it_than_it_takes()
    {
        var server = Read("nextup.service");

        Assert.Equal("SIGTERM", Assert.Single(server["Service.KillSignal"]));
        Assert.True(int.Parse(Assert.Single(server["Service.TimeoutStopSec"])) > 30);
        Assert.Equal("on-failure", Assert.Single(server["Service.Restart"]));
    }

    [Theory]
    [InlineData("nextup.service")]
    [InlineData("nextup-cleanup.service")]
    public void A_service_is_nobody_and_writes_its_own_folder_only(string file)
    {
        var unit = Read(file);

        foreach (var (key, value) in new[]
        {
            ("DynamicUser", "yes"), ("User", "nextup"), ("StateDirectory", "nextup"), ("ProtectSystem", "strict"),
            ("ProtectHome", "yes"), ("NoNewPrivileges", "yes"), ("CapabilityBoundingSet", ""), ("PrivateTmp", "yes"),
        })
        {
            Assert.Equal(value, Assert.Single(unit[$"Service.{key}"]));
        }

        Assert.Contains("--data ${STATE_DIRECTORY}", Assert.Single(unit["Service.ExecStart"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_timer_runs_the_clean_up_of_its_name_every_night()
    {
        Assert.NotEmpty(Read("nextup-cleanup.timer")["Timer.OnCalendar"]);
        var started = Assert.Single(Read("nextup-cleanup.service")["Service.ExecStart"]);
        Assert.Contains(" cleanup --delete-old-jobs ", started, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Systemd_finds_no_fault_in_any_of_them()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed here.");
        var folder = Directory.CreateTempSubdirectory("nextup-units-").FullName;
        try
        {
            // The program is not installed where a test runs; everything else is looked at as it is.
            foreach (var file in Files)
                await File.WriteAllTextAsync(
                    Path.Combine(folder, file), Regex.Replace(TextOf(file), "ExecStart=/opt/nextup/nextup", "ExecStart=/bin/true"),
                    TestContext.Current.CancellationToken);
            var start = new ProcessStartInfo("/usr/bin/systemd-analyze")
            {
                RedirectStandardError = true, RedirectStandardOutput = true,
            };
            foreach (var argument in Files.Select(file => Path.Combine(folder, file)).Prepend("--man=no").Prepend("verify"))
                start.ArgumentList.Add(argument);
            using var verify = Process.Start(start)!;
            var said = verify.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await verify.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.DoesNotContain("nextup", await said, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
