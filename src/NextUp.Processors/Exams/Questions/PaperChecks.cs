namespace NextUp.Processors.Exams.Questions;

/// <summary>
/// Holds what was read against what the paper says of itself: numbers without a gap, marks that add up to the printed total
/// and parts to their questions, every page belonging to something, text that can be read.
/// </summary>
public static class PaperChecks
{
    /// <summary>The share of letters that may be unreadable.</summary>
    const double GarbledShareMax = 0.02;

    /// <summary>Words without a vowel are garbled where more than this share of the long ones has none.</summary>
    const double VowellessShareMax = 0.35;

    /// <summary>Fewer long words say nothing about vowels.</summary>
    const int LongWordsMin = 30;

    const int NamedMax = 8;

    static readonly System.Buffers.SearchValues<char> s_vowels = System.Buffers.SearchValues.Create("aeiouyAEIOUY");

    public static ExamPaper Put(ExamPaper paper, PaperText text)
    {
        ArgumentNullException.ThrowIfNull(paper);
        ArgumentNullException.ThrowIfNull(text);
        var (found, isComparable) = Found(paper);
        return Again(paper) with
        {
            TotalMarksFound = found,
            Checks =
            [
                Numbers(paper), Total(paper, found, isComparable), Parts(paper), Known(paper), Options(paper), Pages(paper, text),
                Readable(text),
            ],
        };
    }

    /// <summary>After a person's change: the checks that follow from the questions alone, the others as they were.</summary>
    public static ExamPaper Again(ExamPaper paper)
    {
        ArgumentNullException.ThrowIfNull(paper);
        var (found, isComparable) = Found(paper);
        List<PaperCheck> renewed = [Numbers(paper), Total(paper, found, isComparable), Parts(paper), Known(paper), Options(paper)];
        return paper with
        {
            TotalMarksFound = found,
            Checks = [.. renewed, .. paper.Checks.Where(check => check.Code is CheckCodes.Pages or CheckCodes.Readable)],
        };
    }

    /// <summary>All marks; where only some questions of a section are to be answered, those of so many.</summary>
    static (int? Found, bool IsComparable) Found(ExamPaper paper)
    {
        if (paper.Questions.Count == 0 || paper.Questions.All(question => question.Marks is null))
            return (null, true);
        var (sum, isComparable) = (0, true);
        foreach (var section in paper.Questions.GroupBy(question => question.Section ?? ""))
        {
            var choice = paper.Sections.FirstOrDefault(one => one.Name == section.Key)?.ToAnswer;
            var marks = section.Select(question => question.Marks ?? 0).ToList();
            if (choice is not { } toAnswer || toAnswer >= marks.Count)
            {
                sum += marks.Sum();
                continue;
            }

            isComparable &= marks.Distinct().Count() == 1;
            sum += marks.OrderDescending().Take(toAnswer).Sum();
        }

        return (sum, isComparable);
    }

    static PaperCheck Numbers(ExamPaper paper)
    {
        if (paper.Questions.Count == 0)
            return new(CheckCodes.Numbers, false, "No questions were found.");
        var faults = new List<string>();
        string? section = null;
        var expected = 1;
        foreach (var question in paper.Questions)
        {
            if (question.Section != section && question.Number == 1)
                expected = 1;
            section = question.Section;
            if (question.Number > expected)
                faults.Add(question.Number == expected + 1
                    ? $"{expected} is missing" : $"{expected} to {question.Number - 1} are missing");
            else if (question.Number < expected)
                faults.Add($"{question.Number} comes again");
            expected = question.Number + 1;
        }

        return faults.Count == 0
            ? new(CheckCodes.Numbers, true, $"{paper.Questions.Count} questions, numbered without a gap.")
            : new(CheckCodes.Numbers, false, $"The numbers have gaps: {Named(faults)}.");
    }

    static PaperCheck Total(ExamPaper paper, int? found, bool isComparable)
    {
        if (paper.TotalMarksStated is not { } stated)
            return new(CheckCodes.MarksTotal, true, found is null
                ? "The paper prints no total." : $"{found} marks were found; the paper prints no total.");
        if (found is null)
            return new(CheckCodes.MarksTotal, false, $"The paper prints a total of {stated} marks, and none were found.");
        if (!isComparable)
            return new(
                CheckCodes.MarksTotal, true,
                $"The paper prints {stated} marks. Candidates choose among questions of different marks, so the sum says nothing.");
        return found == stated
            ? new(CheckCodes.MarksTotal, true, $"The marks add up to the printed total of {stated}.")
            : new(CheckCodes.MarksTotal, false, $"The marks add up to {found}, and the paper prints {stated}.");
    }

