using NextUp.Processors.Exams.Syllabuses;

namespace NextUp.Processors.Exams.Review;

/// <summary>What a person changes of a question; what is left out stays.</summary>
public record QuestionEdit
{
    public int? Number { get; init; }

    public string? Section { get; init; }

    public string? Text { get; init; }

    public int? Marks { get; init; }

    public IReadOnlyList<QuestionPart>? Parts { get; init; }

    public IReadOnlyList<AnswerOption>? Options { get; init; }

    public string? MarkingScheme { get; init; }

    public bool? ReferencesInsert { get; init; }

    /// <summary>Its chapters, the primary one first.</summary>
    public IReadOnlyList<ChapterChoice>? Tags { get; init; }

    /// <summary>Whether it names anything but chapters.</summary>
    internal bool TouchesContent =>
        Number is not null || Section is not null || Text is not null || Marks is not null || Parts is not null || Options is not null
        || MarkingScheme is not null || ReferencesInsert is not null;
}

/// <summary>A change, and the version of the paper that it was made on.</summary>
public sealed record VersionedEdit : QuestionEdit
{
    public int Version { get; init; }
}

/// <summary>The answer to a change.</summary>
public abstract record ReviewAnswer
{
    ReviewAnswer() { }

    public sealed record Changed(ManualLayer Layer) : ReviewAnswer;

    /// <param name="Reason">What is wrong and the way out.</param>
    /// <param name="Field">The member of the change that is at fault, as <c>parts[1].marks</c>; null where it is none alone.</param>
    public sealed record Refused(string Reason, string? Field = null) : ReviewAnswer;

    public sealed record NotFound : ReviewAnswer;
}

/// <summary>Changes that people make to what was read. Pure: from a paper and its changes to other changes.</summary>
public sealed class PaperReview(ExamPaper read, ManualLayer layer)
{
    /// <summary>Marks of one question.</summary>
    public const int MarksMax = 999;

    /// <summary>Characters of a text.</summary>
    public const int TextLengthMax = 50_000;

    /// <summary>Parts of a question, all levels together.</summary>
    public const int PartsMax = 200;

    /// <summary>Levels of parts: what is nested deeper is on no paper, and could not be read back.</summary>
    public const int PartLevelsMax = 6;

    /// <summary>Characters of a section, and of the label of a part or option.</summary>
    public const int LabelLengthMax = 20;

    /// <summary>Options of a question.</summary>
    public const int OptionsMax = 26;

    readonly ExamPaper _shown = layer.Over(read);

    /// <param name="chapters">What <see cref="QuestionEdit.Tags"/> are chosen from; null has no syllabus.</param>
    public ReviewAnswer Edit(string key, QuestionEdit edit, ChapterChoices? chapters = null)
    {
        ArgumentNullException.ThrowIfNull(edit);
        if (Find(key) is not { } question)
            return new ReviewAnswer.NotFound();
        if (EditFaults.Of(edit) is { } fault)
            return fault;
        IReadOnlyList<ChapterTag>? tags = null;
        if (edit.Tags is { } choices)
        {
            (tags, var unfit) = (chapters ?? ChapterChoices.OfNoSyllabus).Of(choices, question.Tags);
            if (unfit is not null)
                return unfit;
        }

        if (!edit.TouchesContent && tags is not null)
            return Tag(key, tags);
        var changed = Changed(question, edit);
        var answer = Replace([question], [changed]);
        return tags is null || answer is not ReviewAnswer.Changed taken
            ? answer : new ReviewAnswer.Changed(Tagged(taken.Layer, changed.Key, tags));
    }

