using System.Collections.Concurrent;

namespace NextUp.Server.Telemetry;

/// <summary>Counts failures inside the server that no caller waits for, by the part that failed.</summary>
sealed class Faults
{
    /// <summary>Parts that are told apart; names come from code, so they are few.</summary>
    const int PartsMax = 100;

    readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public void Count(string part)
    {
        if (_counts.Count < PartsMax || _counts.ContainsKey(part))
            _counts.AddOrUpdate(part, 1, static (_, count) => count + 1);
    }

    public void AddTo(MetricFamily family)
    {
        // The parts that an alert watches are there from the start, so that their first failure is an increase.
        foreach (var part in _counts.Keys.Concat(["CleanupActor", "QueueActor", "JobActor", "UserActor"]).Distinct())
            family.Add(_counts.GetValueOrDefault(part), new MetricLabel("part", part));
    }
}