    static PaperCheck Parts(ExamPaper paper)
    {
        var faults = paper.Questions
            .Where(question => question is { MarksStated: not null, Parts.Count: > 0 }
                && question.Parts.All(part => part.Marks is not null)
                && question.Parts.Sum(part => part.Marks) != question.MarksStated)
            .Select(question => $"{question.Key} ({question.Parts.Sum(part => part.Marks)} of {question.MarksStated})").ToList();
        return faults.Count == 0
            ? new(CheckCodes.PartsSum, true, "Parts add up to what is printed for their questions.")
            : new(CheckCodes.PartsSum, false, $"Parts do not add up to their question: {Named(faults)}.");
    }

    static PaperCheck Known(ExamPaper paper)
    {
        var unknown = paper.Questions.Where(question => question.Marks is null).Select(question => question.Key).ToList();
        return unknown.Count == 0
            ? new(CheckCodes.MarksKnown, true, "Every question has marks.")
            : new(CheckCodes.MarksKnown, false, $"No marks are known for question {Named(unknown)}.");
    }

    static PaperCheck Options(ExamPaper paper)
    {
        var counts = paper.Questions.Where(question => question.Options.Count > 0)
            .GroupBy(question => question.Options.Count).OrderByDescending(same => same.Count()).ToList();
        if (counts.Count == 0)
            return new(CheckCodes.Options, true, "No multiple choice.");
        var odd = counts.Skip(1).SelectMany(same => same).Select(question => $"{question.Key} ({question.Options.Count})").ToList();
        if (counts[0].Count() * 2 > paper.Questions.Count)
            odd.AddRange(paper.Questions.Where(question => question is { Options.Count: 0, Parts.Count: 0 })
                .Select(question => $"{question.Key} (none)"));
        return odd.Count == 0
            ? new(CheckCodes.Options, true, $"{counts[0].Count()} questions with {counts[0].Key} options each.")
            : new(CheckCodes.Options, false, $"Most have {counts[0].Key} options, but not question {Named(odd)}.");
    }

    /// <summary>A page belongs to a question, is a cover, or stands before the first or is empty.</summary>
    static PaperCheck Pages(ExamPaper paper, PaperText text)
    {
        var owned = paper.Questions.SelectMany(question => question.Regions).Select(region => region.Page).ToHashSet();
        var first = owned.Count == 0 ? 0 : owned.Min();
        var strays = text.Pages
            .Where(page => !owned.Contains(page.Number) && !text.IsCover(page.Number) && page.Number > Math.Min(first, 2)
                && text.Lines.Any(line => line.Page == page.Number && line.Text.Any(char.IsLetter)))
            .Select(page => $"{page.Number}").ToList();
        var silent = text.Pages.Where(page => page.Words.Count == 0).Select(page => $"{page.Number}").ToList();
        if (silent.Count > 0 && silent.Count == text.Pages.Count)
            return new(CheckCodes.Pages, false, "No page has text: the paper is scanned.");
        return strays.Count == 0
            ? new(CheckCodes.Pages, true, silent.Count == 0
                ? "Every page belongs to something." : $"Every page with text belongs to something; without text: {Named(silent)}.")
            : new(CheckCodes.Pages, false, $"These pages belong to no question: {Named(strays)}.");
    }

    static PaperCheck Readable(PaperText text)
    {
        var (letters, garbled, words, vowelless) = (0, 0, 0, 0);
        foreach (var word in text.Lines.SelectMany(line => line.Words))
        {
            letters += word.Text.Length;
            garbled += word.Text.Count(letter => letter == '\uFFFD' || char.GetUnicodeCategory(letter)
                is System.Globalization.UnicodeCategory.PrivateUse or System.Globalization.UnicodeCategory.Control);
            if (word.Text.Contains("(cid:", StringComparison.Ordinal))
                garbled += word.Text.Length;
            if (word.Text.Length < 5 || !word.Text.All(char.IsAsciiLetter))
                continue;
            words++;
            vowelless += word.Text.AsSpan().IndexOfAny(s_vowels) < 0 ? 1 : 0;
        }

        if (letters == 0)
            return new(CheckCodes.Readable, false, "There is no text.");
        var share = (double)garbled / letters;
        if (share > GarbledShareMax)
            return new(
                CheckCodes.Readable, false, $"{share:P0} of the letters are unreadable: the text layer does not say what the page shows.");
        return words >= LongWordsMin && vowelless > words * VowellessShareMax
            ? new(CheckCodes.Readable, false, "Most words have no vowel: the text layer does not say what the page shows.")
            : new(CheckCodes.Readable, true, "The text can be read.");
    }

    static string Named(List<string> names) => string.Join(", ", names.Take(NamedMax))
        + (names.Count > NamedMax ? $" and {names.Count - NamedMax} more" : "");
}
