namespace NextUp.Processors.Documents.Words;

/// <summary>
/// Takes the endings off English words that do not change what is looked for: plurals, -ed, -ing, -ly, and the commonest
/// of those that make nouns and adjectives. Light on purpose: words of other languages pass through almost unchanged.
/// Works on folded words in place and answers their new length.
/// </summary>
static class Stemmer
{
    /// <summary>Shorter words are left as they are.</summary>
    const int LengthMin = 4;

    static readonly System.Buffers.SearchValues<char> s_vowels = System.Buffers.SearchValues.Create("aeiouy");

    static readonly (string Ending, string Becomes)[] s_nouns =
    [
        ("ational", "ate"), ("ization", "ize"), ("isation", "ize"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "ive"),
        ("ability", "able"), ("ibility", "ible"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("ality", "al"),
        ("ivity", "ive"), ("ement", "e"), ("ness", ""), ("ment", ""), ("ical", "ic"), ("ally", "al"), ("ely", "e"), ("ly", ""),
        ("ise", "ize"),
    ];

    public static int Stem(Span<char> word)
    {
        if (word.Length < LengthMin || !IsPlain(word))
            return word.Length;
        var length = Plural(word);
        length = Participle(word, length);
        length = Noun(word, length);
        return End(word, length);
    }

    static bool IsPlain(ReadOnlySpan<char> word)
    {
        foreach (var letter in word)
        {
            if (!char.IsAsciiLetterLower(letter))
                return false;
        }

        return true;
    }

    static int Plural(Span<char> word)
    {
        var length = word.Length;
        if (word[length - 1] != 's' || word[length - 2] is 's' or 'u' or 'i')
            return length;
        if (!word.EndsWith("es"))
            return length - 1;
        if (word.EndsWith("ies"))
        {
            if (length == LengthMin)
                return length - 1;
            word[length - 3] = 'y';
            return length - 2;
        }

        var rest = word[..(length - 2)];
        return rest.EndsWith("ss") || rest.EndsWith("x") || rest.EndsWith("ch") || rest.EndsWith("sh") ? length - 2 : length - 1;
    }

    static int Participle(Span<char> word, int length)
    {
        var cut = word[..length].EndsWith("ing") ? 3 : word[..length].EndsWith("ed") ? 2 : 0;
        var rest = length - cut;
        if (cut == 0 || rest < 3 || !HasVowel(word[..rest]))
            return length;
        var last = word[rest - 1];
        if (last == word[rest - 2] && last is not ('l' or 's' or 'z') && !IsVowel(last))
            return rest - 1;
        var stem = word[..rest];
        if (!stem.EndsWith("at") && !stem.EndsWith("bl") && !stem.EndsWith("iz") && !stem.EndsWith("is"))
            return rest;
        word[rest] = 'e'; // "automated" is "automate", which the endings below know.
        return rest + 1;
    }

    static int Noun(Span<char> word, int length)
    {
        foreach (var (ending, becomes) in s_nouns)
        {
            var rest = length - ending.Length;
            if (rest < 3 || !word[..length].EndsWith(ending) || !HasVowel(word[..rest]))
                continue;
            becomes.CopyTo(word[rest..]);
            return rest + becomes.Length;
        }

        return length;
    }

    static int End(Span<char> word, int length)
    {
        if (length > LengthMin - 1 && word[length - 1] == 'e')
            length--;
        if (length > LengthMin - 1 && word[length - 1] == 'y' && !IsVowel(word[length - 2]))
            word[length - 1] = 'i';
        return length;
    }

    static bool HasVowel(ReadOnlySpan<char> word) => word.ContainsAny(s_vowels);

    static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u';
}
