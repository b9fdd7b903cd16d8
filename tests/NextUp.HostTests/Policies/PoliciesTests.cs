using NextUp.HostTests.Policies.Load;

namespace NextUp.HostTests.Policies;

/// <summary>All policies at once; the benchmark <c>policies</c> is the same at length.</summary>
public sealed class PoliciesTests
{
    static readonly LoadSize Size = new(4_000, 100, 800);
    static readonly TimeSpan Within = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task All_policies_at_once_break_no_rule()
    {
        var ledger = await RunAsync(Size);

        Assert.Empty(ledger.Violations);
        Assert.True(ledger.Accepted >= Size.Jobs);
    }

    static async Task<Ledger> RunAsync(LoadSize size)
    {
        var folder = Directory.CreateTempSubdirectory("nextup-policies-").FullName;
        var load = new PolicyLoad(size, folder);
        try
        {
            await load.RunAsync().WaitAsync(Within, TestContext.Current.CancellationToken);
        }
        finally
        {
            Tell(load.Ledger);
        }

        Directory.Delete(folder, recursive: true);
        return load.Ledger;
    }

    static void Tell(Ledger ledger)
    {
        foreach (var (what, count) in ledger.Counts)
            TestContext.Current.TestOutputHelper!.WriteLine($"{what}: {count}");
        foreach (var violation in ledger.Violations.Take(20))
            TestContext.Current.TestOutputHelper!.WriteLine(violation);
    }
}
