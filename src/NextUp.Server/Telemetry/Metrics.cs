using System.Diagnostics;
using NextUp.Actors;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;
using NextUp.Client.Operations;
using NextUp.Server.Live;
using NextUp.Server.Operations;
using NextUp.Server.Queue;

namespace NextUp.Server.Telemetry;

/// <summary>
/// Everything that is measured, read when it is asked for: nothing is counted beside what the queue and the store keep
/// anyway, so measuring costs a job nothing. Counts of jobs are since the installation's beginning and survive restarts.
/// </summary>
sealed class Metrics(
    IStatisticsStore statistics, LinePlaces places, IJobStore store, LiveFeed live, DiskSpace disk, MachineLoad machine,
    HttpTimes http, Faults faults, TimeProvider clock)
{
    public async Task<IReadOnlyList<MetricFamily>> ReadAsync()
    {
        var families = new List<MetricFamily>();
        var isUp = await TryReadAsync(families);
        Add(families, "nextup_store_up", "1 while the store and the queue answer.", isUp ? 1 : 0);
        AddStore(families);
        AddMachine(families);
        Add(families, "nextup_live_connections", "Live connections that are open.", live.Connections);
        Add(families, "nextup_live_events_total", "Events handed to live connections.", live.EventsTold);
        http.AddTo(Family(
            families, "nextup_http_request_seconds", MetricType.Histogram, "How long requests took."));
        faults.AddTo(Family(
            families, "nextup_background_failures_total", MetricType.Counter,
            "Failures inside the server that no caller waited for, by part."));
        return families;
    }

    async Task<bool> TryReadAsync(List<MetricFamily> families)
    {
        try
        {
            await AddQueueAsync(families);
            await AddJobsAsync(families);
            await AddEstimatesAsync(families);
            return true;
        }
        catch (Exception error) when (error is StoreFailedException or ActorForgottenException)
        {
            return false; // Said by nextup_store_up; the rest is as it was read so far.
        }
    }

    async Task AddQueueAsync(List<MetricFamily> families)
    {
        var now = clock.GetUtcNow();
        var status = await places.StatusAsync();
        var counts = await store.CountsAsync(now);
        var oldest = await statistics.OldestWaitAsync(now);
        Add(families, "nextup_queue_waiting_jobs", "Jobs in the line.", status.Waiting);
        Add(families, "nextup_queue_held_jobs", "Jobs in their users' lanes, not yet in the line.", counts.Held);
        Add(families, "nextup_queue_delayed_jobs", "Jobs that wait for a time.", status.Delayed);
        Add(families, "nextup_queue_running_jobs", "Jobs that run, here and elsewhere.", status.Running);
        Add(families, "nextup_queue_running_elsewhere_jobs", "Of those, the ones that workers hold.", status.RunningElsewhere);
        Add(families, "nextup_queue_slots", "Jobs that may run at once.", status.Slots);
        Add(families, "nextup_queue_paused", "1 while nothing starts.", status.IsPaused ? 1 : 0);
        Add(
            families, "nextup_queue_oldest_wait_seconds", "How long ago the longest waiting job of the line was accepted.",
            oldest is { } known ? Math.Max(0, (now - known).TotalSeconds) : 0);
    }

    async Task AddJobsAsync(List<MetricFamily> families)
    {
        var totals = await statistics.TotalsAsync();
        void Count(string name, string help, MetricType type, Func<KindFigures, double> value)
        {
            var family = Family(families, name, type, help);
            foreach (var kind in totals)
                family.Add(value(kind), new MetricLabel("kind", kind.Kind.Value));
        }

        Count("nextup_jobs_unfinished", "Jobs that have not ended.", MetricType.Gauge,
            kind => OperationsEndpoints.Unfinished(kind));
        Count("nextup_jobs_accepted_total", "Jobs accepted.", MetricType.Counter, kind => kind.Figures.Accepted);
        Count("nextup_jobs_started_total", "Attempts begun.", MetricType.Counter, kind => kind.Figures.Started);
        Count("nextup_jobs_completed_total", "Jobs completed.", MetricType.Counter, kind => kind.Figures.Completed);
        Count("nextup_jobs_failed_total", "Jobs that failed for good.", MetricType.Counter, kind => kind.Figures.Failed);
        Count("nextup_jobs_cancelled_total", "Jobs cancelled.", MetricType.Counter, kind => kind.Figures.Cancelled);
        Count(
            "nextup_jobs_retried_total", "Attempts that failed and were to be tried again.", MetricType.Counter,
            kind => kind.Figures.Retried);
        var waits = Family(
            families, "nextup_job_wait_seconds", MetricType.Histogram, "In the line before the first attempt.");
        var services = Family(
            families, "nextup_job_service_seconds", MetricType.Histogram, "Attempts that completed their job.");
        foreach (var kind in totals)
        {
            waits.Add(kind.Figures.Waits, new MetricLabel("kind", kind.Kind.Value));
            services.Add(kind.Figures.Services, new MetricLabel("kind", kind.Kind.Value));
        }
    }

    async Task AddEstimatesAsync(List<MetricFamily> families)
    {
        var share = Family(
            families, "nextup_estimate_hit_ratio", MetricType.Gauge,
            "Share of the recent jobs that started within the p90 they were first told; 0.9 is the aim.");
        var samples = Family(
            families, "nextup_estimate_samples", MetricType.Gauge, "Recent jobs that this share is of.");
        foreach (var kind in await places.EstimatesAsync())
        {
            var label = new MetricLabel("kind", kind.Kind.Value);
            samples.Add(kind.AtFirst.RecentCount, label);
            if (kind.AtFirst.RecentCount > 0)
                share.Add(kind.AtFirst.RecentWithinP90, label);
        }
    }

    void AddStore(List<MetricFamily> families)
    {
        var load = statistics.Load();
        Add(families, "nextup_store_commits_total", "Commits that succeeded.", load.Commits);
        Add(families, "nextup_store_writes_total", "Writes that they stored: commits are shared.", load.Writes);
        Add(families, "nextup_store_commit_failures_total", "Commits that failed.", load.Failures);
        Add(families, "nextup_store_waiting_writes", "Writes that wait for the disk.", load.Waiting);
        Add(families, "nextup_store_database_bytes", "Size of the database.", load.DatabaseBytes);
        Add(families, "nextup_store_log_bytes", "Size of its write-ahead log.", load.LogBytes);
        Family(families, "nextup_store_commit_seconds", MetricType.Histogram, "How long commits took.")
            .Add(load.CommitTimes);
    }

    void AddMachine(List<MetricFamily> families)
    {
        var load = machine.Read();
        AddDisk(families);
        Add(families, "nextup_machine_cpu_ratio", "Share of the machine's processors in use.", load.CpuPercent / 100);
        Add(families, "nextup_machine_memory_ratio", "Share of the machine's memory in use.", load.MemoryPercent / 100);
        using var self = Process.GetCurrentProcess();
        Add(
            families, "process_cpu_seconds_total", "Processor time that this process used.",
            self.TotalProcessorTime.TotalSeconds);
        Add(families, "process_resident_memory_bytes", "Memory of this process.", self.WorkingSet64);
        Add(
            families, "process_start_time_seconds", "When this process began, in unix seconds.",
            new DateTimeOffset(self.StartTime).ToUnixTimeSeconds());
        Add(families, "dotnet_gc_heap_size_bytes", "Memory of the managed heap.", GC.GetTotalMemory(false));
    }

    void AddDisk(List<MetricFamily> families)
    {
        DiskView space;
        try
        {
            space = disk.Read();
        }
        catch (IOException)
        {
            space = new DiskView(0, 0); // A disk that is away has no room.
        }

        Add(families, "nextup_disk_free_bytes", "Free on the disk of the data folder.", space.FreeBytes);
        Add(families, "nextup_disk_size_bytes", "Size of that disk.", space.SizeBytes);
    }

    static MetricFamily Family(List<MetricFamily> families, string name, MetricType type, string help)
    {
        var family = new MetricFamily(name, type, help);
        families.Add(family);
        return family;
    }

    /// <summary>A single value; a counter where the name says so.</summary>
    static void Add(List<MetricFamily> families, string name, string help, double value)
    {
        var isCounter = name.EndsWith("_total", StringComparison.Ordinal);
        Family(families, name, isCounter ? MetricType.Counter : MetricType.Gauge, help).Add(value);
    }
}
