using Npgsql;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Storage.Sql;

namespace NextUp.Storage.Postgres;

/// <summary>
/// One connection to PostgreSQL, opened when it is first needed and anew after it broke. Changes gather in a plan and go
/// out together, at the latest before the next question or the commit: a commit is two round trips, one with all changes
/// of its group and one that makes them durable.
/// </summary>
/// <param name="fence">The first statement of each transaction that writes; null on connections that only read.</param>
/// <param name="channel">Where events are told to other servers; null tells nobody.</param>
sealed class Connection(PostgresLink link, Fence? fence, string? channel = null) : SqlConnection
{
    const string SavepointName = "one_write";

    readonly WritePlan plan = new();
    NpgsqlConnection? open;
    bool isInTransaction;
    bool isBegun;
    bool isCommitting;
    int savepointAt = -1;
    bool isSpoilt;

    public override string Path => link.Name;

    /// <summary>Goes up with each statement that fails.</summary>
    public int Failures { get; private set; }

    public override bool Announces => channel is not null;

    public override bool IsFar => true;

    public override bool IsInTransaction => isInTransaction;

    public override bool IsSpoilt => isSpoilt;

    public override Statement Prepare(string sql) => new(this, sql);

    public override Statement Once(string sql) => new(this, sql);

    public override void BeginWrite()
    {
        Begin("BEGIN");
        fence?.AddTo(plan);
    }

    public override void BeginRead() => Begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");

    public override void EndRead()
    {
        isInTransaction = false;
        plan.Clear();
        if (isBegun && open is not null)
            Execute("COMMIT");
        isBegun = false;
    }

    public override void Commit()
    {
        Flush();
        isCommitting = true;
        Execute("COMMIT");
        (isInTransaction, isBegun, isCommitting) = (false, false, false);
    }

    public override void Rollback()
    {
        plan.Clear();
        var (wasBegun, wasCommitting) = (isBegun, isCommitting);
        (isInTransaction, isBegun, isSpoilt, isCommitting, savepointAt) = (false, false, false, false, -1);
        if (wasBegun && open is not null)
            Execute("ROLLBACK");
        else if (wasCommitting && fence is not null)
            Settle(fence);
    }

    // Nobody knows what became of the commit. It holds the owner's row until it is done or undone, so whoever gets that row
    // has waited for it; what is read from then on is what holds. Where the database is away, so is everything to be read.
    void Settle(Fence held) => Execute($"SELECT 1 FROM store_owner WHERE epoch = {held.Epoch} FOR UPDATE");

    public override void Savepoint()
    {
        savepointAt = plan.Count;
        plan.Add($"SAVEPOINT {SavepointName}");
    }

    public override void ReturnToSavepoint()
    {
        if (savepointAt >= 0 && !isSpoilt)
        {
            plan.TakeBack(savepointAt + 1);
            return;
        }

        // What failed was sent together with its savepoint, or after it.
        plan.Clear();
        plan.Add($"ROLLBACK TO SAVEPOINT {SavepointName}");
        (isSpoilt, savepointAt) = (false, -1);
    }

    public override void ReleaseSavepoint() => plan.Add($"RELEASE SAVEPOINT {SavepointName}");

    public override void BreakOff()
    {
        plan.Clear();
        if (!isInTransaction)
            return;

        // On a reader: whatever was asked is over. The writer rolls back itself.
        if (fence is null)
            Rollback();
    }

    // An advisory lock until the end of the transaction. It rides with the next question, and all that is asked after it sees
    // what the one before has committed. In the order of the keys, so that nobody waits in a circle.
    public override void EnterTurns(IReadOnlyList<string> names)
    {
        foreach (var key in names.Select(name => OwnerLock.Key(link, $"turn/{name}")).Distinct().Order())
        {
            using var enter = new Statement(this, "SELECT pg_advisory_xact_lock(?)");
            enter.With(key).Later();
        }
    }

    public override void Flush()
    {
        if (plan.Count > 0)
            Send([]);
    }

    public override IReadOnlyList<(UserId User, long Key)> AddUsers(IReadOnlyCollection<UserId> users)
    {
        var command = new NpgsqlBatchCommand(
            "INSERT INTO \"user\" (id) SELECT unnest($1) ON CONFLICT DO NOTHING RETURNING id, user_key");
        command.Parameters.Add(new() { Value = users.Select(user => user.Value).ToArray() });
        return [.. Send([command]).Answers[0].Select(row => (new UserId((string)row[0]), (long)row[1]))];
    }

