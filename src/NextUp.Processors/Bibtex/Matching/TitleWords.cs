using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace NextUp.Processors.Bibtex.Matching;

/// <summary>What single words of a title mean for telling two titles apart.</summary>
static partial class TitleWords
{
    static readonly FrozenSet<string> Function = FrozenSet.Create(
        "a", "an", "the", "of", "in", "on", "for", "and", "to", "with", "by", "from", "at", "its", "as", "their", "is",
        "are", "der", "die", "das", "des", "und", "le", "la", "les", "de", "du", "et", "el", "los", "las", "y", "il",
        "di", "e");

    static readonly FrozenSet<string> Distinguishing = FrozenSet.Create(
        "not", "no", "non", "never", "without", "neither", "nor", "cannot", "cant", "dont", "isnt", "arent", "doesnt",
        "anti", "part", "parts", "volume", "vol", "chapter", "edition", "ed", "book", "appendix", "section", "paper",
        "lecture", "reply", "replies", "response", "rejoinder", "comment", "comments", "commentary", "discussion",
        "letter", "erratum", "errata", "corrigendum", "corrigenda", "correction", "corrections", "corrected",
        "addendum", "retracted", "retraction", "withdrawn", "withdrawal", "expression", "notice",
        "review", "reviews", "reviewed", "editorial", "preface", "foreword", "introduction", "supplement",
        "supplementary", "abstract", "revisited", "update", "updated", "revised",
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "first", "second", "third",
        "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eins", "zwei", "drei", "erster", "zweiter",
        "teil", "plus", "sharp");

    static readonly FrozenSet<string> Generic = FrozenSet.Create(
        "introduction", "editorial", "preface", "foreword", "contents", "index", "abstracts", "untitled", "conclusion",
        "conclusions", "summary", "discussion", "appendix", "bibliography", "references", "acknowledgements",
        "overview", "news", "announcements", "correspondence", "erratum", "corrigendum", "obituary", "reply",
        "comment", "commentary", "response", "letter", "letters", "editor", "editors", "note", "notes", "book",
        "review", "reviews", "issue", "volume", "board", "information", "talk", "table", "front", "back", "matter",
        "cover", "program", "committee", "welcome", "message", "chair", "chairs", "guest", "special", "new", "year",
        "remarks", "opening", "closing", "proceedings", "author", "authors", "title", "poster", "session",
        "abstract", "general", "perspective", "prologue", "epilogue", "afterword", "concluding", "introductory",
        "acknowledgments", "acknowledgment", "call", "papers");

    /// <summary>At most this many content words say too little to stand for a work by themselves.</summary>
    public const int GenericContentWordsMax = 2;

    public static bool IsFunction(string word) => Function.Contains(word);

    /// <summary>Numbers, numerals, negations, single letters and words like "part" or "reply": never a slip of the
    /// pen.</summary>
    public static bool Distinguishes(string word) =>
        word.Any(char.IsDigit)
        || word.Length == 1 && word != "a"
        || Distinguishing.Contains(word)
        || Roman().IsMatch(word);

    /// <summary>Whether many works bear a title like this one.</summary>
    public static bool IsGeneric(IReadOnlyList<string> words)
    {
        var content = words.Where(word => !Function.Contains(word)).ToList();
        return content.Sum(Weight) <= GenericContentWordsMax
            || content.All(word => Generic.Contains(word) || Distinguishes(word));
    }

    // Languages without spaces make one word of a whole title; two of their letters say about as much as a word.
    static int Weight(string word) => word[0] >= '\u2E80' ? Math.Max(1, word.Length / 2) : 1;

    [GeneratedRegex("^(?=.)x{0,3}(?:ix|iv|v?i{0,3})$")]
    private static partial Regex Roman();
}
