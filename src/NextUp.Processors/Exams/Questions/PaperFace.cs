using System.Globalization;
using System.Text.RegularExpressions;

namespace NextUp.Processors.Exams.Questions;

/// <summary>What a paper says of itself, mostly on its cover.</summary>
/// <param name="MarksEach">What each question earns, where the paper says so of all.</param>
/// <param name="IsMarkScheme">It is the answers, not the questions.</param>
public sealed partial record PaperFace(
    string? Title, string? Code, int? TotalMarks, int? MarksEach, int? ToAnswer, bool HasInsert, bool IsMarkScheme)
{
    /// <summary>Pages that speak of the paper as a whole.</summary>
    const int PagesRead = 2;

    const int TitleLengthMax = 200;

    public static PaperFace Of(PaperText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var front = text.All.Where(line => line.Page <= PagesRead).ToList();
        var whole = string.Join('\n', front.Select(line => line.Text));
        var flat = string.Join(' ', front.Select(line => line.Text));
        var first = text.All.Where(line => line.Page == 1).ToList();
        var title = first.Where(line => line.Text.Any(char.IsLetter))
            .OrderByDescending(line => Math.Round(line.Height)).ThenBy(line => line.Top).FirstOrDefault()?.Text;
        var toAnswer = text.Lines.Where(line => text.IsCover(line.Page)).ToList();
        return new(
            title is { Length: > TitleLengthMax } ? title[..TitleLengthMax] : title,
            CodeText().Match(whole) is { Success: true } code ? code.Value : null,
            Total(flat, string.Join('\n', text.All.Select(line => line.Text))),
            OneEach().IsMatch(flat) ? 1 : null,
            whole.Contains("section", StringComparison.OrdinalIgnoreCase) ? null : SectionHeading.Choice(toAnswer),
            Insert().IsMatch(flat) && !NoInsert().IsMatch(flat),
            MarkScheme().IsMatch(string.Join('\n', first.Take(first.Count / 2 + 5).Select(line => line.Text))));
    }

    /// <summary>The total for the paper, from its front or else from wherever it is printed.</summary>
    static int? Total(string front, string all)
    {
        foreach (var text in (ReadOnlySpan<string>)[front, all])
        {
            if (TotalMarksText().Match(text) is { Success: true } match)
                return int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture);
        }

        return null;
    }

    [GeneratedRegex(
        @"\b(?:\d{4}/\d{2}(?:/[A-Z]/[A-Z]/\d{2})?|[0-9A-Z]{2}[A-Z]\d{1,2}/\d{1,2}[A-Z]{0,2}|[78]\d{3}/\d[A-Z]?|\d{4}[-–]\d{4})\b")]
    private static partial Regex CodeText();

    [GeneratedRegex(
        @"(?:total\s+(?:number\s+of\s+)?marks?\s+(?:available\s+)?for\s+this\s+(?:examination\s+)?paper\s+is"
        + @"|maximum\s+marks?\s+for\s+this\s+(?:examination\s+)?paper\s+is|total\s+for\s+(?:this\s+)?paper\s*(?:=|:|is)"
        + @"|(?<!\[\s?)\b(?:total|maximum|max\.?)\s+marks?\s*(?:=|:|is)"
        + @"|this\s+paper\s+is\s+worth|paper\s+total\s*:?)\s*\[?\s*(?<n>\d{1,3})\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex TotalMarksText();

    [GeneratedRegex(
        @"\beach\s+(?:correct\s+answer|question|item)\s+(?:will\s+)?(?:scores?|is\s+worth|carries|earns)\s+(?:one|1)\s+mark",
        RegexOptions.IgnoreCase)]
    private static partial Regex OneEach();

    [GeneratedRegex(
        @"\b(?:insert|source\s+booklet|resource\s+booklet|data\s+booklet)\b[^.]{0,60}\b(?:provided|enclosed|contains|issued|required)\b"
        + @"|\b(?:you\s+(?:will\s+need|must\s+have)|with)\b[^.]{0,60}\b(?:insert|source\s+booklet|resource\s+booklet)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Insert();

    [GeneratedRegex(@"\bno\s+(?:insert|additional\s+materials)\b", RegexOptions.IgnoreCase)]
    private static partial Regex NoInsert();

    [GeneratedRegex(@"^\W*(?:(?:final|published|provisional)\s+)?mark(?:ing)?\s+schemes?\b",
        RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex MarkScheme();
}