    static ExamQuestion Changed(ExamQuestion question, QuestionEdit edit)
    {
        var section = edit.Section is null ? question.Section : edit.Section.Length == 0 ? null : edit.Section;
        var number = edit.Number ?? question.Number;
        var parts = edit.Parts is null ? question.Parts : [.. edit.Parts.Select(Whole)];
        return question with
        {
            Key = KeyOf(section, number, question),
            Section = section,
            Number = number,
            Label = edit.Number is null ? question.Label : $"{number}",
            Text = edit.Text ?? question.Text,
            Marks = edit.Marks ?? (edit.Parts is null ? question.Marks : MarksWith(parts, question)),
            // What the paper prints stays the measure of its parts, until a person says that it was misread.
            MarksStated = edit.Marks ?? question.MarksStated,
            Parts = parts,
            Options = edit.Options ?? question.Options,
            MarkingScheme = edit.MarkingScheme ?? question.MarkingScheme,
            ReferencesInsert = edit.ReferencesInsert ?? question.ReferencesInsert,
        };
    }

    /// <summary>Makes one of two: the first takes in what the other has.</summary>
    public ReviewAnswer Merge(string key, string with)
    {
        if (Find(key) is not { } one || Find(with) is not { } other)
            return new ReviewAnswer.NotFound();
        if (key == with)
            return new ReviewAnswer.Refused("A question cannot be merged with itself. Name another one in \"with\".", "with");
        var parts = (List<QuestionPart>)[.. one.Parts, .. other.Parts];
        var text = one.Parts.Count == 0 ? Joined(one.Text, other.Text) : one.Text;
        if (one.Parts.Count > 0 && other.Text.Length > 0)
        {
            var last = one.Parts[^1];
            parts[one.Parts.Count - 1] = last with { Text = Joined(last.Text, other.Text) };
        }

        return Replace([one, other],
        [
            one with
            {
                Text = text,
                Parts = parts,
                Options = [.. one.Options, .. other.Options],
                Marks = one.Marks is null && other.Marks is null ? null : (one.Marks ?? 0) + (other.Marks ?? 0),
                MarksStated = null,
                PageFrom = Math.Min(one.PageFrom, other.PageFrom),
                PageTo = Math.Max(one.PageTo, other.PageTo),
                Regions = [.. one.Regions, .. other.Regions],
                Figures = [.. one.Figures.Union(other.Figures)],
                ReferencesInsert = one.ReferencesInsert || other.ReferencesInsert,
                MarkingScheme = one.MarkingScheme is null ? other.MarkingScheme
                    : other.MarkingScheme is null ? one.MarkingScheme : Joined(one.MarkingScheme, other.MarkingScheme),
            },
        ]);
    }

    /// <summary>Makes two of one.</summary>
    /// <param name="part">The label of the first part that is the new question's; null looks for the text.</param>
    /// <param name="before">A piece of the text that the new question begins with.</param>
    /// <param name="number">The new one's; null is the next number.</param>
    public ReviewAnswer Split(string key, string? part, string? before, int? number)
    {
        if (Find(key) is not { } question)
            return new ReviewAnswer.NotFound();
        var next = number ?? question.Number + 1;
        var nextKey = question.Section is null ? $"{next}" : $"{question.Section}.{next}";
        if (next is < 1 or > MarksMax || Find(nextKey) is not null)
            return new ReviewAnswer.Refused($"There is a question {nextKey} already. Give the new one another \"number\".", "number");
        if (Halves(question, part, before) is not var (first, second))
        {
            return new ReviewAnswer.Refused(
                "The place was not found. Name in \"part\" a part of the question, or in \"before\" a piece of its text as it is shown.");
        }

        return Replace([question],
        [
            first with { MarksStated = null },
            second with { Key = nextKey, Number = next, Label = $"{next}", MarksStated = null, MarkingScheme = null },
        ]);
    }

    public ReviewAnswer Remove(string key) =>
        Find(key) is { } question ? Replace([question], []) : new ReviewAnswer.NotFound();

