using NextUp.Processors.Exams.Syllabuses;

namespace NextUp.Processors.Exams.Review;

/// <summary>A chapter for a question: one that it has already, or one of a syllabus.</summary>
public sealed record ChapterChoice
{
    /// <summary>The place, from 0, among the chapters that the question has.</summary>
    public int? Kept { get; init; }

    /// <summary>The id of a syllabus.</summary>
    public string? Syllabus { get; init; }

    /// <summary>The place, from 0, in the syllabus.</summary>
    public int? Chapter { get; init; }
}

/// <summary>Makes chapters of what a person chose.</summary>
/// <param name="syllabuses">By id, as far as they are the person's own.</param>
/// <param name="chosenBy">The person's name.</param>
public sealed class ChapterChoices(IReadOnlyDictionary<string, Syllabus> syllabuses, string? chosenBy)
{
    public static readonly ChapterChoices OfNoSyllabus = new(new Dictionary<string, Syllabus>(), null);

    /// <summary>Chapters of one question.</summary>
    public const int ChaptersMax = 50;

    /// <summary>The chapters, each once and the primary one first, or what is wrong with a choice.</summary>
    /// <param name="present">Those that the question has.</param>
    internal (IReadOnlyList<ChapterTag>? Tags, ReviewAnswer.Refused? Unfit) Of(
        IReadOnlyList<ChapterChoice> choices, IReadOnlyList<ChapterTag> present)
    {
        if (choices.Count > ChaptersMax)
            return (null, At("tags", $"has at most {ChaptersMax} chapters."));
        var tags = new List<ChapterTag>();
        for (var i = 0; i < choices.Count; i++)
        {
            var (tag, unfit) = Of(choices[i], present, $"tags[{i}]");
            if (tag is null)
                return (null, unfit);
            if (!tags.Exists(other => (other.Number, other.Title) == (tag.Number, tag.Title)))
                tags.Add(tag with { IsPrimary = tags.Count == 0 });
        }

        return (tags, null);
    }

    (ChapterTag? Tag, ReviewAnswer.Refused? Unfit) Of(ChapterChoice? choice, IReadOnlyList<ChapterTag> present, string where)
    {
        if (choice is { Kept: { } kept, Syllabus: null, Chapter: null })
        {
            return kept >= 0 && kept < present.Count
                ? (present[kept] with { Confidence = 1, Reason = $"kept by {chosenBy}", Source = Sources.Manual }, null)
                : (null, At($"{where}.kept", $"is a place among the {present.Count} chapters that the question has, from 0."));
        }

        if (choice is not { Kept: null, Syllabus: { } id, Chapter: { } place })
            return (null, At(where, "is {\"kept\": 0}, a chapter that the question has, or {\"syllabus\": \"...\", \"chapter\": 0}."));
        if (!syllabuses.TryGetValue(id, out var syllabus))
            return (null, At($"{where}.syllabus", "is no syllabus of yours. PUT its chapters to /api/v1/exams/syllabuses/ID first."));
        if (place < 0 || place >= syllabus.Chapters.Count)
            return (null, At($"{where}.chapter", $"is a place in the syllabus, from 0 to {syllabus.Chapters.Count - 1}."));
        var chapter = syllabus.Chapters[place];
        return (new(place, chapter.Number ?? $"{place + 1}", chapter.Title, 1, false, $"chosen by {chosenBy}", Sources.Manual), null);
    }

    static ReviewAnswer.Refused At(string field, string rule) => new($"\"{field}\" {rule}", field);
}
