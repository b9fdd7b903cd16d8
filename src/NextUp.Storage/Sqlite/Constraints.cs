namespace NextUp.Storage.Sqlite;

/// <summary>What a violated constraint means.</summary>
static class Constraints
{
    public static string Explain(SqliteException violation) => violation.Message switch
    {
        var text when text.Contains("notice_subscription", StringComparison.Ordinal) =>
            "The user has a subscription with this channel and target already.",
        var text when text.Contains("job.place", StringComparison.Ordinal) =>
            "Another unfinished job of the same user and kind is in that place.",
        var text when text.Contains("job.seq", StringComparison.Ordinal) => "The job's sequence was given before.",
        var text when text.Contains("job.id", StringComparison.Ordinal) => "The job's id was given before.",
        var text when text.Contains("submission", StringComparison.Ordinal) =>
            "The user has submitted a job with this idempotency key before.",
        var text when text.Contains("file", StringComparison.Ordinal) => "The job has a file in this role already.",
        var text => $"The store refuses it: {text}.",
    };
}
