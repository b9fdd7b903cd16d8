namespace NextUp.Processors.Exams.Questions;

/// <summary>From the words of a paper to its questions, with the checks: by rules alone, or from beginnings somebody else found.</summary>
public static class PaperReader
{
    public static ExamPaper Read(PaperText text)
    {
        var headings = Headings(text);
        return Read(text, headings, QuestionOutline.Find(text, headings), Extractor.Rules);
    }

    public static IReadOnlyList<SectionHeading> Headings(PaperText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SectionHeading.Of(text.Lines, text.IsCover);
    }

    /// <param name="outlines">In reading order.</param>
    public static ExamPaper Read(
        PaperText text, IReadOnlyList<SectionHeading> headings, IReadOnlyList<QuestionOutline> outlines, Extractor extractor)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(outlines);
        ArgumentNullException.ThrowIfNull(extractor);
        var face = PaperFace.Of(text);
        var takesRound = MarkText.HasQuestionTotals(text.Lines);
        var questions = new List<ExamQuestion>();
        for (var i = 0; i < outlines.Count;)
        {
            var next = i + 1;
            while (next < outlines.Count && outlines[next].Number == outlines[i].Number
                && outlines[next].Section == outlines[i].Section)
                next++;
            var end = next < outlines.Count ? outlines[next].Line : text.Lines.Count;
            foreach (var heading in headings)
            {
                if (heading.Line > outlines[i].Line && heading.Line < end)
                    end = heading.Line;
            }

            questions.Add(QuestionReader.Read(text, [.. outlines.Skip(i).Take(next - i)], end, takesRound, extractor.Kind));
            i = next;
        }

        questions = WithMarksEach(questions, face);
        List<ExamSection> sections =
            [.. headings.Where(heading => questions.Exists(question => question.Section == heading.Name))
                .Select(heading => new ExamSection(heading.Name, heading.Title, heading.ToAnswer))];
        if (sections.Count == 0 && face.ToAnswer is { } choice && choice < questions.Count)
            sections.Add(new("", "", choice));
        var paper = new ExamPaper
        {
            Title = face.Title,
            Code = face.Code,
            TotalMarksStated = face.TotalMarks,
            Pages = text.Pages.Count,
            HasInsert = face.HasInsert,
            Sections = sections,
            Questions = questions,
            Extractor = extractor,
        };
        return PaperChecks.Put(paper, text);
    }

    /// <summary>Papers of single choice print no marks beside the questions.</summary>
    static List<ExamQuestion> WithMarksEach(List<ExamQuestion> questions, PaperFace face)
    {
        if (questions.Count == 0 || questions.Exists(question => question.Marks is not null))
            return questions;
        var each = face.MarksEach ?? (face.TotalMarks == questions.Count ? 1 : null);
        return each is null ? questions : questions.ConvertAll(question => question with { Marks = each });
    }
}
