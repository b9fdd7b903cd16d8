using NextUp.Processors.Pdf;

namespace NextUp.UnitTests.Documents;

public sealed class PageColumnsTests
{
    [Fact]
    public void Lines_that_were_read_across_two_columns_are_taken_apart()
    {
        List<PdfWord> words = [.. Line(0, 50, "A title across both of the columns of this page and further", 150)];
        for (var line = 1; line <= 20; line++)
        {
            words.AddRange(Line(line, 80 + (12 * line), $"left words of line {line}", 50));
            words.AddRange(Line(line, 80 + (12 * line), $"right words of line {line}", 306));
        }

        var page = PageColumns.Separate(new(1, 595, 842, words));

        Assert.Equal(words.Select(word => word.Text).Order(), page.Words.Select(word => word.Text).Order());
        var text = string.Join(' ', page.Words.Select(word => word.Text));
        Assert.StartsWith("A title across both of the columns of this page and further left words of line 1 left", text);
        Assert.Contains("left words of line 20 right words of line 1 right", text, StringComparison.Ordinal);
        Assert.Equal(3, page.Words.Select(word => word.Flow).Distinct().Count());
    }

    [Fact]
    public void A_page_of_one_column_stays_as_it_is()
    {
        var page = new PdfPage(1, 595, 842, [.. Enumerable.Range(0, 40).SelectMany(line =>
            Line(line, 60 + (12 * line), "An ordinary line that goes from one side to the other of a page and has no gap", 60))]);

        Assert.Same(page, PageColumns.Separate(page));
    }

    /// <summary>Words of a line, each letter five points wide.</summary>
    static IEnumerable<PdfWord> Line(int number, double y, string text, double x)
    {
        foreach (var word in text.Split(' '))
        {
            // Most are a little wider or narrower than others, so that spaces do not stand above each other.
            var width = (5.0 * word.Length) + (number % 5);
            yield return new(word, x, y, x + width, y + 10, 0, 0, number);
            x += width + 3;
        }
    }
}
