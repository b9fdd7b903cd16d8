using NextUp.Client.Wire;

namespace NextUp.Client.Operations;

/// <summary>For operators: <c>GET /api/v1/operations/overview</c>, the installation as it is now.</summary>
/// <param name="OldestWaitSeconds">How long ago the longest waiting job of the line was accepted; null without one.</param>
/// <param name="Running">The jobs that run, the longest first; at most 200 of them.</param>
/// <param name="Problems">What stands in the way of being ready; empty when nothing does.</param>
public sealed record OverviewView(
    DateTimeOffset At, QueueView Queue, double? OldestWaitSeconds, IReadOnlyList<KindLoadView> Kinds,
    IReadOnlyList<RunningJobView> Running, StoreView Store, DiskView Disk, int LiveConnections,
    IReadOnlyList<string> Problems);

/// <param name="Unfinished">In the line, held, waiting for a time, or running.</param>
/// <param name="Running">Of those, the ones that run.</param>
/// <param name="Total">Since the installation's beginning.</param>
public sealed record KindLoadView(string Kind, long Unfinished, long Running, FiguresView Total);

/// <summary>A running job, without what its user called it.</summary>
public sealed record RunningJobView(
    string Id, string Kind, string User, string? Account, int Attempt, DateTimeOffset StartedAt, double ElapsedSeconds,
    DateTimeOffset? Deadline, int Percent, string Step);

/// <param name="Commits">Since the start of the server.</param>
/// <param name="Writes">Writes in them: commits are shared.</param>
/// <param name="FailedCommits">Since the start of the server.</param>
/// <param name="WaitingWrites">Writes that wait for the disk now.</param>
/// <param name="CommitTime">Of the last commits.</param>
/// <param name="LogBytes">The write-ahead log, which is copied into the database when it has grown.</param>
public sealed record StoreView(
    bool Answers, long Commits, long Writes, long FailedCommits, int WaitingWrites, DurationsView CommitTime,
    long DatabaseBytes, long LogBytes);

/// <summary>The disk that the data folder is on.</summary>
public sealed record DiskView(long FreeBytes, long SizeBytes);

/// <summary>For operators: <c>GET /api/v1/operations/health</c>, each thing that readiness depends on.</summary>
/// <param name="Status"><c>ready</c> or <c>not ready</c>.</param>
public sealed record HealthDetailView(string Status, IReadOnlyList<HealthCheckView> Checks);

/// <param name="Reason">What is wrong; null when nothing is.</param>
/// <param name="Seconds">How long it took to find out.</param>
public sealed record HealthCheckView(string Name, bool Ok, string? Reason, double Seconds);
