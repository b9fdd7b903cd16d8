using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Matching;

enum AuthorRelation
{
    /// <summary>The first authors are the same.</summary>
    FirstAgrees,

    /// <summary>At least half of the longer list is in the other.</summary>
    HalfAgree,

    EntryNamesNone,

    WorkNamesNone,

    Disagree,
}

/// <summary>
/// Compares author lists by family names, folded; initials may not contradict. Entries name people in every manner
/// ("Pearman, W.A.", "D Scalarone", "van der Berg"), so a name is compared by its words.
/// </summary>
static class AuthorComparison
{
    static readonly HashSet<string> Particles =
    [
        "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "el", "al", "bin",
        "ibn", "ter", "ten", "zu", "zur", "st", "jr", "sr", "ii", "iii", "iv", "dr", "prof", "and", "et", "others",
    ];

    public static AuthorRelation Compare(IReadOnlyList<WorkAuthor> entry, IReadOnlyList<WorkAuthor> work)
    {
        var mine = entry.Select(Name.Of).Where(name => name.Family.Length > 0).ToList();
        var theirs = work.Select(Name.Of).Where(name => name.Family.Length > 0).ToList();
        if (mine.Count == 0)
            return AuthorRelation.EntryNamesNone;
        if (theirs.Count == 0)
            return AuthorRelation.WorkNamesNone;
        if (mine[0].Agrees(theirs[0]))
            return AuthorRelation.FirstAgrees;

        var shared = mine.Count(name => theirs.Any(name.Agrees));
        return shared * 2 >= Math.Max(mine.Count, theirs.Count) ? AuthorRelation.HalfAgree : AuthorRelation.Disagree;
    }

    sealed record Name(string[] Family, string Initials, string[] All)
    {
        public static Name Of(WorkAuthor author)
        {
            var words = FoldedText.Words(author.Family);
            var given = FoldedText.Words(author.Given);
            var family = words.Where(word => word.Length > 1 && !Particles.Contains(word)).ToArray();
            if (family.Length == 0)
                family = words.Where(word => word.Length > 1).ToArray();
            if (family.Length == 0)
                family = words;

            var initials = given.Length > 0
                ? string.Concat(given.Select(word => word[0]))
                : string.Concat(words.Where(word => word.Length == 1));
            var all = words.Concat(given).Where(word => word.Length > 1).Select(Plain).Order();
            return new([.. family.Select(Plain)], initials, [.. all]);
        }

        public bool Agrees(Name other)
        {
            // Given and family name are often swapped; a family name alone proves nothing of the initials.
            if (All.Length > 1 && All.AsSpan().SequenceEqual(other.All))
                return true;
            return FamilyAgrees(other) && !InitialsContradict(other);
        }

        // García Márquez is cited as García, too, and an unsplit "Gabriel García Márquez" ends in the family name.
        bool FamilyAgrees(Name other)
        {
            var (shorter, longer) = Family.Length <= other.Family.Length
                ? (Family, other.Family)
                : (other.Family, Family);
            var joined = string.Concat(shorter);
            return joined == string.Concat(longer)
                || longer.Length > shorter.Length && joined.Length >= 3
                && (string.Concat(longer[..shorter.Length]) == joined
                    || string.Concat(longer[^shorter.Length..]) == joined);
        }

        bool InitialsContradict(Name other) =>
            Initials.Length > 0 && other.Initials.Length > 0 && !Initials.Any(other.Initials.Contains);

        // Müller is written Mueller, Møller Moeller.
        static string Plain(string word) => word.Length < 4
            ? word
            : word.Replace("ue", "u", StringComparison.Ordinal)
                .Replace("oe", "o", StringComparison.Ordinal)
                .Replace("ae", "a", StringComparison.Ordinal);
    }
}