    public override void Announce(IReadOnlyList<JobEvent> events)
    {
        foreach (var notice in EventWire.Write(events))
        {
            using var tell = new Statement(this, "SELECT pg_notify(?, ?)");
            tell.With(channel).With(notice).Later();
        }
    }

    /// <summary>Sends what waits, and answers how many rows the last statement changed.</summary>
    public int FlushCounted() => Send([]).LastCount;

    public void Leave(Statement statement, object?[] values, (long One, long Other) touching, bool isOne) =>
        plan.Add(statement, values, touching, isOne);

    /// <summary>Sends what waits and the question behind it.</summary>
    public List<object[]> Ask(Statement statement, object?[] values) => Send([Question(statement, values)]).Answers[0];

    /// <summary>Sends what waits and the question behind it, once with each of the values; all in one round trip.</summary>
    public List<List<object[]>> AskEach(Statement statement, IReadOnlyList<object?[]> values) =>
        values.Count == 0 ? [] : Send([.. values.Select(use => Question(statement, use))]).Answers;

    public override void Dispose() => Drop();

    void Begin(string text)
    {
        plan.Clear();
        plan.Add(text);
        (isInTransaction, isBegun, isSpoilt, savepointAt) = (true, false, false, -1);
    }

    static NpgsqlBatchCommand Question(Statement statement, object?[] values)
    {
        var asked = new WritePlan.Step(statement, null, isOne: false, isGathered: false);
        asked.Uses.Add(values);
        return asked.Command();
    }

    /// <summary>Sends what waits and the questions behind it, in one round trip.</summary>
    /// <returns>The rows of each question, and how many rows the last statement before them changed.</returns>
    (List<List<object[]>> Answers, int LastCount) Send(IReadOnlyCollection<NpgsqlBatchCommand> questions)
    {
        var link = Open();
        try
        {
            using var batch = new NpgsqlBatch(link);
            foreach (var step in plan.Steps)
                batch.BatchCommands.Add(step.Command());
            foreach (var question in questions)
                batch.BatchCommands.Add(question);

            isBegun = isInTransaction;
            var answers = Read(batch, questions.Count);
            var last = plan.Count == 0 ? 0 : (int)batch.BatchCommands[plan.Count - 1].RecordsAffected;
            Check(batch);
            savepointAt = -1;
            plan.Clear();
            return (answers, last);
        }
        catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            throw Broken(failure);
        }
    }

    /// <summary>The rows of the questions, which come last.</summary>
    static List<List<object[]>> Read(NpgsqlBatch batch, int questions)
    {
        if (questions == 0)
        {
            batch.ExecuteNonQuery();
            return [];
        }

        var all = new List<List<object[]>>();
        using var reader = batch.ExecuteReader();
        do
        {
            if (reader.FieldCount == 0)
                continue;
            var rows = new List<object[]>();
            while (reader.Read())
            {
                var row = new object[reader.FieldCount];
                reader.GetValues(row);
                rows.Add(row);
            }

            all.Add(rows);
        }
        while (reader.NextResult());

        return all[^questions..];
    }

    void Check(NpgsqlBatch batch)
    {
        for (var i = 0; i < plan.Count; i++)
        {
            var step = plan.Steps[i];
            if (!step.IsOne || batch.BatchCommands[i].RecordsAffected == Math.Max(1, step.Uses.Count))
                continue;
            if (step.Statement is null && fence is not null)
                throw fence.Lost();
            isSpoilt = true;
            Failures++;
            throw PostgresFailure.Stale();
        }
    }

    void Execute(string text)
    {
        var link = Open();
        try
        {
            using var command = new NpgsqlCommand(text, link);
            command.ExecuteNonQuery();
        }
        catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            throw Broken(failure);
        }
    }

    NpgsqlConnection Open()
    {
        if (open is { } known)
            return known;
        if (isBegun)
            throw PostgresFailure.Gone(null);
        return open = fence is null ? link.Open() : link.OpenWriter();
    }

    PostgresFailure Broken(Exception failure)
    {
        Failures++;
        if (failure is PostgresException told && open is not null && PostgresLink.IsUsable(open))
        {
            isSpoilt = isInTransaction;
            return new PostgresFailure(told);
        }

        Drop();
        return PostgresFailure.Gone(failure);
    }

    void Drop()
    {
        try
        {
            open?.Dispose();
        }
        catch (NpgsqlException)
        {
            // It is gone either way.
        }

        open = null;
    }
}
