using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NextUp.Processors.Pdf;

namespace NextUp.Processors.Exams.Questions;

/// <summary>Reads a mark scheme into the answers of each question: whatever stands between one number and the next.</summary>
public static partial class SchemeReader
{
    /// <summary>Characters that are kept of one question's answers.</summary>
    const int AnswerLengthMax = 20_000;

    /// <summary>How far left a number stands, as a share of the page's width.</summary>
    const double IndentMax = 0.12;

    /// <summary>The answers by the question's number.</summary>
    public static IReadOnlyDictionary<int, string> Read(IReadOnlyList<PdfPage> pages)
    {
        var text = PaperText.Of(pages);
        var answers = new Dictionary<int, StringBuilder>();
        var current = 0;
        foreach (var line in text.Lines)
        {
            if (line.Indent <= IndentMax && Number().Match(line.Text) is { Success: true } match
                && int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture) is var number
                && (number == current + 1 || (number == current && match.Groups["part"].Success)))
                current = number;
            if (current == 0)
                continue;
            if (!answers.TryGetValue(current, out var answer))
                answers[current] = answer = new();
            if (answer.Length < AnswerLengthMax)
                answer.Append(answer.Length > 0 ? "\n" : "").Append(line.Text);
        }

        return answers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
    }

    /// <summary>Puts the answers to their questions; a paper whose numbers begin anew cannot be served by number alone.</summary>
    public static ExamPaper Put(ExamPaper paper, IReadOnlyDictionary<int, string> answers)
    {
        ArgumentNullException.ThrowIfNull(paper);
        ArgumentNullException.ThrowIfNull(answers);
        if (paper.Questions.GroupBy(question => question.Number).Any(same => same.Count() > 1))
        {
            return paper with
            {
                Warnings = [.. paper.Warnings, "The mark scheme was not taken: the numbers of this paper begin anew in each section."],
            };
        }

        var missing = paper.Questions.Where(question => !answers.ContainsKey(question.Number)).Select(question => question.Key).ToList();
        return paper with
        {
            Questions = [.. paper.Questions.Select(
                question => question with { MarkingScheme = answers.GetValueOrDefault(question.Number) })],
            Warnings = missing.Count == 0 ? paper.Warnings
                : [.. paper.Warnings, $"The mark scheme has nothing for question {string.Join(", ", missing.Take(10))}."],
        };
    }

    [GeneratedRegex(@"^(?:Question\s+|Q)?0?(?<n>[1-9]\d?)(?<part>\s*\(\s*[a-zivx]+\s*\)|\.\d{1,2})?(?=[\s.)(]|$)")]
    private static partial Regex Number();
}
