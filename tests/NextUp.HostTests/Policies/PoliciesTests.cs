using NextUp.Actors.Jobs;
using NextUp.HostTests.Policies.Load;

namespace NextUp.HostTests.Policies;

/// <summary>All policies at once; the benchmark <c>policies</c> is the same at length.</summary>
public sealed class PoliciesTests
{
    static readonly LoadSize Size = new(4_000, 100, 800);
    static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task All_policies_at_once_break_no_rule()
    {
        var ledger = await RunAsync(Size);

        Assert.Empty(ledger.Violations);
        Assert.True(ledger.Accepted >= Size.Jobs);
    }

    [Fact]
    public async Task A_host_that_plays_by_other_rules_is_found_out()
    {
        var ledger = await RunAsync(new(800, 80, 400) { Bend = Bent });

        foreach (var rule in (string[])
            [
                "no user is above the limit", "no more of a kind run than it has slots", "nothing starts outside its kind's window",
                "the head start is the kind's own",
            ])
            Assert.Contains(ledger.Violations, violation => violation.StartsWith(rule, StringComparison.Ordinal));
    }

    static KindPolicy Bent(KindPolicy policy) => policy with
    {
        ActivePerUserMax = policy.Kind == Rules.Refused ? 3 : policy.ActivePerUserMax,
        Slots = policy.Kind == Rules.Strict ? null : policy.Slots,
        Windows = null,
        HeadStarts = policy.Kind == Rules.Held ? new() { SmallFileBytesMax = Rules.SmallBytesMax } : policy.HeadStarts,
    };

    static async Task<Ledger> RunAsync(LoadSize size)
    {
        var folder = Directory.CreateTempSubdirectory("nextup-policies-").FullName;
        using var load = new PolicyLoad(size, folder);
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
