using NextUp.Actors.Store;
using NextUp.Actors.Users;

namespace NextUp.Storage.Sql;

/// <summary>Keys of accounts, and the audit log.</summary>
sealed partial class JobReader
{
    const string SelectKey =
        "SELECT id, \"user\", name, role, scopes, hash, created_at, expires_at, revoked_at, last_used_at FROM api_key ";

    // Ids are given in the order of time, so they are the order of making, too.
    readonly SqlStatement keyById = connection.Prepare(SelectKey + "WHERE id = ?");
    readonly SqlStatement keysOfUser = connection.Prepare(SelectKey + "WHERE \"user\" = ? AND id < ? ORDER BY id DESC LIMIT ?");
    readonly SqlStatement keysOfAll = connection.Prepare(SelectKey + "WHERE id < ? ORDER BY id DESC LIMIT ?");

    readonly SqlStatement standingKey = connection.Prepare("SELECT id FROM api_key WHERE id = ? AND revoked_at IS NULL");

    readonly SqlStatement signedOut = connection.Prepare(
        "SELECT number, sign_in, until FROM sign_out WHERE number > ? ORDER BY number LIMIT ?");

    readonly SqlStatement audit = connection.Prepare(
        "SELECT id, at, actor, role, action, target, outcome, address, note FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?");

    public ApiKey? FindKey(string id) => Keys(keyById.With(id)).FirstOrDefault();

    public List<string> StandingKeys(IReadOnlyList<string> ids) =>
        [.. standingKey.FirstOfEach(ids, (row, id) => row.With(id), row => row.Text(0)).OfType<string>()];

    public List<EndedSignIn> SignedOut(long after, int limit)
    {
        var ended = new List<EndedSignIn>();
        signedOut.With(after).With(limit);
        while (signedOut.Step())
            ended.Add(new EndedSignIn(signedOut.Long(0), signedOut.Text(1), signedOut.Time(2)));
        signedOut.Reset();
        return ended;
    }

    public List<ApiKey> Keys(UserId? user, string? before, int limit)
    {
        const string AboveAll = "~";
        var behind = before ?? AboveAll;
        return Keys(user is { } one
            ? keysOfUser.With(one.Value).With(behind).With(limit)
            : keysOfAll.With(behind).With(limit));
    }

    public List<AuditEntry> Audit(Guid? before, int limit)
    {
        var entries = new List<AuditEntry>();
        audit.With(before ?? Guid.AllBitsSet).With(limit);
        while (audit.Step())
        {
            entries.Add(new AuditEntry(
                audit.Id(0), audit.Time(1), new UserId(audit.Text(2)), audit.Text(3), audit.Text(4), audit.Text(5),
                audit.Int(6), audit.Text(7), audit.TextOrNull(8)));
        }

        audit.Reset();
        return entries;
    }

    static List<ApiKey> Keys(SqlStatement row)
    {
        var keys = new List<ApiKey>();
        while (row.Step())
        {
            keys.Add(new ApiKey(
                row.Text(0), new UserId(row.Text(1)), row.Text(2), row.Int(3), row.Int(4), row.Bytes(5).ToArray(), row.Time(6),
                row.TimeOrNull(7), row.TimeOrNull(8), row.TimeOrNull(9)));
        }

        row.Reset();
        return keys;
    }
}
