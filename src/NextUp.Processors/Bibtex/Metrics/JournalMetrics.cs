using System.Text.RegularExpressions;
using NextUp.Processors.Bibtex.Matching;

namespace NextUp.Processors.Bibtex.Metrics;

/// <summary>A journal's figure in one year's edition.</summary>
/// <param name="Value">As the table has it, for example <c>12.3</c> or <c>&lt;0.1</c>.</param>
public sealed record JournalMetric(string Value, int Year);

/// <summary>
/// The operator's own table of impact factors. These figures are licensed, so none come with the program and no provider
/// says them; what OpenAlex says of a journal is another figure, under another name, and neither ever stands for the other.
/// </summary>
public sealed partial class JournalMetrics
{
    /// <summary>What the figures are called where nothing else is said: Journal Citation Reports.</summary>
    public const string DefaultName = "JCR";

    readonly Dictionary<string, JournalMetric> _newest = new(StringComparer.Ordinal);

    /// <summary>No table: no entry gets an impact factor.</summary>
    public static JournalMetrics None { get; } = new(DefaultName, [], 0);

    internal JournalMetrics(string name, IEnumerable<(string Journal, JournalMetric Metric)> rows, int mark)
    {
        (Name, Mark) = (name, mark);
        foreach (var (journal, metric) in rows)
        {
            if (!_newest.TryGetValue(journal, out var other) || other.Year < metric.Year)
                _newest[journal] = metric;
        }
    }

    /// <summary>What the figures are called; with the year it is their source, <c>JCR 2024</c>.</summary>
    public string Name { get; }

    /// <summary>Differs where the table's content differs.</summary>
    public int Mark { get; }

    /// <summary>How many journals have a figure, counted by ISSN and by title.</summary>
    public int Count => _newest.Count;

    /// <summary>
    /// The newest figure of the journal with one of these ISSNs, else of the journal with exactly this title, but for case,
    /// accents and punctuation: an abbreviated title may be another journal's. Null where the table has neither.
    /// </summary>
    public JournalMetric? Find(IEnumerable<string> issns, string? title)
    {
        foreach (var issn in issns.SelectMany(text => Issn().Matches(text)).Select(match => KeyOfIssn(match.Value)))
        {
            if (_newest.GetValueOrDefault(issn) is { } metric)
                return metric;
        }

        return KeyOfTitle(title) is { } key ? _newest.GetValueOrDefault(key) : null;
    }

    /// <summary>What a journal is looked up by; null where the text names none.</summary>
    /// <param name="journal">An ISSN or a title.</param>
    internal static string? KeyOf(string journal) =>
        WholeIssn().IsMatch(journal) ? KeyOfIssn(journal) : KeyOfTitle(journal);

    /// <summary>Whether the text is written as an ISSN and its check digit does not fit.</summary>
    internal static bool IsWrongIssn(string journal)
    {
        if (!WholeIssn().IsMatch(journal))
            return false;
        var digits = KeyOfIssn(journal);
        var sum = 0;
        for (var i = 0; i < 8; i++)
            sum += (8 - i) * (digits[i] == 'X' ? 10 : digits[i] - '0');
        return sum % 11 != 0;
    }

    static string KeyOfIssn(string issn) => issn.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    static string? KeyOfTitle(string? title)
    {
        var words = FoldedText.Words(title);
        return words.Length == 0 ? null : "t:" + string.Join(' ', words is ["the", _, ..] ? words[1..] : words);
    }

    [GeneratedRegex(@"\b[0-9]{4}-?[0-9]{3}[0-9Xx]\b")]
    private static partial Regex Issn();

    [GeneratedRegex(@"^[0-9]{4}-?[0-9]{3}[0-9Xx]$")]
    private static partial Regex WholeIssn();
}
