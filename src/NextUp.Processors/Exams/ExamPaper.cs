using System.Text.Json.Serialization;

namespace NextUp.Processors.Exams;

/// <summary>What was read out of a paper: the result of a job.</summary>
public sealed record ExamPaper
{
    public string? Title { get; init; }

    /// <summary>The board's own, such as 9709/11, where the paper prints one.</summary>
    public string? Code { get; init; }

    public int? TotalMarksStated { get; init; }

    public int? TotalMarksFound { get; init; }

    public int Pages { get; init; }

    public bool HasInsert { get; init; }

    public IReadOnlyList<ExamSection> Sections { get; init; } = [];

    public IReadOnlyList<ExamQuestion> Questions { get; init; } = [];

    /// <summary>What holds and what does not. A failed check is told, never hidden.</summary>
    public IReadOnlyList<PaperCheck> Checks { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public Extractor Extractor { get; init; } = Extractor.Rules;

    /// <summary>What the model took, where one was asked.</summary>
    public ModelUsage? Usage { get; init; }
}

/// <param name="ToAnswer">How many of its questions are to be answered, where not all are.</param>
public sealed record ExamSection(string Name, string Title, int? ToAnswer);

/// <summary>A question. Section and number name it within its paper.</summary>
public sealed record ExamQuestion
{
    /// <summary>The section, where the paper has some, and the number: <c>A.3</c>, <c>7</c>.</summary>
    public required string Key { get; init; }

    public string? Section { get; init; }

    public required int Number { get; init; }

    /// <summary>The number as it is printed.</summary>
    public required string Label { get; init; }

    public int PageFrom { get; init; }

    public int PageTo { get; init; }

    /// <summary>Where it stands on its pages.</summary>
    public IReadOnlyList<PageRegion> Regions { get; init; } = [];

    /// <summary>What stands before its first part and its options.</summary>
    public string Text { get; init; } = "";

    /// <summary>The sum of its parts, or what is printed; null where neither is known.</summary>
    public int? Marks { get; init; }

    /// <summary>What the paper prints as the total of the whole question, or a person says it is.</summary>
    public int? MarksStated { get; init; }

    public IReadOnlyList<QuestionPart> Parts { get; init; } = [];

    public IReadOnlyList<AnswerOption> Options { get; init; } = [];

    public bool ReferencesInsert { get; init; }

    public IReadOnlyList<string> Figures { get; init; } = [];

    /// <summary>0 to 1.</summary>
    public double Confidence { get; init; } = 1;

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IReadOnlyList<ChapterTag> Tags { get; init; } = [];

    /// <summary>Whether a person chose its chapters, be it none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TagsChosen { get; init; }

    public string? MarkingScheme { get; init; }

    /// <summary><c>rule</c>, <c>llm</c> or <c>manual</c>.</summary>
    public string Source { get; init; } = Sources.Rule;
}

/// <param name="Label">a, i, 1 ...</param>
/// <param name="Marks">Its own, or the sum of its parts; null where neither is printed.</param>
public sealed record QuestionPart(string Label, string Text, int? Marks, IReadOnlyList<QuestionPart> Parts);

/// <summary>One of the answers of a multiple choice question.</summary>
public sealed record AnswerOption(string Label, string Text);

/// <summary>A rectangle on a page, in shares of its width and height from the upper left corner.</summary>
public sealed record PageRegion(int Page, double Left, double Top, double Right, double Bottom);

/// <param name="Chapter">The chapter's place in its syllabus, from 0.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Source"><c>rule</c>, <c>llm</c> or <c>manual</c>.</param>
public sealed record ChapterTag(
    int Chapter, string Number, string Title, double Confidence, bool IsPrimary, string Reason, string Source);

/// <param name="Code">A word for programs; see <see cref="CheckCodes"/>.</param>
/// <param name="Detail">A sentence for people: what was found, and where.</param>
public sealed record PaperCheck(string Code, bool Ok, string Detail);

/// <summary>The checks there are.</summary>
public static class CheckCodes
{
    public const string Numbers = "numbers";
    public const string MarksTotal = "marks-total";
    public const string PartsSum = "parts-sum";
    public const string MarksKnown = "marks-known";
    public const string Pages = "pages";
    public const string Options = "options";
    public const string Readable = "readable";
}

public static class Sources
{
    public const string Rule = "rule";
    public const string Model = "llm";
    public const string Manual = "manual";
}

/// <param name="Kind"><c>rule</c> or <c>llm</c>: whose questions these are.</param>
/// <param name="Model">The model that was asked, also where its answer was not taken.</param>
/// <param name="Note">Why the model's answer was taken or not.</param>
public sealed record Extractor(string Kind, string Version, string? Model = null, string? Note = null)
{
    public static readonly Extractor Rules = new(Sources.Rule, "1");
}

/// <summary>Tokens as the endpoint counted them, and their cost by the prices of the settings.</summary>
public sealed record ModelUsage(int Requests, long InputTokens, long OutputTokens, decimal? Cost);
