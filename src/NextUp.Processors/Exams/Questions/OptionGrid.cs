using System.Text.RegularExpressions;
using NextUp.Processors.Exams.Pages;

namespace NextUp.Processors.Exams.Questions;

/// <summary>
/// Finds the answers of a multiple choice question: A to D (or E) below each other, in a row, or in a grid of two by two.
/// The letters have to stand in line with each other, so an article that begins a line is none.
/// </summary>
static partial class OptionGrid
{
    const int OptionsMin = 3;

    /// <summary>How far letters of one column may stand apart, in points.</summary>
    const double AlignedWithin = 4;

    /// <summary>The space before a letter in the middle of a line, in points; a word's is smaller.</summary>
    const double GapMin = 8;

    readonly record struct Letter(int Line, int Word, char Name, double Left);

    /// <summary>The options and the index of the first line that holds some, or null where there are none.</summary>
    public static (IReadOnlyList<AnswerOption> Options, int FirstLine)? Find(IReadOnlyList<TextLine> lines, int skipWords)
    {
        var letters = new List<Letter>();
        for (var i = 0; i < lines.Count; i++)
        {
            for (var w = i == 0 ? skipWords : 0; w < lines[i].Words.Count; w++)
            {
                var word = lines[i].Words[w];
                var isApart = w == 0 || (i == 0 && w == skipWords) || word.X0 - lines[i].Words[w - 1].X1 >= GapMin;
                if (isApart && OptionLetter().Match(word.Text) is { Success: true } match)
                    letters.Add(new(i, w, match.Groups["letter"].Value[0], word.X0));
            }
        }

        return Row(letters) is { } row ? (Texts(lines, row), row.Min(letter => letter.Line)) : null;
    }

    /// <summary>The last A that the following letters stand in line with.</summary>
    static List<Letter>? Row(List<Letter> letters)
    {
        foreach (var first in letters.Where(letter => letter.Name == 'A').Reverse())
        {
            var row = new List<Letter> { first };
            for (var name = 'B'; name <= 'E'; name++)
            {
                var next = letters.Where(letter => letter.Name == name && letter.Line >= first.Line && IsInLine(row, letter))
                    .Cast<Letter?>().FirstOrDefault();
                if (next is not { } found)
                    break;
                row.Add(found);
            }

            if (row.Count >= OptionsMin)
                return row;
        }

        return null;
    }

    /// <summary>In a column or a row with one that is there already.</summary>
    static bool IsInLine(List<Letter> row, Letter letter) => row.Exists(other =>
        (other.Line == letter.Line && letter.Left > other.Left)
            || (other.Line < letter.Line && Math.Abs(other.Left - letter.Left) <= AlignedWithin)
            || (other.Name == letter.Name - 2 && other.Line < letter.Line));

    static List<AnswerOption> Texts(IReadOnlyList<TextLine> lines, List<Letter> row)
    {
        var options = new List<AnswerOption>();
        foreach (var letter in row)
        {
            var right = row.Where(other => other.Line == letter.Line && other.Left > letter.Left)
                .Select(other => other.Left).DefaultIfEmpty(double.MaxValue).Min();
            var nextLine = row.Where(other => other.Line > letter.Line)
                .Select(other => other.Line).DefaultIfEmpty(lines.Count).Min();
            var words = lines[letter.Line].Words.Skip(letter.Word + 1).Where(word => word.X0 < right - 1).ToList();
            for (var i = letter.Line + 1; i < nextLine; i++)
                words.AddRange(lines[i].Words.Where(word => word.X0 >= letter.Left - 1 && word.X0 < right - 1));
            options.Add(new($"{letter.Name}", string.Join(' ', words.Select(word => word.Text))));
        }

        return options;
    }

    [GeneratedRegex(@"^\(?(?<letter>[A-E])[.)]?$")]
    private static partial Regex OptionLetter();
}
