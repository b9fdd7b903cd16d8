using System.Collections.Frozen;

namespace NextUp.Processors.Bibtex.Matching;

/// <summary>One place where two titles do not have the same words.</summary>
sealed record WordDifference(IReadOnlyList<string> Mine, IReadOnlyList<string> Theirs)
{
    const int TypoWordLengthMin = 5;
    const int LongWordLengthMin = 10;

    // Prefixes and endings that turn a word into its opposite or its neighbour: no slip, though few letters differ.
    static readonly FrozenSet<string> Prefixes = FrozenSet.Create(
        "", "a", "ab", "ad", "an", "ante", "anti", "bi", "co", "contra", "de", "di", "dis", "e", "em", "en", "ex",
        "extra", "fe", "hetero", "homo", "hyper", "hypo", "il", "im", "in", "infra", "inter", "intra", "ir", "iso",
        "macro", "meso", "micro", "mono", "multi", "neo", "non", "o", "ortho", "over", "para", "per", "peri", "poly",
        "post", "pre", "pro", "pseudo", "quasi", "re", "semi", "sub", "super", "supra", "tele", "thermo", "trans",
        "tri", "ultra", "un", "under", "uni");

    static readonly FrozenSet<string> Endings = FrozenSet.Create(
        "ate", "ates", "ite", "ites", "ide", "ides", "ane", "anes", "ene", "enes", "yne", "ynes", "ol", "ols", "al",
        "als", "ic", "ous", "ing", "ed", "er", "ee", "ase", "ose", "ine", "in", "one", "ones", "yl", "like", "less",
        "ful");

    public static IReadOnlyList<WordDifference> Between(string[] mine, string[] theirs)
    {
        var lengths = SharedLengths(mine, theirs);
        var differences = new List<WordDifference>();
        List<string> left = [], right = [];
        int i = 0, j = 0;
        while (i < mine.Length || j < theirs.Length)
        {
            if (i < mine.Length && j < theirs.Length && mine[i] == theirs[j])
            {
                Close();
                i++;
                j++;
            }
            else if (j == theirs.Length || i < mine.Length && lengths[i + 1, j] >= lengths[i, j + 1])
                left.Add(mine[i++]);
            else
                right.Add(theirs[j++]);
        }

        Close();
        return differences;

        void Close()
        {
            if (left.Count + right.Count > 0)
                differences.Add(new([.. left], [.. right]));
            left.Clear();
            right.Clear();
        }
    }

    public bool IsSpacing => string.Concat(Mine) == string.Concat(Theirs);

    /// <summary>A word that makes two works of two titles, or null.</summary>
    public string? DistinguishingWord => Mine.Concat(Theirs).FirstOrDefault(TitleWords.Distinguishes);

    /// <summary>Whether whoever wrote the entry may have meant the same words.</summary>
    public bool IsSlip =>
        IsSpacing
        || Mine.Concat(Theirs).All(TitleWords.IsFunction)
        || Mine.Count == Theirs.Count && Mine.Zip(Theirs).All(pair => IsTypo(pair.First, pair.Second));

    public override string ToString() => $"\"{string.Join(' ', Mine)}\" against \"{string.Join(' ', Theirs)}\"";

    static bool IsTypo(string mine, string theirs)
    {
        if (mine == theirs || TitleWords.IsFunction(mine) && TitleWords.IsFunction(theirs))
            return true;
        if (mine[0] != theirs[0] || Math.Min(mine.Length, theirs.Length) < TypoWordLengthMin)
            return IsPlural(mine, theirs) || IsPlural(theirs, mine);
        if (IsOtherWord(mine, theirs))
            return false;

        var most = Math.Min(mine.Length, theirs.Length) >= LongWordLengthMin ? 2 : 1;
        return EditDistance.Between(mine, theirs) <= most || IsTransposition(mine, theirs);
    }

    static bool IsPlural(string one, string many) => one.Length >= 3 && (many == one + "s" || many == one + "es");

    // hypertension and hypotension, sulfate and sulfite: the same but for a known beginning or ending.
    static bool IsOtherWord(string mine, string theirs)
    {
        var same = 0;
        while (same < Math.Min(mine.Length, theirs.Length) && mine[^(same + 1)] == theirs[^(same + 1)])
            same++;
        for (var tail = same; tail >= 3; tail--)
            if (Prefixes.Contains(mine[..^tail]) && Prefixes.Contains(theirs[..^tail]))
                return true;

        var stem = 0;
        while (stem < Math.Min(mine.Length, theirs.Length) && mine[stem] == theirs[stem])
            stem++;
        for (var head = stem; head >= 3; head--)
            if (Endings.Contains(mine[head..]) && Endings.Contains(theirs[head..]))
                return true;
        return false;
    }

    static bool IsTransposition(string mine, string theirs)
    {
        if (mine.Length != theirs.Length)
            return false;
        var at = Enumerable.Range(0, mine.Length).Where(i => mine[i] != theirs[i]).ToList();
        return at.Count == 2 && at[1] == at[0] + 1 && mine[at[0]] == theirs[at[1]] && mine[at[1]] == theirs[at[0]];
    }

    static int[,] SharedLengths(string[] mine, string[] theirs)
    {
        var lengths = new int[mine.Length + 1, theirs.Length + 1];
        for (var i = mine.Length - 1; i >= 0; i--)
            for (var j = theirs.Length - 1; j >= 0; j--)
                lengths[i, j] = mine[i] == theirs[j]
                    ? lengths[i + 1, j + 1] + 1
                    : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        return lengths;
    }
}