    /// <summary>Goes back to what was read, for all questions of the change that the question belongs to.</summary>
    public ReviewAnswer Restore(string key)
    {
        // A question may bear the number that another one had before it was given a new one: what is shown is meant.
        var change = layer.Changes.FirstOrDefault(one => one.Questions.Any(question => question.Key == key))
            ?? layer.Changes.FirstOrDefault(one => one.Covers.Contains(key));
        if (change is null)
            return new ReviewAnswer.NotFound();
        var restored = layer with { Changes = [.. layer.Changes.Where(one => one != change)] };
        if (change.Questions.Count > 0 && change.Covers.Count > 0 && !change.Covers.Contains(change.Questions[0].Key))
            restored = Tagged(restored, change.Covers[0], restored.Tags.GetValueOrDefault(change.Questions[0].Key));
        foreach (var gone in change.Questions.Select(question => question.Key).Except(change.Covers))
            restored = Tagged(restored, gone, null);
        return new ReviewAnswer.Changed(restored);
    }

    /// <summary>Chapters that a person chose; null goes back to those that were found.</summary>
    public ReviewAnswer Tag(string key, IReadOnlyList<ChapterTag>? tags)
    {
        if (Find(key) is null)
            return new ReviewAnswer.NotFound();
        return new ReviewAnswer.Changed(Tagged(layer, key, tags));
    }

    static ManualLayer Tagged(ManualLayer layer, string key, IReadOnlyList<ChapterTag>? tags)
    {
        var all = new Dictionary<string, IReadOnlyList<ChapterTag>>(layer.Tags);
        all.Remove(key);
        if (tags is not null)
            all[key] = tags;
        return layer with { Tags = all };
    }

    /// <summary>Chapters of a syllabus for every question but those that a person tagged.</summary>
    public ManualLayer Retag(Func<ExamQuestion, IReadOnlyList<ChapterTag>> tag) =>
        layer with { Retagged = _shown.Questions.ToDictionary(question => question.Key, tag) };

    ExamQuestion? Find(string key) => _shown.Questions.FirstOrDefault(question => question.Key == key);

    ReviewAnswer Replace(IReadOnlyList<ExamQuestion> old, IReadOnlyList<ExamQuestion> changed)
    {
        var others = _shown.Questions.Except(old).Select(question => question.Key).ToHashSet();
        if (changed.FirstOrDefault(question => !others.Add(question.Key)) is { } twice)
        {
            return new ReviewAnswer.Refused(
                $"There is a question {twice.Key} already. Give this one another \"number\" or \"section\".", "number");
        }

        // Chapters that a person chose are kept apart: what the change holds are those that were found.
        var found = (layer with { Tags = ManualLayer.None.Tags }).Over(read).Questions
            .First(question => question.Key == old[0].Key).Tags;
        List<ExamQuestion> manual = [.. changed.Select(question => question with
        {
            Source = Sources.Manual, Confidence = 1, Warnings = [], Tags = found, TagsChosen = false,
        })];
        var keys = old.Select(question => question.Key).ToHashSet();
        var touched = layer.Changes.Where(change => change.Questions.Any(question => keys.Contains(question.Key))).ToList();
        var covered = touched.SelectMany(change => change.Covers)
            .Concat(old.Where(question => question.Source != Sources.Manual).Select(question => question.Key)).Distinct();
        var kept = touched.SelectMany(change => change.Questions).Where(question => !keys.Contains(question.Key)).ToList();
        // The new ones stand where the first of the old ones stood.
        var at = touched.Count == 0 ? 0
            : touched[0].Questions.TakeWhile(question => !keys.Contains(question.Key)).Count();
        kept.InsertRange(Math.Min(at, kept.Count), manual);
        return new ReviewAnswer.Changed(layer with
        {
            Changes = [.. layer.Changes.Except(touched), new([.. covered], kept)],
            Tags = Followed(layer.Tags)!,
            Retagged = Followed(layer.Retagged),
        });

        // Chapters go with their question to another key, and none wait there for it.
        Dictionary<string, IReadOnlyList<ChapterTag>>? Followed(IReadOnlyDictionary<string, IReadOnlyList<ChapterTag>>? tags)
        {
            if (tags is null)
                return null;
            var followed = new Dictionary<string, IReadOnlyList<ChapterTag>>(tags);
            foreach (var key in changed.Select(question => question.Key).Where(key => !keys.Contains(key)))
            {
                followed.Remove(key);
                if (tags.TryGetValue(old[0].Key, out var own))
                    followed[key] = own;
            }

            return followed;
        }
    }

