using System.Text.Json;
using NextUp.Processors.Exams.Questions;

namespace NextUp.Processors.Exams.Review;

/// <summary>
/// What people changed of a paper, kept apart from what was read: a new reading replaces the one and leaves the other alone.
/// </summary>
/// <param name="Changes">Each covers other questions than the others.</param>
/// <param name="Tags">Chapters that a person chose, by the question's key.</param>
/// <param name="Retagged">Chapters by another syllabus than the job's, by key; null where there was none since.</param>
public sealed record ManualLayer(
    IReadOnlyList<ManualChange> Changes, IReadOnlyDictionary<string, IReadOnlyList<ChapterTag>> Tags,
    IReadOnlyDictionary<string, IReadOnlyList<ChapterTag>>? Retagged)
{
    public static readonly ManualLayer None = new([], new Dictionary<string, IReadOnlyList<ChapterTag>>(), null);

    /// <summary>Empty bytes are no changes.</summary>
    public static ManualLayer Read(ReadOnlySpan<byte> json) =>
        json.IsEmpty ? None : JsonSerializer.Deserialize(json, ExamJson.Wire.ManualLayer) ?? None;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, ExamJson.Wire.ManualLayer);

    /// <summary>
    /// The paper as people see it. A change stands where the first of the questions that it covers was read; where the reading
    /// has none of them any more it stands by its number, and that is told.
    /// </summary>
    public ExamPaper Over(ExamPaper read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var questions = new List<ExamQuestion>();
        var placed = new HashSet<ManualChange>();
        foreach (var question in read.Questions)
        {
            var change = Changes.FirstOrDefault(one => one.Covers.Contains(question.Key));
            if (change is null)
                questions.Add(question);
            else if (placed.Add(change))
                questions.AddRange(change.Questions);
        }

        var strays = Changes.Where(change => !placed.Contains(change)).SelectMany(change => change.Questions).ToList();
        foreach (var stray in strays)
        {
            var at = questions.FindIndex(other => other.Section == stray.Section && other.Number > stray.Number);
            questions.Insert(at < 0 ? questions.Count : at, stray);
        }

        // A question that was numbered by hand gives way to nothing that is read later under the same key.
        var manual = Changes.SelectMany(change => change.Questions).Select(question => question.Key).ToHashSet();
        questions.RemoveAll(question => question.Source != Sources.Manual && manual.Contains(question.Key));
        return PaperChecks.Again(read with
        {
            Questions = questions.ConvertAll(Tagged),
            Warnings = strays.Count == 0 ? read.Warnings
                :
                [
                    .. read.Warnings,
                    $"Changed by hand, and no longer found on the pages: question {string.Join(", ", strays.Select(stray => stray.Key))}.",
                ],
        });
    }

    ExamQuestion Tagged(ExamQuestion question) =>
        Tags.TryGetValue(question.Key, out var chosen) ? question with { Tags = chosen, TagsChosen = true }
        : Retagged is null ? question with { TagsChosen = false }
        : question with { Tags = Retagged.GetValueOrDefault(question.Key) ?? [], TagsChosen = false };
}

/// <summary>What stands in the place of questions that were read.</summary>
/// <param name="Covers">The keys of those questions; none where one was only added.</param>
/// <param name="Questions">None where they were removed.</param>
public sealed record ManualChange(IReadOnlyList<string> Covers, IReadOnlyList<ExamQuestion> Questions);
