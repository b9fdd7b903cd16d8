using NextUp.Actors.Cleanup;

namespace NextUp.Server.Cleanup;

/// <summary>A line for each sweep that did something or broke off; those that found nothing are for who looks closely.</summary>
sealed partial class SweepLog(ILogger<SweepLog> logger)
{
    public void Write(SweepOutcome outcome)
    {
        var (failed, letIn, deleted, seconds) = (outcome.Failed, outcome.LetIn, outcome.Deleted, outcome.Duration.TotalSeconds);
        if (outcome.Fault is { } fault)
            BrokenOff(seconds, fault, failed, letIn, deleted);
        else if (failed + letIn > 0 && !outcome.IsDryRun)
            Stuck(failed, letIn, deleted, seconds);
        else if (deleted > 0 && !outcome.IsDryRun)
            Deleted(deleted, seconds);
        else
            Nothing(seconds);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A sweep broke off after {Seconds} s: {Fault} ({Failed} stuck, {LetIn} let in, {Deleted} deleted)")]
    partial void BrokenOff(double seconds, string fault, int failed, int letIn, int deleted);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A sweep found {Failed} stuck jobs, let {LetIn} in and deleted {Deleted}, in {Seconds} s")]
    partial void Stuck(int failed, int letIn, int deleted, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "A sweep deleted {Deleted} old jobs in {Seconds} s")]
    partial void Deleted(int deleted, double seconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A sweep changed nothing, in {Seconds} s")]
    partial void Nothing(double seconds);
}
