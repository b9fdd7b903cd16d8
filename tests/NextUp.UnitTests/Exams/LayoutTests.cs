using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Questions;
using NextUp.Processors.Pdf;
using NextUp.UnitTests.Exams.Papers;

namespace NextUp.UnitTests.Exams;

/// <summary>Layouts that are hard, one by one. A line is written with its place: x, then the text.</summary>
public sealed class LayoutTests
{
    static PdfPage Page(int number, params (double X, double Y, string Text)[] lines) => new(
        number, 595, 842, [.. lines.SelectMany((line, i) => Words(line.X, line.Y, line.Text, i))]);

    static IEnumerable<PdfWord> Words(double x, double y, string text, int line)
    {
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var width = PdfWriter.WidthOf(word, 10);
            yield return new(word, x, y, x + width, y + 10, 0, 0, line);
            x += width + 3;
        }
    }

    static ExamPaper Read(params (double X, double Y, string Text)[] lines) => PaperReader.Read(PaperText.Of([Page(1, lines)]));

    static string Labels(IEnumerable<QuestionPart> parts) =>
        string.Join(' ', parts.Select(part => part.Parts.Count > 0 ? $"{part.Label}({Labels(part.Parts)})" : part.Label));

    [Fact]
    public void After_h_an_i_that_stands_as_far_left_is_a_letter()
    {
        var lines = new List<(double, double, string)> { (50, 100, "1"), (75, 100, "The circuit is shown.") };
        for (var letter = 'a'; letter <= 'j'; letter++)
            lines.Add((75, 130 + (letter - 'a') * 20, $"({letter}) State one thing. [1]"));

        Assert.Equal("a b c d e f g h i j", Labels(Read([.. lines]).Questions[0].Parts));
    }

    [Fact]
    public void An_i_that_is_indented_is_a_roman_number_also_after_h()
    {
        var lines = new List<(double, double, string)> { (50, 100, "1"), (75, 100, "The circuit is shown.") };
        for (var letter = 'a'; letter <= 'h'; letter++)
            lines.Add((75, 130 + (letter - 'a') * 20, $"({letter}) State one thing."));
        lines.AddRange([(100, 300, "(i) First. [1]"), (100, 320, "(ii) Second. [2]"), (75, 340, "(i) A letter again. [1]")]);

        Assert.Equal("a b c d e f g h(i ii) i", Labels(Read([.. lines]).Questions[0].Parts));
    }

    [Fact]
    public void A_label_in_the_middle_of_a_sentence_is_text()
    {
        var paper = Read(
            (50, 100, "1"), (75, 100, "(a) Use your answer to explain. [2]"), (75, 120, "(b) Compare it with what you said in"),
            (95, 135, "(a) above. [3]"), (75, 160, "(c) Say why. [1]"));

        Assert.Equal("a b c", Labels(paper.Questions[0].Parts));
        Assert.Equal(6, paper.Questions[0].Marks);
        Assert.Contains("(a) above", paper.Questions[0].Parts[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_columns_are_read_one_after_the_other()
    {
        var lines = new List<(double, double, string)>();
        for (var i = 0; i < 4; i++)
        {
            lines.Add((40, 100 + i * 60, $"{i + 1}. The left column asks a thing"));
            lines.Add((55, 115 + i * 60, "and goes on over one more line [2]"));
            lines.Add((310, 100 + i * 60, $"{i + 5}. The right column asks a thing"));
            lines.Add((325, 115 + i * 60, "and goes on over one more line [3]"));
        }

        var paper = Read([.. lines]);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], paper.Questions.Select(question => question.Number));
        Assert.Equal(20, paper.TotalMarksFound);
        Assert.All(paper.Questions, question => Assert.Equal(
            question.Number <= 4 ? "left" : "right", question.Text.Contains("left", StringComparison.Ordinal) ? "left" : "right"));
    }

    [Fact]
    public void Sections_may_begin_their_numbers_anew()
    {
        var paper = Read(
            (250, 60, "SECTION A"), (50, 100, "1"), (75, 100, "First of A. [2]"), (50, 130, "2"), (75, 130, "Second of A. [2]"),
            (250, 180, "SECTION B"), (50, 220, "1"), (75, 220, "First of B. [3]"), (50, 250, "2"), (75, 250, "Second of B. [3]"));

        Assert.Equal(["A.1", "A.2", "B.1", "B.2"], paper.Questions.Select(question => question.Key));
        Assert.DoesNotContain("SECTION", string.Concat(paper.Questions.Select(question => question.Text)), StringComparison.Ordinal);
        Assert.True(paper.Checks.Single(check => check.Code == CheckCodes.Numbers).Ok);
    }

    [Fact]
    public void Where_some_of_the_questions_are_answered_the_total_is_that_of_so_many()
    {
        var paper = Read(
            (50, 40, "The total mark for this paper is 20."), (250, 60, "SECTION A"), (200, 75, "Answer two questions."),
            (50, 100, "1"), (75, 100, "First. [10]"), (50, 130, "2"), (75, 130, "Second. [10]"), (50, 160, "3"),
            (75, 160, "Third. [10]"), (50, 190, "4"), (75, 190, "Fourth. [10]"));

        Assert.Equal(20, paper.TotalMarksFound);
        Assert.True(paper.Checks.Single(check => check.Code == CheckCodes.MarksTotal).Ok);
    }

    [Fact]
    public void A_missing_number_is_told_and_the_others_are_read()
    {
        var paper = Read(
            (50, 100, "1"), (75, 100, "First. [2]"), (50, 130, "2"), (75, 130, "Second. [2]"), (50, 160, "4"), (75, 160, "Fourth. [3]"),
            (50, 190, "5"), (75, 190, "Fifth. [3]"));

        Assert.Equal([1, 2, 4, 5], paper.Questions.Select(question => question.Number));
        Assert.Contains("3 is missing", paper.Checks.Single(check => check.Code == CheckCodes.Numbers).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Roman_numbers_alone_are_numbers()
    {
        var paper = Read(
            (50, 100, "I."), (75, 100, "Translate the first. (4 marks)"), (50, 130, "II."), (75, 130, "Translate the second. (6 marks)"),
            (50, 160, "III."), (75, 160, "Write a letter. (10 marks)"));

        Assert.Equal([1, 2, 3], paper.Questions.Select(question => question.Number));
        Assert.Equal(20, paper.TotalMarksFound);
    }

    [Fact]
    public void Durations_years_axes_and_inner_lists_begin_no_question()
    {
        var paper = Read(
            (50, 60, "1 hour 30 minutes"), (50, 100, "1"), (75, 100, "Look at the graph."), (90, 130, "0"),
                (150, 130, "1"), (210, 130, "2"),
            (270, 130, "3"), (50, 160, "1984 was a year of change."), (110, 190, "2. an item of a list"), (110, 210, "3. another item [4]"),
            (50, 240, "2"), (75, 240, "The next question. [3]"), (50, 270, "3"), (75, 270, "The last question. [2]"));

        Assert.Equal([4, 3, 2], paper.Questions.Select(question => question.Marks));
    }

    [Fact]
    public void Text_that_does_not_say_what_the_page_shows_is_told()
    {
        var paper = Read(
            (50, 100, "1"), (75, 100, "\uE001\uE002\uE003 \uE004\uE005\uE006\uE007 \uFFFD\uFFFD\uFFFD (cid:12)(cid:13) [2]"));

        Assert.False(paper.Checks.Single(check => check.Code == CheckCodes.Readable).Ok);
    }

    [Fact]
    public void Marks_of_parts_that_do_not_add_up_are_told()
    {
        var paper = Read(
            (50, 100, "1"), (75, 100, "(a) First. [2]"), (75, 120, "(b) Second. [3]"), (450, 140, "[Total: 6]"));

        Assert.Equal((5, 6), (paper.Questions[0].Marks, paper.Questions[0].MarksStated));
        Assert.False(paper.Checks.Single(check => check.Code == CheckCodes.PartsSum).Ok);
        Assert.NotEmpty(paper.Questions[0].Warnings);
    }

    [Fact]
    public void A_question_that_needs_the_insert_says_so()
    {
        var paper = Read(
            (50, 100, "1"), (75, 100, "Study Fig. 2.1 in the insert. Describe it. [2]"), (50, 130, "2"), (75, 130, "Define erosion. [2]"));

        Assert.Equal([true, false], paper.Questions.Select(question => question.ReferencesInsert));
        Assert.Equal(["Fig. 2.1"], paper.Questions[0].Figures);
    }

    [Fact]
    public void A_running_head_with_marks_on_it_is_kept()
    {
        PdfPage[] pages =
        [
            .. Enumerable.Range(1, 4).Select(page => Page(
                page, (50, 30, "Physics Paper 2"), (50, 50, $"{page}"),
                    (75, 50, $"Question text {page}. [{page}]"), (50, 800, "Turn over"))),
        ];
        var paper = PaperReader.Read(PaperText.Of(pages));

        Assert.Equal([1, 2, 3, 4], paper.Questions.Select(question => question.Marks));
        Assert.DoesNotContain("Physics", string.Concat(paper.Questions.Select(question => question.Text)), StringComparison.Ordinal);
    }
}
