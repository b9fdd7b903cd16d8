using System.Globalization;
using System.Text.RegularExpressions;
using NextUp.Processors.Exams.Pages;

namespace NextUp.Processors.Exams.Questions;

/// <summary>A line such as "Section B" that begins a new part of the paper.</summary>
/// <param name="Line">Its index.</param>
/// <param name="Name">A, B, 2 ...</param>
public sealed partial record SectionHeading(int Line, string Name, string Title)
{
    /// <summary>Longer lines are sentences that speak of a section.</summary>
    const int WordsMax = 12;

    /// <summary>Lines below a heading in which its instruction stands.</summary>
    const int InstructionLinesMax = 3;

    static readonly string[] s_numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight"];

    /// <summary>How many of the section's questions are to be answered, where not all are.</summary>
    public int? ToAnswer { get; init; }

    public static IReadOnlyList<SectionHeading> Of(IReadOnlyList<TextLine> lines, Func<int, bool> isCover)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var headings = new List<SectionHeading>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (isCover(lines[i].Page) || lines[i].Words.Count > WordsMax)
                continue;
            var match = Heading().Match(lines[i].Text);
            if (!match.Success || SpeaksOf().IsMatch(lines[i].Text[match.Length..]))
                continue;
            var name = match.Groups["name"].Value;
            if (headings.Count > 0 && headings[^1].Name == name)
                continue; // A running head that names the section again.
            headings.Add(new(i, name, lines[i].Text.Trim())
            {
                ToAnswer = Choice(lines.Skip(i).Take(InstructionLinesMax)),
            });
        }

        return headings;
    }

    /// <summary>"Answer two questions", "Answer any THREE of the following questions": how many; null for all.</summary>
    public static int? Choice(IEnumerable<TextLine> lines)
    {
        var match = Answer().Match(string.Join(' ', lines.Select(line => line.Text)));
        if (!match.Success)
            return null;
        var text = match.Groups["n"].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        var at = Array.FindIndex(s_numbers, word => word.Equals(text, StringComparison.OrdinalIgnoreCase));
        return at < 0 ? null : at + 1;
    }

    [GeneratedRegex(@"^\W*(?:SECTION|Section|PART(?=\s+[A-Z\d]\b))\s+(?<name>[A-Z]|[1-9]|I{1,3}|IV|V|VI)\b")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s+(?:is|are|has|contains|consists|and|or|carries|on|must|should|of)\b")]
    private static partial Regex SpeaksOf();

    [GeneratedRegex(
        @"\banswer\s+(?:any\s+|only\s+)?(?<n>one|two|three|four|five|six|seven|eight|[1-8])\s+"
        + @"(?:(?:of\s+the\s+)?(?:\w+\s+)?questions?|of\s+the)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Answer();
}
