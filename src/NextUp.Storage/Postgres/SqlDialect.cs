using System.Text;
using System.Text.RegularExpressions;
using NpgsqlTypes;

namespace NextUp.Storage.Postgres;

/// <summary>Turns the shared half's statements into PostgreSQL's.</summary>
static partial class SqlDialect
{
    /// <summary>Parameters are $1, $2 ... where the statement has ? or ?1, ?2 ...</summary>
    public static string Numbered(string sql)
    {
        var count = 0;
        return Parameter().Replace(
            IndexHint().Replace(sql, ""),
            found => found.Groups[1].Length > 0 ? $"${found.Groups[1].Value}" : $"${++count}");
    }

    /// <summary>
    /// The statement over rows that come as one array a parameter: <c>INSERT ... VALUES (?, 1)</c> becomes
    /// <c>INSERT ... SELECT v.p1, 1 FROM unnest($1::bigint[]) AS v(p1)</c>; updates and deletes alike.
    /// </summary>
    public static string Bulk(string sql, IReadOnlyList<NpgsqlDbType> types)
    {
        var rows = new StringBuilder("unnest(");
        rows.AppendJoin(", ", types.Select((type, index) => $"${index + 1}::{Name(type)}[]"));
        rows.Append(") AS v(").AppendJoin(", ", types.Select((_, index) => $"p{index + 1}")).Append(')');

        var count = 0;
        var named = Parameter().Replace(IndexHint().Replace(sql, ""), _ => $"v.p{++count}");
        if (Insert().Match(named) is { Success: true } insert)
        {
            return $"{insert.Groups["into"].Value} SELECT {insert.Groups["values"].Value} FROM {rows}"
                + insert.Groups["rest"].Value;
        }

        var where = named.LastIndexOf(" WHERE ", StringComparison.Ordinal);
        var join = named.StartsWith("DELETE", StringComparison.Ordinal) ? "USING" : "FROM";
        return $"{named[..where]} {join} {rows}{named[where..]}";
    }

    static string Name(NpgsqlDbType type) => type switch
    {
        NpgsqlDbType.Bigint => "bigint",
        NpgsqlDbType.Text => "text",
        NpgsqlDbType.Uuid => "uuid",
        NpgsqlDbType.Bytea => "bytea",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The store gives no such parameter."),
    };

    [GeneratedRegex(@" INDEXED BY \w+")]
    private static partial Regex IndexHint();

    [GeneratedRegex(@"\?(\d*)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^(?<into>INSERT INTO .*?) ?VALUES \((?<values>.*?)\)(?<rest> ON CONFLICT .*)?$")]
    private static partial Regex Insert();
}
