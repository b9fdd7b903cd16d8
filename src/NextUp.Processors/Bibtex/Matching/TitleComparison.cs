namespace NextUp.Processors.Bibtex.Matching;

/// <summary>How two titles relate, from the strongest relation to none.</summary>
enum TitleRelation
{
    Equal,

    /// <summary>Equal up to the first colon, where one of the two has nothing after it.</summary>
    EqualMainPart,

    /// <summary>Alike, and every difference is a slip: a typing error, a plural, a small word, a space.</summary>
    Alike,

    /// <summary>Alike, but a word of meaning differs. Only other evidence can make them one.</summary>
    AlikeButForAWord,

    /// <summary>They differ by a number, a negation, "part", "reply", "review" ...: two works, however alike.</summary>
    Distinguished,

    Different,
}

/// <summary>Compares folded titles by the rule that a wrong DOI is worse than none.</summary>
/// <param name="Similarity">1 minus the share of letters to edit.</param>
/// <param name="Difference">The words that decide, for people; empty where the titles are equal.</param>
readonly record struct TitleComparison(TitleRelation Relation, double Similarity, string Difference)
{
    /// <summary>Titles less alike than this are different, whatever their words.</summary>
    public const double SimilarityMin = 0.93;

    /// <summary>The best relation of the entry's title to the work's title with or without its subtitle.</summary>
    public static TitleComparison Best(FoldedTitle entry, FoldedTitle work, FoldedTitle workWithSubtitle)
    {
        var whole = Of(entry, workWithSubtitle);
        if (ReferenceEquals(work, workWithSubtitle) || whole.Relation == TitleRelation.Equal)
            return whole;

        var alone = Of(entry, work);
        if (alone.Relation == TitleRelation.Equal
            && DistinguishingWord(workWithSubtitle.Words[work.Words.Length..]) is { } word)
            return new(TitleRelation.Distinguished, 1, word);
        return alone.Relation < whole.Relation ? alone : whole;
    }

    public static TitleComparison Of(FoldedTitle one, FoldedTitle other)
    {
        if (one.Words.Length == 0 || other.Words.Length == 0)
            return new(TitleRelation.Different, 0, "");
        if (one.Joined == other.Joined)
            return new(TitleRelation.Equal, 1, "");
        if (MainPart(one, other) is { } main)
            return main;

        var similarity = EditDistance.Similarity(one.Spaced, other.Spaced, SimilarityMin);
        return similarity < SimilarityMin
            ? new(TitleRelation.Different, similarity, "")
            : Judge(WordDifference.Between(one.Words, other.Words), similarity);
    }

    /// <summary>Whether one title is the beginning of the other and says enough by itself.</summary>
    public static bool IsCutShort(FoldedTitle brief, FoldedTitle full) =>
        brief.Words.Length < full.Words.Length
        && full.Words.AsSpan().StartsWith(brief.Words)
        && !TitleWords.IsGeneric(brief.Words)
        && !full.Words[brief.Words.Length..].Any(TitleWords.Distinguishes);

    static TitleComparison? MainPart(FoldedTitle one, FoldedTitle other)
    {
        if (one.HasSubtitle == other.HasSubtitle || string.Concat(one.Main) != string.Concat(other.Main))
            return null;

        var longer = one.HasSubtitle ? one : other;
        var word = DistinguishingWord(longer.Words[longer.Main.Length..]);
        return word is null
            ? new(TitleRelation.EqualMainPart, 1, "")
            : new(TitleRelation.Distinguished, 1, word);
    }

    static TitleComparison Judge(IReadOnlyList<WordDifference> differences, double similarity)
    {
        var relation = TitleRelation.Alike;
        var deciding = "";
        foreach (var difference in differences)
        {
            var word = difference.IsSpacing ? null : difference.DistinguishingWord;
            if (word is not null)
                return new(TitleRelation.Distinguished, similarity, word);
            if (difference.IsSlip || relation == TitleRelation.AlikeButForAWord)
                continue;

            relation = TitleRelation.AlikeButForAWord;
            deciding = difference.ToString();
        }

        return new(relation, similarity, deciding);
    }

    // A long subtitle may well contain "two" or "review" somewhere; a short one, or one that begins so, tells works
    // apart.
    static string? DistinguishingWord(string[] rest)
    {
        const int shortSubtitleWordsMax = 4, beginningWordsMax = 2;
        var telling = rest.Length <= shortSubtitleWordsMax ? rest : rest[..beginningWordsMax];
        return telling.FirstOrDefault(TitleWords.Distinguishes);
    }
}
