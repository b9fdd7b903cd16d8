using System.Globalization;
using System.Text;

namespace NextUp.Processors.Documents.Layout;

/// <summary>What can be said of a text by its letters alone.</summary>
static class Letters
{
    /// <summary>Shorter texts say too little to be judged.</summary>
    const int JudgedFrom = 100;

    /// <summary>Above this share of characters without a meaning the text is of no use.</summary>
    const double LostShareMax = 0.05;

    /// <summary>Above this share of words without a vowel it is no language written in Latin letters.</summary>
    const double VowellessShareMax = 0.5;

    static readonly string[] Ligatures = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];

    /// <summary>Letters that fonts draw as one, as the letters that were meant.</summary>
    public static string WithoutLigatures(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\ufb00', '\ufb06') < 0) return text;
        var plain = new StringBuilder(text.Length + 8);
        foreach (var one in text)
        {
            if (one is >= '\ufb00' and <= '\ufb06') plain.Append(Ligatures[one - '\ufb00']);
            else plain.Append(one);
        }

        return plain.ToString();
    }

    /// <summary>
    /// Whether the text is what some PDFs hand out in place of theirs: signs without a meaning, or letters drawn by a font that
    /// keeps its own order.
    /// </summary>
    public static bool AreGarbled(IEnumerable<string> texts)
    {
        long all = 0, lost = 0, words = 0, vowelless = 0;
        foreach (var word in texts.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            all += word.Length;
            lost += word.Count(IsLost);
            if (word.Length < 4 || !word.All(one => one < '\u0250' && char.IsLetter(one))) continue;
            words++;
            // Capitals alone are most often an abbreviation.
            if (!word.Any(IsVowel) && !word.All(char.IsUpper)) vowelless++;
        }

        if (all < JudgedFrom) return false;
        return lost > all * LostShareMax || (words >= 20 && vowelless > words * VowellessShareMax);
    }

    static bool IsLost(char one) =>
        one == '\ufffd' || char.GetUnicodeCategory(one) is UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.Control;

    static bool IsVowel(char one)
    {
        var plain = one.ToString().Normalize(NormalizationForm.FormD)[0];
        return "aeiouyAEIOUYæøœÆØŒ".Contains(plain, StringComparison.Ordinal);
    }
}
