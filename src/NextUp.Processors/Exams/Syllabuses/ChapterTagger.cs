using System.Text.RegularExpressions;

namespace NextUp.Processors.Exams.Syllabuses;

/// <summary>
/// Finds the chapters that a question is about by the words they share, weighed as BM25 does: a word that few chapters have
/// says more than one that all have.
/// </summary>
/// <remarks>
/// The confidence is the share of the question's weight that the chapter holds, set against what the second best chapter
/// holds. Below <see cref="ConfidenceMin"/> there is no tag: a question that fits everywhere fits nowhere. The chapter that
/// fits best is the primary one.
/// </remarks>
public sealed partial class ChapterTagger
{
    /// <summary>Tags below this are not given: at it questions about nothing in the syllabus get none, and clear ones get theirs.</summary>
    public const double ConfidenceMin = 0.6;

    const double Saturation = 1.2;
    const double LengthWeight = 0.5;

    /// <summary>A word of a title says more than one of a description.</summary>
    const int TitleWeight = 3;

    const int TagsMax = 3;

    /// <summary>Different words that question and chapter have to share.</summary>
    const int SharedWordsMin = 2;

    readonly Syllabus _syllabus;
    readonly double _confidenceMin;
    readonly List<Dictionary<string, int>> _chapters = [];
    readonly Dictionary<string, int> _spread = [];
    readonly double _lengthMean;

    /// <param name="confidenceMin">Another bound than <see cref="ConfidenceMin"/>; 0 shows what lies below it.</param>
    public ChapterTagger(Syllabus syllabus, double confidenceMin = ConfidenceMin)
    {
        ArgumentNullException.ThrowIfNull(syllabus);
        (_syllabus, _confidenceMin) = (syllabus, confidenceMin);
        foreach (var chapter in syllabus.Chapters)
        {
            var words = new Dictionary<string, int>();
            Count(words, chapter.Title, TitleWeight);
            Count(words, chapter.Description, 1);
            foreach (var subtopic in chapter.Subtopics ?? [])
                Count(words, subtopic, 2);
            _chapters.Add(words);
            foreach (var word in words.Keys)
                _spread[word] = _spread.GetValueOrDefault(word) + 1;
        }

        _lengthMean = Math.Max(1, _chapters.Average(chapter => chapter.Values.Sum()));
    }

    /// <summary>The chapters that fit, best first; none where none fits well.</summary>
    public IReadOnlyList<ChapterTag> Tag(ExamQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var asked = new Dictionary<string, int>();
        Count(asked, question.Text, 1);
        foreach (var option in question.Options)
            Count(asked, option.Text, 1);
        foreach (var part in question.Parts)
            Count(asked, part);

        var scores = new List<(int Chapter, double Score, List<string> Shared)>();
        for (var i = 0; i < _chapters.Count; i++)
        {
            var shared = asked.Keys.Where(_chapters[i].ContainsKey)
                .OrderByDescending(Rarity).ThenBy(word => word, StringComparer.Ordinal).ToList();
            if (shared.Count >= SharedWordsMin)
                scores.Add((i, shared.Sum(word => Weight(_chapters[i], word) * Math.Min(asked[word], 3)), shared));
        }

        scores.Sort((one, other) => other.Score.CompareTo(one.Score) is not 0 and var order ? order : one.Chapter.CompareTo(other.Chapter));
        var tags = new List<ChapterTag>();
        var second = scores.Count > 1 ? scores[1].Score : 0;
        foreach (var (chapter, score, shared) in scores.Take(TagsMax))
        {
            var confidence = Confidence(score, tags.Count == 0 ? second : scores[0].Score);
            if (confidence < _confidenceMin)
                break;
            tags.Add(new(
                chapter, _syllabus.Chapters[chapter].Number ?? $"{chapter + 1}", _syllabus.Chapters[chapter].Title,
                Math.Round(confidence, 2), tags.Count == 0, $"shares {string.Join(", ", shared.Take(5))}", Sources.Rule));
        }

        return tags;
    }

    /// <summary>Strong evidence, and more than for the other chapter.</summary>
    static double Confidence(double score, double other)
    {
        const double Half = 3.5;
        var strength = score / (score + Half);
        return strength * (0.55 + 0.45 * score / (score + other));
    }

    double Rarity(string word) =>
        Math.Log(1 + (_chapters.Count - _spread[word] + 0.5) / (_spread[word] + 0.5));

    double Weight(Dictionary<string, int> chapter, string word)
    {
        var often = chapter[word];
        var length = 1 - LengthWeight + LengthWeight * chapter.Values.Sum() / _lengthMean;
        return Rarity(word) * often * (Saturation + 1) / (often + Saturation * length);
    }

    static void Count(Dictionary<string, int> words, QuestionPart part)
    {
        Count(words, part.Text, 1);
        foreach (var inner in part.Parts)
            Count(words, inner);
    }

    static void Count(Dictionary<string, int> words, string? text, int weight)
    {
        foreach (Match match in Word().Matches(text ?? ""))
        {
            var word = Stem(match.Value.ToLowerInvariant());
            if (word.Length > 2 && !s_empty.Contains(word))
                words[word] = words.GetValueOrDefault(word) + weight;
        }
    }

    /// <summary>Without the endings that turn a word into another of its family.</summary>
    static string Stem(string word)
    {
        foreach (var ending in (ReadOnlySpan<string>)["ations", "ation", "ingly", "ities",
            "ing", "ies", "ity", "ions", "ion", "ed", "es", "ly", "s", "e"])
        {
            if (word.Length - ending.Length >= 4 && word.EndsWith(ending, StringComparison.Ordinal))
                return word[..^ending.Length];
        }

        return word;
    }

    /// <summary>What every question says.</summary>
    static readonly HashSet<string> s_empty =
    [
        .. new[]
        {
            "the", "and", "for", "are", "that", "with", "this", "which", "from", "what", "you", "your", "each", "how", "why", "one",
            "two", "three", "state", "explain", "describ", "give", "show", "find", "calculate", "calculat", "answer", "question",
            "mark", "figure", "table", "diagram", "name", "write", "use", "using", "following", "below", "above", "value",
            "complete", "complet", "identify", "suggest", "outlin", "outline", "discuss", "evaluat", "compar",
                "has", "have", "was", "were", "can", "not",
            "its", "their", "when", "where", "into", "between", "must", "should", "hence", "given", "that", "than", "then", "these",
        }.Select(Stem),
    ];

    [GeneratedRegex(@"\p{L}[\p{L}\d]*")]
    private static partial Regex Word();
}
