using System.Text.Json.Serialization;
using NextUp.Processors.Exams.Review;
using NextUp.Processors.Exams.Syllabuses;

namespace NextUp.Processors.Exams;

/// <summary>How papers and syllabuses are written, in files, in the store and on the wire.</summary>
[JsonSerializable(typeof(ExamPaper))]
[JsonSerializable(typeof(ExamSummary))]
[JsonSerializable(typeof(Syllabus))]
[JsonSerializable(typeof(ManualLayer))]
[JsonSerializable(typeof(VersionedEdit))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
public sealed partial class ExamJson : JsonSerializerContext
{
    /// <summary>Camel case; nothing is left out but null.</summary>
    public static ExamJson Wire => Default;
}

/// <summary>A paper in counts: the summary of its job, and what lists show.</summary>
public sealed record ExamSummary(
    string? Title, string? Code, int Questions, int? MarksFound, int? MarksStated, int Pages, int FailedChecks, int Tagged,
    bool IsCompletedWithWarnings, string Extractor, ModelUsage? Usage)
{
    public static ExamSummary Of(ExamPaper paper)
    {
        ArgumentNullException.ThrowIfNull(paper);
        var failed = paper.Checks.Count(check => !check.Ok);
        return new(
            paper.Title, paper.Code, paper.Questions.Count, paper.TotalMarksFound, paper.TotalMarksStated, paper.Pages, failed,
            paper.Questions.Count(question => question.Tags.Count > 0), failed > 0 || paper.Warnings.Count > 0,
            paper.Extractor.Kind, paper.Usage);
    }
}
