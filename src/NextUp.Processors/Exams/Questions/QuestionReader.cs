using System.Text.RegularExpressions;
using NextUp.Processors.Exams.Pages;

namespace NextUp.Processors.Exams.Questions;

/// <summary>Reads one question out of its lines.</summary>
static partial class QuestionReader
{
    /// <summary>What each doubt takes off the confidence.</summary>
    const double Doubt = 0.25;

    const int FiguresMax = 20;

    /// <param name="starts">Where the question and its numbered parts begin; the first one's line is its first.</param>
    /// <param name="end">The line behind its last.</param>
    public static ExamQuestion Read(
        PaperText text, IReadOnlyList<QuestionOutline> starts, int end, bool takesRoundMarks, string source)
    {
        var first = starts[0];
        var lines = text.Lines.Skip(first.Line).Take(end - first.Line).ToList();
        var tree = new PartTree();
        int? stated = null;
        for (var i = first.Line; i < end; i++)
        {
            var line = text.Lines[i];
            var start = starts.FirstOrDefault(one => one.Line == i);
            if (start?.Part is { } part)
                tree.Begin(part, (line.Left - line.Margin) / line.PageWidth);
            switch (MarkText.Of(line, takesRoundMarks))
            {
                case MarkNote.QuestionTotal total:
                    stated ??= total.Question is null || total.Question == first.Number ? total.Marks : null;
                    var rest = MarkText.Without(line, takesRoundMarks);
                    tree.Append(start is null ? rest : WithoutNumber(rest, line, start.SkipWords));
                    break;
                case MarkNote.WholeTotal:
                    break;
                default:
                    tree.Take(line, start?.SkipWords ?? 0, takesRoundMarks);
                    break;
            }
        }

        var parts = tree.Parts;
        var options = parts.Count == 0 ? OptionGrid.Find(lines, first.SkipWords) : null;
        var whole = string.Join('\n', lines.Select(line => line.Text));
        return Doubted(text, new()
        {
            Key = first.Section is null ? $"{first.Number}" : $"{first.Section}.{first.Number}",
            Section = first.Section,
            Number = first.Number,
            Label = first.Label,
            PageFrom = lines[0].Page,
            PageTo = lines[^1].Page,
            Regions = Regions(lines),
            Text = options is { FirstLine: > 0 and var at } ? Stem(lines, first.SkipWords, at) : tree.Stem,
            Marks = Sum(parts, tree.OwnMarks) ?? stated,
            MarksStated = stated,
            Parts = parts,
            Options = options?.Options ?? [],
            ReferencesInsert = Insert().IsMatch(whole),
            Figures = [.. Figure().Matches(whole).Select(match => match.Value).Distinct().Take(FiguresMax)],
            Source = source,
        });
    }

    /// <summary>The marks of the parts and those beside them; null where a part has none.</summary>
    static int? Sum(IReadOnlyList<QuestionPart> parts, int? own)
    {
        if (parts.Count == 0)
            return own;
        return parts.All(part => part.Marks is not null) ? parts.Sum(part => part.Marks) + (own ?? 0) : null;
    }

    static ExamQuestion Doubted(PaperText text, ExamQuestion question)
    {
        var warnings = new List<string>();
        if (question.MarksStated is { } stated && Sum(question.Parts, null) is { } sum && sum != stated)
            warnings.Add($"Its parts earn {sum} marks, and the paper prints {stated} for it.");
        if (question.Parts.Count > 0 && question.Parts.Any(part => part.Marks is null))
        {
            var unmarked = string.Join(", ", question.Parts.Where(part => part.Marks is null).Select(part => $"({part.Label})"));
            warnings.Add($"No marks were found for {unmarked}.");
        }

        if (question.Text.Length == 0 && question.Parts.Count == 0 && question.Options.Count == 0)
            warnings.Add("It has no text.");
        if (text.Pages.Any(page => page.IsRecognised && page.Number >= question.PageFrom && page.Number <= question.PageTo))
            warnings.Add("Its page was read off an image; compare it.");
        return question with
        {
            Warnings = warnings,
            Confidence = Math.Max(0, Math.Round(1 - warnings.Count * Doubt, 2)),
        };
    }

    static string Stem(List<TextLine> lines, int skipWords, int end) => string.Join('\n', lines.Take(end).Select((line, i) =>
        string.Join(' ', line.Words.Skip(i == 0 ? skipWords : 0).Select(word => word.Text)))).Trim();

    static string WithoutNumber(string text, TextLine line, int words)
    {
        var number = string.Join(' ', line.Words.Take(words).Select(word => word.Text));
        return text.StartsWith(number, StringComparison.Ordinal) ? text[number.Length..] : text;
    }

    static List<PageRegion> Regions(List<TextLine> lines) => [.. lines.GroupBy(line => line.Page).Select(page =>
    {
        var (width, height) = (page.First().PageWidth, page.First().PageHeight);
        return new PageRegion(
            page.Key, Share(page.Min(line => line.Left), width), Share(page.Min(line => line.Top), height),
            Share(page.Max(line => line.Right), width), Share(page.Max(line => line.Bottom), height));
    })];

    static double Share(double at, double whole) => Math.Round(Math.Clamp(at / whole, 0, 1), 4);

    [GeneratedRegex(
        @"\b(?:in|on|see|from|using|use|read|refer\s+to|study)\s+(?:[\w.]+\s+){0,4}"
        + @"(?:the\s+)?(?:insert|source\s+booklet|resource\s+booklet|data\s+booklet)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Insert();

    [GeneratedRegex(@"\b(?:Fig\.|Figure|Diagram|Table|Source|Graph)\s+(?:\d{1,2}(?:\.\d{1,2})?|[A-H])\b")]
    private static partial Regex Figure();
}
