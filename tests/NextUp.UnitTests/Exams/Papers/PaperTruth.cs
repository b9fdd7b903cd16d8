namespace NextUp.UnitTests.Exams.Papers;

/// <summary>How boards print their papers.</summary>
public enum PaperStyle
{
    /// <summary>Bare numbers, (a) (i), [n] at the end of the line; Cambridge.</summary>
    Bracketed,

    /// <summary>Bare numbers, (3) in a column, "(Total for Question 3 = 9 marks)"; Edexcel.</summary>
    Totalled,

    /// <summary>"1." and "[Maximum mark: 7]"; the International Baccalaureate.</summary>
    Maximum,

    /// <summary>Boxed "0 1 . 2" and "[3 marks]"; AQA.</summary>
    Boxed,

    /// <summary>"1." or "1)" and "(3 marks)"; schools.</summary>
    Dotted,

    /// <summary>"Question 1"; schools.</summary>
    Worded,

    /// <summary>Multiple choice, four options each.</summary>
    Choice,
}

/// <summary>What a generated paper is known to hold.</summary>
public sealed record PaperTruth(
    PaperStyle Style, string Code, int Total, IReadOnlyList<QuestionTruth> Questions, bool PrintsTotal, bool HasInsert);

public sealed record QuestionTruth(string? Section, int Number, int Marks, IReadOnlyList<PartTruth> Parts)
{
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Words that are in its own text or its parts', and in no other question's.</summary>
    public required string Mark { get; init; }
}

/// <param name="Marks">Null where its own parts earn them.</param>
public sealed record PartTruth(string Label, int? Marks, IReadOnlyList<PartTruth> Parts);
