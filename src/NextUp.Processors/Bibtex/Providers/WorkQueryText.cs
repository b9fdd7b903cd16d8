using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NextUp.Processors.Bibtex.Letters;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>What of an entry is put into a search.</summary>
static class WorkQueryText
{
    /// <summary>The longest search text, in characters; what is behind adds nothing to a match.</summary>
    public const int LengthMax = 600;

    public const int AuthorsMax = 5;

    /// <summary>All fields joined, as Crossref's own reference matcher searches.</summary>
    public static string Everything(WorkQuery query) => Cut(string.Join(' ', Parts(query)));

    /// <summary>The title's words alone: letters and digits, so that no sign of a query language remains.</summary>
    public static string TitleWords(WorkQuery query) => Cut(Words(query.Title));

    /// <summary>Names a search in the cache. A digest, so that the cache holds nothing of what a user wrote.</summary>
    public static string Digest(WorkQuery query)
    {
        var text = string.Join('\n', Parts(query).Select(part => Words(part).ToLowerInvariant()));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    static IEnumerable<string> Parts(WorkQuery query)
    {
        yield return query.Title;
        yield return string.Join(' ', query.Authors.Take(AuthorsMax).Select(author => author.Family));
        yield return query.Container ?? "";
        yield return query.Year?.ToString() ?? "";
        yield return query.Volume ?? "";
        yield return query.Pages?.Split('-', '–', ',')[0] ?? "";
    }

    static string Words(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var rune in ComposedText.Of(text).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune)
                || Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
                words.Append(rune.ToString());
            else if (words.Length > 0 && words[^1] != ' ')
                words.Append(' ');
        }

        return words.ToString().TrimEnd();
    }

    static string Cut(string text)
    {
        var clean = ProviderText.FromPlain(text) ?? "";
        if (clean.Length <= LengthMax)
            return clean;

        var end = clean.LastIndexOf(' ', LengthMax);
        return clean[..(end > 0 ? end : char.IsHighSurrogate(clean[LengthMax - 1]) ? LengthMax - 1 : LengthMax)];
    }
}
