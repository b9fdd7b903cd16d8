using System.Collections.Concurrent;
using NextUp.Actors.Jobs;

namespace NextUp.Hosting.InProcess;

/// <summary>How long attempts of each kind take here lately: a mean to which each adds a sixteenth. For any thread.</summary>
public sealed class RunTimes
{
    const int Weight = 16;

    readonly ConcurrentDictionary<JobKind, double> _seconds = new();

    /// <summary>Null until one of the kind has ended here.</summary>
    public TimeSpan? Of(JobKind kind) => _seconds.TryGetValue(kind, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    public void Took(JobKind kind, TimeSpan time) => _seconds.AddOrUpdate(
        kind, static (_, last) => last, static (_, mean, last) => mean + ((last - mean) / Weight), time.TotalSeconds);
}
