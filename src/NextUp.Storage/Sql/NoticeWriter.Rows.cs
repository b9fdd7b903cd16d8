namespace NextUp.Storage.Sql;

/// <summary>The statements.</summary>
sealed partial class NoticeWriter
{
    const string Old = "(SELECT notice_key FROM notice INDEXED BY notice_over WHERE state <> 0 AND at < ? ORDER BY at LIMIT ?)";

    readonly SqlStatement insertSubscription = connection.Prepare(
        "INSERT INTO notice_subscription (id, user_key, channel, target, events, state, reason, label, secret, "
        + "former_secret, former_secret_until, created_at, delivered_at, failing_since) "
        + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING subscription_key");

    readonly SqlStatement findSubscription = connection.Prepare(
        "SELECT subscription_key, user_key, events, state FROM notice_subscription WHERE id = ?");

    readonly SqlStatement findByKey = connection.Prepare(
        "SELECT id, user_key FROM notice_subscription WHERE subscription_key = ?");

    // Parameters: events, state, whether the state was given, its reason, whether it becomes active, label, key.
    readonly SqlStatement updateSubscription = connection.Prepare(
        "UPDATE notice_subscription SET events = ?1, state = ?2, reason = CASE WHEN ?3 = 1 THEN ?4 ELSE reason END, "
        + "failing_since = CASE WHEN ?5 = 1 THEN NULL ELSE failing_since END, "
        + "label = CASE WHEN ?6 IS NULL THEN label ELSE nullif(?6, '') END WHERE subscription_key = ?7");

    readonly SqlStatement updateSecrets = connection.Prepare(
        "UPDATE notice_subscription SET secret = ?, former_secret = ?, former_secret_until = ? "
        + "WHERE subscription_key = ?");

    readonly SqlStatement disable = connection.Prepare(
        "UPDATE notice_subscription SET state = 3, reason = ? WHERE subscription_key = ?");

    readonly SqlStatement markDelivered = connection.Prepare(
        "UPDATE notice_subscription SET delivered_at = ?, failing_since = NULL WHERE subscription_key = ?");

    readonly SqlStatement markFailing = connection.Prepare(
        "UPDATE notice_subscription SET failing_since = coalesce(failing_since, ?) WHERE subscription_key = ?");

    readonly SqlStatement moveSubscription = connection.Prepare(
        "UPDATE notice_subscription SET user_key = ? WHERE subscription_key = ?");

    readonly SqlStatement findSameTarget = connection.Prepare(
        "SELECT 1 FROM notice_subscription one JOIN notice_subscription other "
        + "ON other.user_key = ? AND other.channel = one.channel AND other.target = one.target WHERE one.subscription_key = ?");

    readonly SqlStatement deleteSubscription = connection.Prepare(
        "DELETE FROM notice_subscription WHERE subscription_key = ?");

    readonly SqlStatement deleteOfSubscription = connection.Prepare("DELETE FROM notice WHERE subscription_key = ?");

    readonly SqlStatement deleteAttemptsOfSubscription = connection.Prepare(
        "DELETE FROM notice_attempt WHERE notice_key IN (SELECT notice_key FROM notice WHERE subscription_key = ?)");

    readonly SqlStatement deleteOfJob = connection.Prepare("DELETE FROM notice WHERE seq = ?");

    readonly SqlStatement deleteAttemptsOfJob = connection.Prepare(
        "DELETE FROM notice_attempt WHERE notice_key IN (SELECT notice_key FROM notice WHERE seq = ?)");

    // A notice must never be in the way of the change that it tells of.
    readonly SqlStatement insertNotice = connection.Prepare(
        "INSERT INTO notice (id, subscription_key, type, at, seq, job_id, kind, file_name, attempt, reason, "
        + "summary, state, attempts, attempts_ever, due_at, holds, since) "
        + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?) ON CONFLICT DO NOTHING");

    readonly SqlStatement findNotice = connection.Prepare(
        "SELECT notice_key, subscription_key, state, attempts FROM notice WHERE id = ?");

    readonly SqlStatement findOwned = connection.Prepare(
        "SELECT n.notice_key, n.state, s.id FROM notice n "
        + "JOIN notice_subscription s ON s.subscription_key = n.subscription_key "
        + "JOIN \"user\" u ON u.user_key = s.user_key WHERE n.id = ? AND u.id = ?");

    readonly SqlStatement updateAttempted = connection.Prepare(
        "UPDATE notice SET state = ?, attempts = ?, attempts_ever = ?, due_at = ?, holds = ? WHERE notice_key = ?");

    readonly SqlStatement updateReplayed = connection.Prepare(
        "UPDATE notice SET state = 0, attempts = 0, due_at = ?, holds = 0, since = ? WHERE notice_key = ?");

    readonly SqlStatement insertAttempt = connection.Prepare("INSERT INTO notice_attempt VALUES (?, ?, ?, ?, ?, ?)");

    readonly SqlStatement deleteOldAttempts = connection.Prepare($"DELETE FROM notice_attempt WHERE notice_key IN {Old}");

    readonly SqlStatement deleteOld = connection.Prepare($"DELETE FROM notice WHERE notice_key IN {Old}");
}
