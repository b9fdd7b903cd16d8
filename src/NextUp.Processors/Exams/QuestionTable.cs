using System.Globalization;
using System.Text;

namespace NextUp.Processors.Exams;

/// <summary>Questions and parts as CSV, a row each, for a spreadsheet.</summary>
public static class QuestionTable
{
    /// <summary>With a header row and CRLF; no cell is one that a spreadsheet would carry out.</summary>
    public static string Csv(ExamPaper paper)
    {
        ArgumentNullException.ThrowIfNull(paper);
        var csv = new StringBuilder("section,number,part,text,marks,pages,options,chapter,source,warnings\r\n");
        foreach (var question in paper.Questions)
        {
            var pages = question.PageFrom == question.PageTo ? $"{question.PageFrom}" : $"{question.PageFrom}-{question.PageTo}";
            Row(
                csv, question.Section ?? "", Text(question.Number), "", question.Text, Text(question.Marks), pages,
                string.Join(" | ", question.Options.Select(option => $"{option.Label} {option.Text}")),
                question.Tags.FirstOrDefault(tag => tag.IsPrimary) is { } tag ? $"{tag.Number} {tag.Title}" : "", question.Source,
                string.Join(" ", question.Warnings));
            Parts(csv, question, question.Parts, "");
        }

        return csv.ToString();
    }

    static void Parts(StringBuilder csv, ExamQuestion question, IReadOnlyList<QuestionPart> parts, string above)
    {
        foreach (var part in parts)
        {
            var label = $"{above}({part.Label})";
            Row(csv, question.Section ?? "", Text(question.Number), label, part.Text, Text(part.Marks), "", "", "", "", "");
            Parts(csv, question, part.Parts, label);
        }
    }

    static void Row(StringBuilder csv, params ReadOnlySpan<string> cells)
    {
        for (var i = 0; i < cells.Length; i++)
            csv.Append(i == 0 ? "" : ",").Append(Cell(cells[i]));
        csv.Append("\r\n");
    }

    static string Cell(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
