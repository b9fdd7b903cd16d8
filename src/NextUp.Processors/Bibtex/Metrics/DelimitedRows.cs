using System.Text;

namespace NextUp.Processors.Bibtex.Metrics;

/// <summary>
/// Rows of a small table in text (RFC 4180): fields between commas, semicolons or tabs, whichever the first row has first;
/// quoted fields may hold anything, a quote doubled. Fields are trimmed, blank lines are no rows.
/// </summary>
static class DelimitedRows
{
    /// <summary>Each row with the line it begins in, from 1; null instead of the fields where a quote stays open.</summary>
    public static IEnumerable<(int Line, IReadOnlyList<string>? Fields)> Of(string text)
    {
        var first = text.IndexOfAny([',', ';', '\t']);
        var delimiter = first < 0 ? ',' : FirstOutsideQuotes(text);
        var (at, line) = (0, 1);
        while (at < text.Length)
        {
            var begun = line;
            var fields = Row(text, delimiter, ref at, ref line);
            if (fields is null or not [""])
                yield return (begun, fields);
        }
    }

    static char FirstOutsideQuotes(string text)
    {
        var isQuoted = false;
        foreach (var letter in text)
        {
            if (letter == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && letter is ',' or ';' or '\t')
                return letter;
        }

        return ',';
    }

    static List<string>? Row(string text, char delimiter, ref int at, ref int line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        for (; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter == '\n')
                line++;
            if (letter == '"' && isQuoted && at + 1 < text.Length && text[at + 1] == '"')
                field.Append(text[++at]);
            else if (letter == '"' && (isQuoted || string.IsNullOrWhiteSpace(field.ToString())))
                isQuoted = !isQuoted;
            else if (letter == '\n' && !isQuoted)
                break;
            else if (letter == delimiter && !isQuoted)
                Take();
            else
                field.Append(letter);
        }

        at++;
        if (isQuoted)
            return null;
        Take();
        return fields;

        void Take()
        {
            fields.Add(field.ToString().Trim());
            field.Clear();
        }
    }
}