    static (ExamQuestion First, ExamQuestion Second)? Halves(ExamQuestion question, string? part, string? before)
    {
        if (part is not null)
        {
            var at = question.Parts.ToList().FindIndex(one => one.Label == part);
            return at <= 0 && (at < 0 || question.Text.Length == 0) ? null
                : (Of(question, question.Text, question.Parts.Take(at), question.Options.Count > 0),
                    Of(question, "", question.Parts.Skip(at), false));
        }

        if (string.IsNullOrWhiteSpace(before))
            return null;
        var inStem = question.Text.IndexOf(before, StringComparison.Ordinal);
        if (inStem > 0)
        {
            var second = Of(question, question.Text[inStem..].Trim(), question.Parts, false) with { Options = question.Options };
            return (Of(question, question.Text[..inStem].Trim(), [], false) with { Marks = null },
                question.Parts.Count == 0 ? second with { Marks = question.Marks } : second);
        }

        for (var i = 0; i < question.Parts.Count; i++)
        {
            var one = question.Parts[i];
            var inPart = one.Text.IndexOf(before, StringComparison.Ordinal);
            if (inPart < 0)
                continue;
            var kept = one with { Text = one.Text[..inPart].Trim(), Marks = null, Parts = [] };
            var second = Of(question, one.Text[inPart..].Trim(), [.. one.Parts, .. question.Parts.Skip(i + 1)], false);
            // Marks are printed at the end, which is in the second half.
            return (Of(question, question.Text, [.. question.Parts.Take(i), kept], false),
                second.Parts.Count == 0 ? second with { Marks = one.Marks } : second);
        }

        return null;
    }

    static ExamQuestion Of(ExamQuestion question, string text, IEnumerable<QuestionPart> parts, bool keepsOptions)
    {
        List<QuestionPart> kept = [.. parts];
        return question with
        {
            Text = text, Parts = kept, Marks = kept.Count > 0 ? Sum(kept) : null, Options = keepsOptions ? question.Options : [],
        };
    }

    static int? Sum(IReadOnlyList<QuestionPart> parts) =>
        parts.All(part => part.Marks is null) ? null : parts.Sum(part => part.Marks ?? 0);

    static string KeyOf(string? section, int number, ExamQuestion question) =>
        section == question.Section && number == question.Number ? question.Key : section is null ? $"{number}" : $"{section}.{number}";

    static string Joined(string one, string other) => one.Length == 0 ? other : other.Length == 0 ? one : one + "\n" + other;

    /// <summary>
    /// A question that gets its first parts, or loses its last ones, keeps its marks where the parts say nothing else.
    /// </summary>
    static int? MarksWith(IReadOnlyList<QuestionPart> parts, ExamQuestion question) =>
        parts.Count == 0 || question.Parts.Count == 0 ? Sum(parts) ?? question.Marks
            : Sum(parts) + Beside(question) ?? question.MarksStated;

    /// <summary>Marks that are printed outside of the parts. Where a total is printed, it says what the sum should be.</summary>
    static int Beside(ExamQuestion question) =>
        question.MarksStated is null && question.Parts.All(part => part.Marks is not null)
            ? Math.Max(0, (question.Marks ?? 0) - question.Parts.Sum(part => part.Marks ?? 0)) : 0;

    /// <summary>A part without parts says nothing of them; one with parts and no marks has theirs.</summary>
    static QuestionPart Whole(QuestionPart part)
    {
        List<QuestionPart> parts = [.. (part.Parts ?? []).Select(Whole)];
        return part with { Parts = parts, Marks = part.Marks ?? Sum(parts) };
    }
}
