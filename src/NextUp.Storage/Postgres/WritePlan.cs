using Npgsql;
using NpgsqlTypes;

namespace NextUp.Storage.Postgres;

/// <summary>
/// The changes of a transaction that are still to be sent, with those of one statement together where nothing is touched
/// by both: a thousand jobs that end, and the thousand that then begin, are two statements over arrays.
/// </summary>
/// <remarks>
/// A use of a statement goes to the first step of its statement that comes after every step which touches what it
/// touches; where there is none, to a new step at the end. A use that does not say what it touches comes after all
/// before it and before all after it.
/// </remarks>
sealed class WritePlan
{
    readonly List<Step> steps = [];
    readonly Dictionary<long, int> lastTouch = [];
    int floor;

    public int Count => steps.Count;

    /// <summary>One statement of the batch.</summary>
    public sealed class Step(Statement? statement, string? text, bool isOne, bool isGathered)
    {
        public Statement? Statement => statement;

        public string? Text => text;

        /// <summary>Each use is to change exactly one row.</summary>
        public bool IsOne => isOne;

        /// <summary>Others of its statement may join it.</summary>
        public bool IsGathered => isGathered;

        public List<object?[]> Uses { get; } = [];

        public NpgsqlBatchCommand Command()
        {
            if (statement is null)
                return new NpgsqlBatchCommand(text!);

            var command = new NpgsqlBatchCommand(isGathered ? statement.Sql.Bulk : statement.Sql.Single);
            for (var i = 0; i < statement.Sql.Types.Length; i++)
            {
                var type = statement.Sql.Types[i];
                command.Parameters.Add(isGathered
                    ? new NpgsqlParameter { NpgsqlDbType = type | NpgsqlDbType.Array, Value = Column(i, type) }
                    : new NpgsqlParameter { NpgsqlDbType = type, Value = Uses[0][i] ?? DBNull.Value });
            }

            return command;
        }

        Array Column(int index, NpgsqlDbType type) => type switch
        {
            NpgsqlDbType.Bigint => Column<long?>(index),
            NpgsqlDbType.Text => Column<string?>(index),
            NpgsqlDbType.Uuid => Column<Guid?>(index),
            _ => Column<byte[]?>(index),
        };

        T[] Column<T>(int index)
        {
            var values = new T[Uses.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = (T)Uses[i][index]!;
            return values;
        }
    }

    public IReadOnlyList<Step> Steps => steps;

    /// <summary>A command of the transaction itself: after all before it, before all after it.</summary>
    public void Add(string text)
    {
        steps.Add(new Step(null, text, isOne: false, isGathered: false));
        floor = steps.Count;
    }

    /// <summary>As <see cref="Add(string)"/>, and it is to change exactly one row.</summary>
    public void AddFence(string text)
    {
        steps.Add(new Step(null, text, isOne: true, isGathered: false));
        floor = steps.Count;
    }

    public void Add(Statement statement, object?[] values, (long One, long Other) touching, bool isOne)
    {
        if (touching == default)
        {
            var alone = new Step(statement, null, isOne, isGathered: false);
            alone.Uses.Add(values);
            steps.Add(alone);
            floor = steps.Count;
            return;
        }

        var canJoinLast = statement.Sql.IsPlainInsert;
        var at = Math.Max(First(touching.One, canJoinLast), First(touching.Other, canJoinLast));
        while (at < steps.Count && (steps[at].Statement != statement || !steps[at].IsGathered))
            at++;
        if (at == steps.Count)
            steps.Add(new Step(statement, null, isOne, isGathered: true));
        steps[at].Uses.Add(values);
        lastTouch[touching.One] = at;
        if (touching.Other != 0)
            lastTouch[touching.Other] = at;
    }

    public void Clear()
    {
        steps.Clear();
        lastTouch.Clear();
        floor = 0;
    }

    /// <summary>Takes back all steps from this one on, before which nothing may be added any more.</summary>
    public void TakeBack(int from)
    {
        steps.RemoveRange(from, steps.Count - from);
        lastTouch.Clear();
        floor = from;
    }

    int First(long touched, bool canJoinLast) =>
        touched != 0 && lastTouch.TryGetValue(touched, out var last) && last >= floor ? last + (canJoinLast ? 0 : 1) : floor;
}
