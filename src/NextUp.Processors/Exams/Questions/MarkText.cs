using System.Globalization;
using System.Text.RegularExpressions;
using NextUp.Processors.Exams.Pages;

namespace NextUp.Processors.Exams.Questions;

/// <summary>What a line says of marks.</summary>
public abstract record MarkNote
{
    MarkNote() { }

    /// <summary>Marks of the part, or the question without parts, that the line ends.</summary>
    public sealed record Earned(int Marks) : MarkNote;

    /// <summary>Marks of a whole question.</summary>
    /// <param name="Question">Its number, where the line names it.</param>
    public sealed record QuestionTotal(int? Question, int Marks) : MarkNote;

    /// <summary>Marks of a section or of the paper, which belong to no question.</summary>
    public sealed record WholeTotal(int Marks, bool IsOfPaper) : MarkNote;
}

/// <summary>
/// Reads marks as exam boards print them: <c>[3]</c>, <c>[3 marks]</c>, <c>(3)</c>, <c>(3 marks)</c> at the end of a line;
/// <c>[Total: 9]</c>, <c>(Total for Question 3 = 9 marks)</c>, <c>[Maximum mark: 9]</c>, <c>(Total 9 marks)</c>.
/// </summary>
public static partial class MarkText
{
    /// <summary>More marks for one part are no marks.</summary>
    const int PartMarksMax = 60;

    /// <summary>Where a line ends, as a share of the width, a bare "(3)" stands in the column of marks.</summary>
    const double MarkColumn = 0.7;

    /// <param name="takesRound">Whether a bare <c>(3)</c> in the column of marks is one.</param>
    public static MarkNote? Of(TextLine line, bool takesRound)
    {
        ArgumentNullException.ThrowIfNull(line);
        return Total(line.Text) ?? (Match(line, takesRound) is { } match ? new MarkNote.Earned(Number(match)) : null);
    }

    /// <summary>The text without the marks at its end.</summary>
    public static string Without(TextLine line, bool takesRound)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (Total(line.Text) is MarkNote.QuestionTotal)
            return MaximumMark().Replace(QuestionTotal().Replace(AnyTotal().Replace(line.Text, ""), ""), "").Trim();
        return Match(line, takesRound) is { } match ? line.Text[..match.Index].TrimEnd() : line.Text;
    }

    /// <summary>Whether the paper prints totals of questions, which go along with bare round brackets.</summary>
    public static bool HasQuestionTotals(IEnumerable<TextLine> lines) =>
        lines.Any(line => QuestionTotal().IsMatch(line.Text) || AnyTotal().IsMatch(line.Text));

    static MarkNote? Total(string text)
    {
        if (WholeTotal().Match(text) is { Success: true } whole)
            return new MarkNote.WholeTotal(
                Number(whole), !whole.Groups["what"].Value.StartsWith("section", StringComparison.OrdinalIgnoreCase));
        if (QuestionTotal().Match(text) is { Success: true } named)
            return new MarkNote.QuestionTotal(Whole(named.Groups["q"].Value), Number(named));
        if (MaximumMark().Match(text) is { Success: true } maximum)
            return new MarkNote.QuestionTotal(null, Number(maximum));
        return AnyTotal().Match(text) is { Success: true } total ? new MarkNote.QuestionTotal(null, Number(total)) : null;
    }

    static Match? Match(TextLine line, bool takesRound)
    {
        var match = Square().Match(line.Text);
        if (!match.Success)
            match = RoundWords().Match(line.Text);
        if (!match.Success && takesRound && line.Right > line.PageWidth * MarkColumn)
            match = Round().Match(line.Text);
        return match.Success && Number(match) is > 0 and <= PartMarksMax ? match : null;
    }

    static int Number(Match match) => Whole(match.Groups["n"].Value);

    static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\[\s*(?<n>\d{1,2})\s*(?:marks?)?\s*\]\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Square();

    [GeneratedRegex(@"\(\s*(?<n>\d{1,2})\s+marks?\s*\)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex RoundWords();

    [GeneratedRegex(@"(?:^|\s)\((?<n>\d{1,2})\)\s*$")]
    private static partial Regex Round();

    [GeneratedRegex(
        @"[(\[]?\s*total\s+(?:marks?\s+)?for\s+question\s+(?<q>\d{1,2})\s*(?:=|is|:)\s*(?<n>\d{1,3})\s*(?:marks?)?\s*[)\]]?",
        RegexOptions.IgnoreCase)]
    private static partial Regex QuestionTotal();

    [GeneratedRegex(@"\[\s*maximum\s+marks?\s*:?\s*(?<n>\d{1,3})\s*\]", RegexOptions.IgnoreCase)]
    private static partial Regex MaximumMark();

    [GeneratedRegex(@"[(\[]\s*total\s*:?\s*(?<n>\d{1,3})\s*(?:marks?)?\s*[)\]]\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex AnyTotal();

    [GeneratedRegex(
        @"\btotal\s+(?:marks?\s+)?for\s+(?:this\s+)?(?<what>paper|section(?:\s+[A-Z0-9]+)?)\s*(?:=|is|:)\s*(?<n>\d{1,3})\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex WholeTotal();
}
