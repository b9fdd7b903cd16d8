namespace NextUp.Processors.Bibtex.Matching;

enum ContainerRelation
{
    Agree,
    Disagree,

    /// <summary>One of the two is not said.</summary>
    Unknown,
}

/// <summary>
/// Compares names of journals and books, which entries abbreviate freely: "J. Biol. Chem.", "PNAS", "Proc. of the 5th
/// ...".
/// </summary>
static class ContainerComparison
{
    const int AcronymLengthMin = 3;
    const int AcronymLengthMax = 8;

    static readonly HashSet<string> Noise =
    [
        "a", "an", "the", "of", "in", "on", "for", "and", "to", "et", "de", "la", "le", "les", "des", "du", "der",
        "die", "das", "und", "fur", "y", "e", "del", "di", "della", "usa", "us", "uk", "london", "new", "york",
        "series", "ser", "international", "intl", "int", "online", "print",
    ];

    public static ContainerRelation Compare(string? entry, string? work)
    {
        var mine = Words(entry);
        var theirs = Words(work);
        if (mine.Length == 0 || theirs.Length == 0)
            return ContainerRelation.Unknown;
        return Agree(mine, theirs) ? ContainerRelation.Agree : ContainerRelation.Disagree;
    }

    static bool Agree(string[] mine, string[] theirs)
    {
        if (string.Concat(mine) == string.Concat(theirs) || HasAcronym(mine, theirs) || HasAcronym(theirs, mine))
            return true;

        var (shorter, longer) = mine.Length <= theirs.Length ? (mine, theirs) : (theirs, mine);
        return Abbreviates(shorter, longer);
    }

    static string[] Words(string? container)
    {
        var words = FoldedText.Words(WithoutParentheses(container)).Where(word => !word.All(char.IsDigit)).ToArray();
        var telling = words.Where(word => !Noise.Contains(word)).ToArray();
        return telling.Length > 0 ? telling : words;
    }

    // Science (New York, N.Y.), Biochimica et Biophysica Acta (BBA)
    static string? WithoutParentheses(string? container)
    {
        var open = container?.IndexOf('(', StringComparison.Ordinal) ?? -1;
        var close = container?.IndexOf(')', StringComparison.Ordinal) ?? -1;
        return open > 0 && close > open ? container!.Remove(open, close - open + 1) : container;
    }

    // "pnas" for "proceedings national academy sciences": one word is made of the other name's first letters, or the
    // long form prints it ("JAMA: The Journal of the American Medical Association"), and all other words are there too.
    static bool HasAcronym(string[] brief, string[] full)
    {
        if (brief.Length >= full.Length)
            return false;

        var initials = string.Concat(full.Select(word => word[0]));
        var acronyms = brief.Count(word => !full.Contains(word) && IsAcronym(word, initials));
        var printed = brief.Length == 1 && full[0] == brief[0] && IsAcronym(brief[0], initials[1..]);
        return printed || acronyms == 1 && brief.Count(full.Contains) == brief.Length - 1;
    }

    static bool IsAcronym(string word, string initials) =>
        word.Length is >= AcronymLengthMin and <= AcronymLengthMax
        && (word.Length == AcronymLengthMin
            ? initials == word
            : initials.Contains(word, StringComparison.Ordinal));

    // Each word of the shorter name shortens, in order, a word of the longer; what the longer has besides may only
    // follow, because "Physical Review" is no abbreviation of "Physical Review Letters", but "Proc Natl Acad Sci" goes
    // without "USA".
    static bool Abbreviates(string[] shorter, string[] longer)
    {
        var at = 0;
        var skipped = 0;
        foreach (var word in shorter)
        {
            while (at < longer.Length && !Shortens(word, longer[at]) && !Shortens(longer[at], word))
            {
                at++;
                skipped++;
            }

            if (at++ == longer.Length)
                return false;
        }

        var rest = longer.Length - shorter.Length;
        return rest == 0 || shorter.Length >= 3 && rest * 2 <= shorter.Length && skipped <= 1;
    }

    // j, jour and jnl for journal; natl for national; phys for physical: the first letter agrees and the others follow
    // in order.
    static bool Shortens(string brief, string full)
    {
        if (brief[0] != full[0] || brief.Length > full.Length)
            return false;
        if (full.StartsWith(brief, StringComparison.Ordinal))
            return true;
        if (brief.Length < 3)
            return false;

        var at = 0;
        foreach (var letter in full)
            if (at < brief.Length && brief[at] == letter)
                at++;
        return at == brief.Length;
    }
}
