using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NextUp.UnitTests.Exams.Papers;

/// <summary>Papers with a question a page and a total that none of it adds up to, so a model is asked; and its right answer.</summary>
static partial class WrongTotal
{
    public static byte[] Pdf(int pages)
    {
        var pdf = new PdfWriter();
        for (var page = 1; page <= pages; page++)
        {
            pdf.NewPage();
            if (page == 1)
                pdf.Text(50, 60, "The total mark for this paper is 99.", 14);
            pdf.Text(50, 120, $"{page}.", 14);
            pdf.Text(80, 120, "What is a force and what is a mass? [3]", 14);
        }

        return pdf.ToBytes();
    }

    /// <summary>What a model that understands says of the lines that it was shown.</summary>
    public static string Beginnings(JsonNode asked) =>
        "{\"questions\":[" + string.Join(',', Line().Matches((string)asked["messages"]![1]!["content"]!).Select(line =>
            $"{{\"line\":{line.Groups["line"].Value},\"number\":{line.Groups["number"].Value},\"part\":null,\"section\":null,"
            + "\"marks\":null,\"chapter\":null}")) + "]}";

    [GeneratedRegex(@"\[(?<line>\d+)\] (?<number>\d)\. ")]
    private static partial Regex Line();
}
