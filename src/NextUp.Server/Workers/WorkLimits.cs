namespace NextUp.Server.Workers;

/// <summary>How much a worker may say at once.</summary>
static class WorkLimits
{
    /// <summary>The longest that one ask for jobs waits, in seconds.</summary>
    public const int WaitSecondsMax = 60;

    /// <summary>How long an ask waits where it does not say, in seconds.</summary>
    public const int WaitSecondsDefault = 20;

    /// <summary>An ask waits for no more than this part of a lease, so that asking in a row renews what is held.</summary>
    public const int WaitPart = 3;

    /// <summary>The largest upload that comes with an answer, in bytes.</summary>
    public const int InlineBytesMax = 64 * 1024;

    /// <summary>All uploads that come with one answer, in bytes; what is beyond is fetched by itself.</summary>
    public const long InlineBytesInAllMax = 16 * 1024 * 1024;

    /// <summary>Attempts in one request: held, heartbeats or completions.</summary>
    public const int AttemptsMax = 1_000;

    /// <summary>The body of a request with several completions, in bytes.</summary>
    public const long CompletionsBytesMax = 32 * 1024 * 1024;

    /// <summary>The longest summary of a result, in bytes.</summary>
    public const int SummaryBytesMax = 64 * 1024;

    /// <summary>The longest name of a checkpoint, in characters.</summary>
    public const int CheckpointNameLengthMax = 100;

    /// <summary>The longest reason of a failure, in characters; a longer one is cut.</summary>
    public const int ReasonLengthMax = 1_000;

    /// <summary>The longest step of a progress, in characters; a longer one is cut.</summary>
    public const int StepLengthMax = 100;

    /// <summary>The longest that a worker may ask a retry to wait, in seconds: a day.</summary>
    public const int RetryAfterSecondsMax = 86_400;
}
