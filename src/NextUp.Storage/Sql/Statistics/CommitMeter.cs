using System.Diagnostics.Metrics;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;

namespace NextUp.Storage.Sql.Statistics;

/// <summary>Counts and times commits. Written by the writing thread, read by any.</summary>
sealed class CommitMeter
{
    /// <summary>Commits whose times are told as the recent ones.</summary>
    const int RecentMax = 1_024;

    static readonly Meter Meter = new("NextUp");
    static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>(
        "nextup.store.commit.duration", "s", "How long commits took.");

    readonly Lock gate = new();
    readonly DurationHistogram times = new();
    readonly long[] recent = new long[RecentMax];
    long commits;
    long writes;
    long failures;
    long timed;

    public void Committed(int count, TimeSpan time)
    {
        lock (gate)
        {
            commits++;
            writes += count;
            Time(time);
        }
    }

    public void Failed(TimeSpan time)
    {
        lock (gate)
        {
            failures++;
            Time(time);
        }
    }

    /// <param name="waiting">Writes that wait now.</param>
    public StoreLoad Read(int waiting)
    {
        lock (gate)
        {
            var (all, last) = (new DurationHistogram(), new DurationHistogram());
            all.Add(times);
            for (var i = 0; i < Math.Min(timed, RecentMax); i++)
                last.AddMicroseconds(recent[i]);
            return new StoreLoad(commits, writes, failures, waiting, all, last, 0, 0);
        }
    }

    void Time(TimeSpan time)
    {
        Seconds.Record(time.TotalSeconds); // Nothing happens in it unless somebody listens.
        var microseconds = time.Ticks / TimeSpan.TicksPerMicrosecond;
        times.AddMicroseconds(microseconds);
        recent[timed++ % RecentMax] = microseconds;
    }
}
