namespace NextUp.Client.Uploads;

/// <summary>What a submitter may choose. Everything left out is the server's choice.</summary>
public sealed record SubmitWishes
{
    /// <summary>What work, for example <c>bibtex</c>; null for the server's default.</summary>
    public string? Kind { get; init; }

    /// <summary>What happens if one of your jobs is in the way; null leaves it to the kind.</summary>
    public BusyWish? WhenBusy { get; init; }

    /// <summary>The kind's own options, a JSON object.</summary>
    public string? Options { get; init; }

    /// <summary>A level from 1 to 9, where the kind or an operator's role allows it; null is none.</summary>
    public int? Priority { get; init; }

    /// <summary>The job enters the line at this time, at most 30 days ahead; null is at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>
    /// The same key gives the same job, at most 200 characters. Null makes a new one for the call, which makes the
    /// call's own repetitions safe; pass one to make repetitions of yours safe.
    /// </summary>
    public string? IdempotencyKey { get; init; }
}

/// <summary>What to do with a submission while its user is at the limit of active jobs.</summary>
public enum BusyWish
{
    /// <summary>Refuse it and name the job in the way.</summary>
    Refuse,

    /// <summary>Let it wait until the job in the way ends.</summary>
    Hold,

    /// <summary>Cancel the job that waits, and take its place.</summary>
    Replace,
}
