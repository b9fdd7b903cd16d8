using Npgsql;

namespace NextUp.Storage.Postgres;

/// <summary>What a violated constraint means.</summary>
static class Constraints
{
    public static string Explain(PostgresException violation) => violation.ConstraintName switch
    {
        "notice_subscription_target" => "The user has a subscription with this channel and target already.",
        "job_place" => "Another unfinished job of the same user and kind is in that place.",
        "job_seq" => "The job's sequence was given before.",
        "job_id" => "The job's id was given before.",
        "submission_pkey" => "The user has submitted a job with this idempotency key before.",
        "file_pkey" => "The job has a file in this role already.",
        _ => $"The store refuses it: {violation.MessageText}.",
    };
}
