namespace NextUp.Actors.Statistics;

/// <summary>What happened to the jobs of one kind in some span of time, in counts and durations.</summary>
public sealed class JobFigures
{
    public long Accepted { get; set; }

    /// <summary>Attempts begun.</summary>
    public long Started { get; set; }

    public long Completed { get; set; }

    public long Failed { get; set; }

    public long Cancelled { get; set; }

    /// <summary>Attempts that failed or were lost, and after which the job was to be tried again.</summary>
    public long Retried { get; set; }

    /// <summary>How long jobs stood in the line before their first attempt, counted when it began.</summary>
    public DurationHistogram Waits { get; private set; } = new();

    /// <summary>How long the attempts took that completed their jobs, counted when they ended.</summary>
    public DurationHistogram Services { get; private set; } = new();

    public void Add(JobFigures other)
    {
        Accepted += other.Accepted;
        Started += other.Started;
        Completed += other.Completed;
        Failed += other.Failed;
        Cancelled += other.Cancelled;
        Retried += other.Retried;
        Waits.Add(other.Waits);
        Services.Add(other.Services);
    }

    /// <summary>The compact form that a store keeps.</summary>
    public byte[] ToBytes()
    {
        var bytes = new List<byte>(256);
        foreach (var count in (ReadOnlySpan<long>)[Accepted, Started, Completed, Failed, Cancelled, Retried])
            DurationHistogram.Append(bytes, count);
        Waits.WriteTo(bytes);
        Services.WriteTo(bytes);
        return [.. bytes];
    }

    public static JobFigures Of(ReadOnlySpan<byte> bytes)
    {
        var figures = new JobFigures
        {
            Accepted = CompactNumber.Read(ref bytes),
            Started = CompactNumber.Read(ref bytes),
            Completed = CompactNumber.Read(ref bytes),
            Failed = CompactNumber.Read(ref bytes),
            Cancelled = CompactNumber.Read(ref bytes),
            Retried = CompactNumber.Read(ref bytes),
        };
        figures.Waits = DurationHistogram.Read(ref bytes);
        figures.Services = DurationHistogram.Read(ref bytes);
        return figures;
    }

    /// <summary>How many jobs were accepted, read without the rest.</summary>
    public static long AcceptedOf(ReadOnlySpan<byte> bytes) => CompactNumber.Read(ref bytes);
}
