using System.Globalization;
using System.Text;

namespace NextUp.Server.Jobs;

/// <summary>
/// Names of uploaded files, made fit to be shown. They are never used as a path. What is taken away: folders, control
/// characters, and the invisible characters that make a name look like another one.
/// </summary>
static class FileNames
{
    /// <summary>The longest name, in UTF-16 units; the middle of a longer one goes, its ending stays.</summary>
    public const int LengthMax = 200;

    /// <summary>The longest ending that is kept when a name is shortened.</summary>
    const int EndingLengthMax = 16;

    /// <summary>The name of a file that came without one.</summary>
    public const string Nameless = "upload";

    public static string Clean(string name)
    {
        var start = name.AsSpan().LastIndexOfAny('/', '\\') + 1;
        if (start == 0 && name.Length <= LengthMax && IsPlain(name))
            return name;

        var clean = new StringBuilder(name.Length - start);
        foreach (var rune in name.AsSpan(start).EnumerateRunes())
        {
            if (IsShown(rune))
                clean.Append(rune.ToString());
        }

        var text = clean.ToString().Trim();
        return text.Trim('.').Length == 0 ? Nameless : Shorten(text);
    }

    /// <summary>
    /// The value of Content-Disposition for a download: RFC 6266, with an ASCII name for old programs and the exact one
    /// encoded as RFC 5987 says.
    /// </summary>
    public static string Attachment(string name)
    {
        var ascii = new StringBuilder(name.Length);
        foreach (var character in name)
            ascii.Append(character is >= ' ' and <= '~' and not ('"' or '\\' or '%') ? character : '_');

        return $"attachment; filename=\"{ascii}\"; filename*=UTF-8''{Uri.EscapeDataString(name)}";
    }

    /// <summary>The common case, without a copy: printable ASCII that needs no trimming.</summary>
    static bool IsPlain(string name) =>
        !name.AsSpan().ContainsAnyExceptInRange(' ', '~') && name.Trim().Length == name.Length
            && name.Trim('.').Length > 0;

    static bool IsShown(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
        && (Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format || rune.Value == ZeroWidthJoiner);

    /// <summary>The one invisible character that emoji are put together with.</summary>
    const int ZeroWidthJoiner = 0x200D;

    static string Shorten(string name)
    {
        if (name.Length <= LengthMax)
            return name;

        var dot = name.LastIndexOf('.');
        var ending = dot > 0 && name.Length - dot <= EndingLengthMax ? name[dot..] : "";
        var kept = LengthMax - ending.Length - 1;
        if (char.IsHighSurrogate(name[kept - 1]))
            kept--;

        return $"{name.AsSpan(0, kept).TrimEnd()}\u2026{ending}";
    }
}
