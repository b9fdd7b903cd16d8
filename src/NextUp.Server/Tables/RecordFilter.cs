using System.Globalization;
using System.Text.Json;

namespace NextUp.Server.Tables;

/// <summary>One condition on records: <c>column:op:value</c>. Numbers are compared as numbers, all else as texts.</summary>
sealed record RecordFilter(string Column, string Operator, string Value)
{
    /// <summary>Conditions in one question.</summary>
    public const int CountMax = 20;

    /// <summary>What is said of a condition that is none.</summary>
    public const string Rule =
        "filter is column:op:value, with the op eq, ne, lt, le, gt, ge, contains or starts; for example filter=age:ge:30.";

    static readonly string[] Operators = ["eq", "ne", "lt", "le", "gt", "ge", "contains", "starts"];

    /// <summary>Null where the text is no condition. The column may have colons in it: the first operator between two counts.</summary>
    public static RecordFilter? Parse(string text)
    {
        for (var at = text.IndexOf(':', StringComparison.Ordinal); at > 0; at = text.IndexOf(':', at + 1))
        {
            var end = text.IndexOf(':', at + 1);
            if (end < 0)
                return null;
            if (Operators.Contains(text[(at + 1)..end]))
                return new(text[..at], text[(at + 1)..end], text[(end + 1)..]);
        }

        return null;
    }

    public bool Holds(JsonElement record)
    {
        var has = record.TryGetProperty(Column, out var value);
        if (!has)
            return Operator == "ne" && Value.Length > 0;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return Operator switch
        {
            "contains" => text.Contains(Value, StringComparison.OrdinalIgnoreCase),
            "starts" => text.StartsWith(Value, StringComparison.OrdinalIgnoreCase),
            "eq" => Compare(value, text) == 0,
            "ne" => Compare(value, text) != 0,
            "lt" => Compare(value, text) < 0,
            "le" => Compare(value, text) <= 0,
            "gt" => Compare(value, text) > 0,
            _ => Compare(value, text) >= 0,
        };
    }

    int Compare(JsonElement value, string text) =>
        value.ValueKind == JsonValueKind.Number && decimal.TryParse(Value, NumberStyles.Float,
            CultureInfo.InvariantCulture, out var wanted)
            ? value.GetDecimal().CompareTo(wanted) : string.CompareOrdinal(text, Value);
}
