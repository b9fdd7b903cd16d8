namespace NextUp.Processors.Exams.Questions;

/// <summary>Where a question, or a numbered part of one, begins: what rules or a model find; the rest follows from it.</summary>
/// <param name="Line">The index of its first line.</param>
/// <param name="SkipWords">How many of the line's words are the number.</param>
/// <param name="Part">The part that is a piece of the number, as in 01.2.</param>
/// <param name="Section">Null in a paper without sections.</param>
public sealed record QuestionOutline(int Line, int SkipWords, int Number, int? Part, string? Section, string Label)
{
    /// <summary>By the rules.</summary>
    public static IReadOnlyList<QuestionOutline> Find(PaperText text, IReadOnlyList<SectionHeading> headings)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sections = new int[text.Lines.Count];
        for (int i = 0, passed = 0; i < sections.Length; i++)
        {
            if (passed < headings.Count && headings[passed].Line <= i)
                passed++;
            sections[i] = passed;
        }

        var takesRound = MarkText.HasQuestionTotals(text.Lines);
        var totals = new List<(int, int?)>();
        for (var i = 0; i < text.Lines.Count; i++)
        {
            if (MarkText.Of(text.Lines[i], takesRound) is MarkNote.QuestionTotal total)
                totals.Add((i, total.Question));
        }

        var candidates = StartCandidates.Of(text.Lines, text.IsCover);
        return [.. QuestionChain.Choose(text.Lines, candidates, sections, totals).Select(start => new QuestionOutline(
            start.Line, start.Words, start.Number, start.Part,
            sections[start.Line] == 0 ? null : headings[sections[start.Line] - 1].Name,
            string.Join(' ', text.Lines[start.Line].Words.Take(start.Words).Select(word => word.Text))))];
    }
}
