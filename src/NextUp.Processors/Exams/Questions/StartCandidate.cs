using System.Globalization;
using System.Text.RegularExpressions;
using NextUp.Processors.Exams.Pages;

namespace NextUp.Processors.Exams.Questions;

/// <summary>How a paper writes the numbers of its questions.</summary>
public enum NumberStyle
{
    /// <summary>1</summary>
    Bare,

    /// <summary>1. or 1)</summary>
    Dotted,

    /// <summary>Question 1, Q1</summary>
    Worded,

    /// <summary>01, 0 1, 01.1, with the part behind the dot</summary>
    Padded,

    /// <summary>I. or II)</summary>
    Roman,
}

/// <summary>A line that may begin a question.</summary>
/// <param name="Line">Its index.</param>
/// <param name="Words">How many of its words are the number.</param>
/// <param name="Part">The part that is a piece of the number, as in 01.2; null without one.</param>
/// <param name="Weight">How much it looks like a beginning; 1 is a plain one.</param>
public sealed record StartCandidate(int Line, int Words, NumberStyle Style, int Number, int? Part, double Weight)
{
    /// <summary>Where its number begins and ends, in points from the column's margin.</summary>
    public required double Left { get; init; }

    public required double Right { get; init; }
}

/// <summary>Finds the lines that may begin a question, whatever the paper's style turns out to be.</summary>
public static partial class StartCandidates
{
    /// <summary>Question numbers go up to this.</summary>
    public const int NumberMax = 60;

    /// <summary>How far from its column's margin a number may begin, as a share of the page's width.</summary>
    const double IndentMax = 0.12;

    /// <summary>What is put upon a number on the cover, so that no row of them is worth having: instructions are numbered, too.</summary>
    const double CoverCost = 2;

    /// <summary>A number alone on its line, or before a small letter: a list, a table, an axis.</summary>
    const double DoubtfulWeight = 0.6;

    const double UnitWeight = 0.05;

    static readonly string[] s_romans =
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"];

    public static IReadOnlyList<StartCandidate> Of(IReadOnlyList<TextLine> lines, Func<int, bool> isCover)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var candidates = new List<StartCandidate>();
        for (var i = 0; i < lines.Count; i++)
        {
            var cost = isCover(lines[i].Page) ? CoverCost : 0;
            candidates.AddRange(OfLine(lines[i], i).Select(one => one with { Weight = one.Weight - cost }));
        }

        return candidates;
    }

    static IEnumerable<StartCandidate> OfLine(TextLine line, int index)
    {
        if (Worded(line, index) is { } worded)
        {
            yield return worded;
            yield break;
        }

        if (line.Indent > IndentMax || IsNumbersOnly(line))
            yield break;
        if (Padded(line, index) is { } padded)
            yield return padded;
        var first = line.Words[0].Text;
        if (BareNumber().Match(first) is { Success: true } bare && Whole(bare.Value) is > 0 and <= NumberMax)
            yield return Make(line, index, 1, NumberStyle.Bare, Whole(bare.Value), Weight(line, 1));
        else if (DottedNumber().Match(first) is { Success: true } dotted
            && Whole(dotted.Groups["n"].Value) is > 0 and <= NumberMax)
            yield return Make(line, index, 1, NumberStyle.Dotted, Whole(dotted.Groups["n"].Value), Weight(line, 1));
        else if (first.Length > 1 && first[^1] is '.' or ')'
            && Array.IndexOf(s_romans, first[..^1]) is >= 0 and var roman)
            yield return Make(line, index, 1, NumberStyle.Roman, roman + 1, Weight(line, 1));
    }

    /// <summary>"Question 3" that begins a line; not "Question 3 continues", nor "Questions 3 and 4".</summary>
    static StartCandidate? Worded(TextLine line, int index)
    {
        var match = WordedNumber().Match(line.Text);
        if (!match.Success || Whole(match.Groups["n"].Value) is < 1 or > NumberMax)
            return null;
        if (Continued().IsMatch(line.Text[match.Length..]))
            return null;
        var words = match.Value.TrimEnd().Count(letter => letter == ' ') + 1;
        return Make(line, index, words, NumberStyle.Worded, Whole(match.Groups["n"].Value), 1);
    }

    /// <summary>"01", "0 1", "01.2", "0 1 . 2": two digits, often in boxes of their own, and a part behind a dot.</summary>
    static StartCandidate? Padded(TextLine line, int index)
    {
        var (text, words) = ("", 0);
        while (words < line.Words.Count && words < 5 && Piece().IsMatch(line.Words[words].Text))
            text += line.Words[words++].Text;
        for (; words > 0; text = text[..^line.Words[--words].Text.Length])
        {
            var match = PaddedNumber().Match(text);
            if (match.Success && Whole(match.Groups["n"].Value) is > 0 and <= NumberMax)
            {
                return Make(line, index, words, NumberStyle.Padded, Whole(match.Groups["n"].Value), Weight(line, words)) with
                {
                    Part = match.Groups["p"].Success ? Whole(match.Groups["p"].Value) : null,
                };
            }
        }

        return null;
    }

    static StartCandidate Make(TextLine line, int index, int words, NumberStyle style, int number, double weight) =>
        new(index, words, style, number, null, weight)
        {
            Left = line.Left - line.Margin,
            Right = line.Words[words - 1].X1 - line.Margin,
        };

    static double Weight(TextLine line, int words)
    {
        if (line.Words.Count == words)
            return DoubtfulWeight;
        var next = line.Words[words].Text;
        if (Unit().IsMatch(next))
            return UnitWeight;
        return char.IsLower(next[0]) && !next.StartsWith('(') ? DoubtfulWeight : 1;
    }

    /// <summary>An axis or a row of a table.</summary>
    static bool IsNumbersOnly(TextLine line) =>
        line.Words.Count > 2 && line.Words.All(word => AnyNumber().IsMatch(word.Text))
            && !PaddedNumber().IsMatch(string.Concat(line.Words.Select(word => word.Text)));

    static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[1-9]\d?$")]
    private static partial Regex BareNumber();

    [GeneratedRegex(@"^(?<n>[1-9]\d?)[.)]$")]
    private static partial Regex DottedNumber();

    [GeneratedRegex(@"^(?:Question\s+|QUESTION\s+|Q\.?\s?)(?<n>\d{1,2})(?:[.:)]|\b)(?!\.\d)\s*")]
    private static partial Regex WordedNumber();

    [GeneratedRegex(@"^(?:\(?(?:continue[sd]?|cont\.?)\b|=|is\b|and\b|or\b|to\b|on\b|in\b|,)", RegexOptions.IgnoreCase)]
    private static partial Regex Continued();

    [GeneratedRegex(@"^(?:\d{1,2}|\.|\d{1,2}\.\d{0,2}|\.\d{1,2})$")]
    private static partial Regex Piece();

    [GeneratedRegex(@"^(?<n>\d{2})(?:\.(?<p>[1-9]\d?))?$")]
    private static partial Regex PaddedNumber();

    [GeneratedRegex(@"^[-–−+]?[\d.,/%]+$")]
    private static partial Regex AnyNumber();

    [GeneratedRegex(
        @"^(?:hours?|hrs?|minutes?|mins?|marks?|cm|mm|m|km|kg|g|s|ms|°c|n|j|w|v|a|hz|mol|dm|%|pages?|questions?"
        + @"|january|february|march|april|may|june"
        + @"|july|august|september|october|november|december|am|pm|o'clock)[.,;:)\]23³²]*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Unit();
}
