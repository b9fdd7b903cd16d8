using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Client.Wire;

namespace NextUp.Client.Exams;

/// <param name="Next">To be given as <c>after</c> for the papers that follow; null at the end.</param>
public sealed record PaperPageView(IReadOnlyList<PaperRowView> Papers, string? Next);

/// <summary>A paper in a list.</summary>
/// <param name="Job">The job that read it last.</param>
/// <param name="Version">Named by whoever changes it.</param>
/// <param name="Pictures">Pages that have a picture.</param>
public sealed record PaperRowView(
    string Id, string Name, string Job, int Version, int Pictures, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    PaperSummaryView Summary);

/// <summary>A paper in counts.</summary>
/// <param name="Extractor"><c>rule</c> or <c>llm</c>.</param>
public sealed record PaperSummaryView(
    string? Title, string? Code, int Questions, int? MarksFound, int? MarksStated, int Pages, int FailedChecks, int Tagged,
    bool IsCompletedWithWarnings, string Extractor, PaperUsageView? Usage);

public sealed record PaperUsageView(int Requests, long InputTokens, long OutputTokens, decimal? Cost);

/// <summary>A paper with all that was read and changed.</summary>
public sealed record PaperView(
    string Id, string Name, string Job, int Version, int Pictures, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    ExamPaperView Paper);

public sealed record ExamPaperView
{
    public string? Title { get; init; }

    public string? Code { get; init; }

    public int? TotalMarksStated { get; init; }

    public int? TotalMarksFound { get; init; }

    public int Pages { get; init; }

    public bool HasInsert { get; init; }

    public IReadOnlyList<PaperSectionView> Sections { get; init; } = [];

    public IReadOnlyList<PaperQuestionView> Questions { get; init; } = [];

    public IReadOnlyList<PaperCheckView> Checks { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public PaperExtractorView? Extractor { get; init; }

    public PaperUsageView? Usage { get; init; }
}

public sealed record PaperSectionView(string Name, string Title, int? ToAnswer);

/// <summary>What holds, or does not.</summary>
public sealed record PaperCheckView(string Code, bool Ok, string Detail);

public sealed record PaperExtractorView(string Kind, string Version, string? Model, string? Note);

public sealed record PaperQuestionView
{
    /// <summary>Section and number, as paths name the question.</summary>
    public string Key { get; init; } = "";

    public string? Section { get; init; }

    public int Number { get; init; }

    public string Label { get; init; } = "";

    public int PageFrom { get; init; }

    public int PageTo { get; init; }

    public IReadOnlyList<PaperRegionView> Regions { get; init; } = [];

    public string Text { get; init; } = "";

    public int? Marks { get; init; }

    public int? MarksStated { get; init; }

    public IReadOnlyList<PaperPartView> Parts { get; init; } = [];

    public IReadOnlyList<PaperOptionView> Options { get; init; } = [];

    public bool ReferencesInsert { get; init; }

    public IReadOnlyList<string> Figures { get; init; } = [];

    public double Confidence { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IReadOnlyList<PaperTagView> Tags { get; init; } = [];

    /// <summary>Whether a person chose the chapters, be it none.</summary>
    public bool TagsChosen { get; init; }

    public string? MarkingScheme { get; init; }

    /// <summary><c>rule</c>, <c>llm</c> or <c>manual</c>.</summary>
    public string Source { get; init; } = "";
}

public sealed record PaperPartView(string Label, string Text, int? Marks, IReadOnlyList<PaperPartView> Parts);

public sealed record PaperOptionView(string Label, string Text);

/// <summary>In shares of the page's width and height.</summary>
public sealed record PaperRegionView(int Page, double Left, double Top, double Right, double Bottom);

public sealed record PaperTagView(
    int Chapter, string Number, string Title, double Confidence, bool IsPrimary, string Reason, string Source);

/// <summary>What is to be changed of a question; what is null stays. The version is the one that was looked at.</summary>
public sealed record EditRequest
{
    public int Version { get; init; }

    public int? Number { get; init; }

    /// <summary>An empty one takes the question out of its section.</summary>
    public string? Section { get; init; }

    public string? Text { get; init; }

    public int? Marks { get; init; }

    public IReadOnlyList<PaperPartView>? Parts { get; init; }

    public IReadOnlyList<PaperOptionView>? Options { get; init; }

    public string? MarkingScheme { get; init; }

    public bool? ReferencesInsert { get; init; }

    /// <summary>Its chapters, the primary one first.</summary>
    public IReadOnlyList<TagChoice>? Tags { get; init; }
}

/// <summary>A chapter that the question has, by its place among them, or one of a syllabus by its place in that; from 0.</summary>
public sealed record TagChoice(int? Kept = null, string? Syllabus = null, int? Chapter = null);

/// <summary>Another question is to be taken in, and the version of the paper that was looked at.</summary>
public sealed record MergeRequest(int Version, string With);

/// <summary>Where a question is to be divided: at a part, or before a piece of text.</summary>
public sealed record SplitRequest(int Version, string? Part = null, string? Before = null, int? Number = null);

/// <summary>Go back to what was read, or remove; the version that was looked at.</summary>
public sealed record VersionRequest(int Version);

/// <summary>Chapters of a syllabus by their places in it, the primary one first; null goes back to those that were found.</summary>
public sealed record TagRequest(int Version, string? Syllabus = null, IReadOnlyList<int>? Chapters = null);

/// <summary>Have every question tagged by a syllabus, but for those that a person tagged.</summary>
public sealed record RetagRequest(int Version, string Syllabus);

public sealed record SyllabusListView(IReadOnlyList<SyllabusRowView> Syllabuses);

public sealed record SyllabusRowView(string Id, string Name, int Chapters, DateTimeOffset CreatedAt);

public sealed record SyllabusView(string Name, IReadOnlyList<ChapterView> Chapters);

public sealed record ChapterView(string? Number, string Title, string? Description = null, IReadOnlyList<string>? Subtopics = null);

/// <summary>How all of these are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(PaperPageView))]
[JsonSerializable(typeof(PaperView))]
[JsonSerializable(typeof(EditRequest))]
[JsonSerializable(typeof(MergeRequest))]
[JsonSerializable(typeof(SplitRequest))]
[JsonSerializable(typeof(VersionRequest))]
[JsonSerializable(typeof(TagRequest))]
[JsonSerializable(typeof(RetagRequest))]
[JsonSerializable(typeof(SyllabusListView))]
[JsonSerializable(typeof(SyllabusRowView))]
[JsonSerializable(typeof(SyllabusView))]
public sealed partial class PaperJson : JsonSerializerContext
{
    /// <summary>As <c>Default</c>, but letters outside ASCII are written as they are, as in <see cref="WireJson.Wire"/>.</summary>
    public static PaperJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new UtcTimeConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
