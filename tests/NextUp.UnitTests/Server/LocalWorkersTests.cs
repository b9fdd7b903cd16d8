using System.Diagnostics;
using NextUp.Server.Workers;

namespace NextUp.UnitTests.Server;

public sealed class LocalWorkersTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080")]
    [InlineData("http://[::]:8080", "http://localhost:8080")]
    [InlineData("http://*:8080", "http://localhost:8080")]
    [InlineData("https://box.example:443", "https://box.example:443")]
    public void A_process_of_the_same_machine_reaches_a_server_wherever_it_listens(string listening, string address) =>
        Assert.Equal(address, LocalWorkers.AddressOf(listening));

    [Fact]
    public void Memory_that_no_file_backs_counts_and_what_is_mapped_does_not() =>
        Assert.Equal((1_000 + 24) * 1024, ResidentMemory.AnonymousBytes(
            ["Name:\tnextup", "VmRSS:\t    9999 kB", "RssAnon:\t    1000 kB", "RssFile:\t    8975 kB", "RssShmem:\t      24 kB"]));

    [Fact]
    public void A_process_counts_with_those_that_it_started_and_one_that_is_over_takes_nothing()
    {
        using var self = Process.GetCurrentProcess();
        var alone = ResidentMemory.OfTree(self);
        Assert.InRange(alone, 1 << 20, 1L << 40);
        using var over = Process.Start("true");
        over.WaitForExit();

        Assert.Equal(0, ResidentMemory.OfTree(over));
    }
}
