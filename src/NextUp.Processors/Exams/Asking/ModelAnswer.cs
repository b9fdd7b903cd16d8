using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NextUp.Processors.Exams.Questions;

namespace NextUp.Processors.Exams.Asking;

/// <summary>The beginning of a question, as a model says.</summary>
/// <param name="Line">The index of its first line in what the model was shown.</param>
/// <param name="Marks">Null where it saw none.</param>
/// <param name="Chapter">The place of a chapter in the list that it was shown; null for none.</param>
public sealed record ToldQuestion(int Line, int Number, int? Part, string? Section, int? Marks, int? Chapter);

/// <summary>Reads a model's answer, whole or cut off, and holds it against the text: nothing is taken that is not printed.</summary>
public static partial class ModelAnswer
{
    /// <summary>Faults that the model is told of.</summary>
    const int FaultsMax = 10;

    /// <summary>Words of a line in which its number has to be.</summary>
    const int NumberWords = 4;

    public static JsonNode Schema { get; } = JsonNode.Parse(
        """
        {
          "type": "object", "additionalProperties": false, "required": ["questions"],
          "properties": {
            "questions": {
              "type": "array",
              "items": {
                "type": "object", "additionalProperties": false,
                "required": ["line", "number", "part", "section", "marks", "chapter"],
                "properties": {
                  "line": { "type": "integer" }, "number": { "type": "integer" }, "part": { "type": ["integer", "null"] },
                  "section": { "type": ["string", "null"] }, "marks": { "type": ["integer", "null"] },
                  "chapter": { "type": ["integer", "null"] }
                }
              }
            }
          }
        }
        """)!;

    /// <summary>The questions, or null where there is no JSON to be found; of an answer that was cut off what is whole.</summary>
    public static IReadOnlyList<ToldQuestion>? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var begin = text.IndexOf('{', StringComparison.Ordinal);
        if (begin < 0)
            return null;
        var list = text.IndexOf('[', begin);
        if (list < 0)
            return null;
        var questions = new List<ToldQuestion>();
        var reader = Objects(text, list + 1);
        foreach (var one in reader)
        {
            try
            {
                var node = JsonNode.Parse(one);
                if ((int?)node?["line"] is not { } line || (int?)node["number"] is not { } number)
                    return null;
                questions.Add(new(
                    line, number, (int?)node["part"], (string?)node["section"], (int?)node["marks"], (int?)node["chapter"]));
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
            {
                return null;
            }
        }

        return questions;
    }

    /// <summary>What is wrong with the answer; none where it may be taken.</summary>
    /// <param name="from">The first line that was shown.</param>
    /// <param name="to">The line behind the last.</param>
    public static IReadOnlyList<string> Faults(PaperText text, IReadOnlyList<ToldQuestion> questions, int from, int to, int chapters)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(questions);
        var faults = new List<string>();
        ToldQuestion? before = null;
        foreach (var question in questions)
        {
            if (faults.Count == FaultsMax)
                break;
            if (question.Line < from || question.Line >= to)
                faults.Add($"line {question.Line} was not shown; lines are {from} to {to - 1}");
            else if (!IsPrinted(text, question))
                faults.Add($"line {question.Line} does not begin with the number {question.Number}");
            else if (before is not null && question.Line <= before.Line)
                faults.Add($"line {question.Line} comes behind line {before.Line}; give them in order");
            if (question.Chapter is { } chapter && (chapter < 0 || chapter >= chapters))
                faults.Add($"there is no chapter {chapter}");
            before = question;
        }

        return faults;
    }

    /// <summary>How many of the line's words are the number.</summary>
    public static int NumberWordsOf(PaperText text, ToldQuestion question)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(question);
        var words = text.Lines[question.Line].Words;
        for (var count = 1; count <= Math.Min(NumberWords, words.Count); count++)
        {
            var digits = Letters().Replace(string.Concat(words.Take(count).Select(word => word.Text)), "").Split('.')[0];
            if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number == question.Number)
                return count;
        }

        return 0;
    }

    static bool IsPrinted(PaperText text, ToldQuestion question) => NumberWordsOf(text, question) > 0;

    /// <summary>Each object of the list that is whole, however the text ends.</summary>
    static IEnumerable<string> Objects(string text, int at)
    {
        var (depth, begin, isText) = (0, 0, false);
        for (; at < text.Length; at++)
        {
            var letter = text[at];
            if (isText)
            {
                at += letter == '\\' ? 1 : 0;
                isText = letter != '"';
            }
            else if (letter == '"')
            {
                isText = true;
            }
            else if (letter == '{' && depth++ == 0)
            {
                begin = at;
            }
            else if (letter == '}' && --depth == 0)
            {
                yield return text[begin..(at + 1)];
            }
            else if (letter == ']' && depth == 0)
            {
                yield break;
            }
        }
    }

    [GeneratedRegex(@"[^\d.]|\.$")]
    private static partial Regex Letters();
}
