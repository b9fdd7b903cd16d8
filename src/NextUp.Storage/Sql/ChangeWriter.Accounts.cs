using NextUp.Actors.Store;

namespace NextUp.Storage.Sql;

/// <summary>Keys of accounts, and the audit log.</summary>
sealed partial class ChangeWriter
{
    readonly SqlStatement insertKey = connection.Prepare(
        "INSERT INTO api_key (id, \"user\", name, role, scopes, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");

    readonly SqlStatement countKeys = connection.Prepare(
        "SELECT count(*) FROM api_key WHERE \"user\" = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)");

    readonly SqlStatement revokeKey = connection.Prepare(
        "UPDATE api_key SET revoked_at = coalesce(revoked_at, ?) WHERE id = ? AND \"user\" = coalesce(?, \"user\")");

    readonly SqlStatement touchKey = connection.Prepare("UPDATE api_key SET last_used_at = ? WHERE id = ?");

    readonly SqlStatement dropSignOuts = connection.Prepare(
        "DELETE FROM sign_out WHERE until <= ? AND number < (SELECT max(number) FROM sign_out)");

    readonly SqlStatement insertSignOut = connection.Prepare(
        "INSERT INTO sign_out (sign_in, number, until) "
        + "SELECT ?, coalesce(max(number), 0) + 1, ? FROM sign_out WHERE true ON CONFLICT (sign_in) DO NOTHING");

    readonly SqlStatement insertAudit = connection.Prepare("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");

    readonly SqlStatement endAudit = connection.Prepare("UPDATE audit SET outcome = ?, note = ? WHERE id = ?");

    string? AddKey(ApiKey key)
    {
        countKeys.With(key.User.Value).With(key.CreatedAt).Step();
        var count = countKeys.Long(0);
        countKeys.Reset();
        if (count >= ApiKey.PerUserMax)
            return $"The user has {count} keys, as many as there may be.";

        HasTouched = true;
        insertKey.With(key.Id).With(key.User.Value).With(key.Name).With((long)key.Role).With((long)key.Scopes)
            .With(key.Hash.Span).With(key.CreatedAt).With(key.ExpiresAt).Later();
        return null;
    }

    string? RevokeKey(Change.RevokeKey revoke)
    {
        if (revokeKey.With(revoke.At).With(revoke.Id).With(revoke.User?.Value).Run() != 1)
            return "There is no such key.";

        HasTouched = true;
        return null;
    }

    string? SignOut(Change.SignOut end)
    {
        HasTouched = true;
        dropSignOuts.With(end.At).Run();
        insertSignOut.With(end.SignIn).With(end.Until).Run();
        return null;
    }

    string? TouchKey(Change.TouchKey touch)
    {
        HasTouched = true;
        touchKey.With(touch.At).With(touch.Id).Later();
        return null;
    }

    string? BeginAudit(AuditEntry entry)
    {
        HasTouched = true;
        insertAudit.With(entry.Id).With(entry.At).With(entry.Actor.Value).With(entry.Role).With(entry.Action)
            .With(entry.Target).With((long)entry.Outcome).With(entry.Address).With(entry.Note).Later();
        return null;
    }

    string? EndAudit(Change.EndAudit end)
    {
        HasTouched = true;
        endAudit.With((long)end.Outcome).With(end.Note).With(end.Id).Later();
        return null;
    }
}
