using Orleans.TestingHost;

namespace NextUp.OrleansTests.Silos;

/// <summary>Ports for silos. Each is this process's until it ends: of two test runs on one machine none takes the other's.</summary>
static class SiloPorts
{
    static readonly TestClusterPortAllocator s_allocator = new();
    static readonly Lock s_gate = new();

    public static int Next()
    {
        lock (s_gate)
            return s_allocator.AllocateConsecutivePortPairs(1).Item1;
    }
}
