using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using NextUp.Processors.Bibtex.Letters;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>
/// Turns what services say into plain text: no markup, no entities, one space between words, Unicode NFC. Markup is
/// read as a flat run of tags, in one pass: publishers' JATS and HTML are often not well formed, may be hostile, and
/// only tags that are known count as such, so that <c>a&lt;b</c> stays what it is.
/// </summary>
static partial class ProviderText
{
    /// <summary>
    /// The longest text that is taken, in characters; a longer one is not what its field is for, and is dropped.
    /// </summary>
    public const int LengthMax = 200_000;

    // Some publishers escape their markup twice.
    const int RoundsMax = 2;

    static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\r\n\f\v/>");

    /// <summary>Text in which entities and tags may stand. Null where nothing is left.</summary>
    public static string? FromMarkup(string? markup)
    {
        if (markup is null || markup.Length > LengthMax)
            return null;

        var text = markup;
        for (var round = 0; round < RoundsMax && text.AsSpan().ContainsAny('<', '&'); round++)
            text = WithoutTags(text);
        text = FromPlain(TexDocument().Replace(text, "${formula}"));
        return text is null || !markup.Contains('<') ? text : SpaceInside().Replace(text, "");
    }

    /// <summary>
    /// Text without markup: collapses white space, drops controls, composes. Null where nothing is left.
    /// </summary>
    public static string? FromPlain(string? text)
    {
        if (text is null || text.Length > LengthMax)
            return null;

        var clean = new StringBuilder(text.Length);
        var space = false;
        foreach (var rune in text.EnumerateRunes()) // A lone surrogate comes out as U+FFFD.
        {
            if (Rune.IsWhiteSpace(rune))
            {
                space = true;
                continue;
            }

            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control || rune.Value is 0x200B or 0xFEFF or 0xAD)
                continue;
            if (space && clean.Length > 0)
                clean.Append(' ');
            space = false;
            clean.Append(rune.ToString());
        }

        return clean.Length == 0 ? null : ComposedText.Of(clean.ToString());
    }

    /// <summary>An abstract: markup goes, and so does the heading "Abstract" that many begin with.</summary>
    public static string? Abstract(string? markup)
    {
        var text = FromMarkup(markup);
        if (text is null)
            return null;

        var body = AbstractHeading().Replace(text, "", 1);
        return body.Length == 0 ? null : body;
    }

    static string WithoutTags(string markup)
    {
        var text = new StringBuilder(markup.Length);
        var at = 0;
        string? skipTo = null;
        var titleFrom = -1;
        var ends = new Dictionary<string, int>();
        foreach (var tag in Tag().EnumerateMatches(markup))
        {
            if (skipTo is null)
                text.Append(WebUtility.HtmlDecode(markup[at..tag.Index]));
            at = tag.Index + tag.Length;
            var name = NameOf(markup.AsSpan(tag.Index, tag.Length), out var closes);
            if (skipTo is not null)
            {
                if (closes && name == skipTo)
                    skipTo = null;
                continue;
            }

            if (!closes && IsSkipped(name, markup, at, ends))
                skipTo = name;
            else if (name is "title")
                titleFrom = Title(text, titleFrom, closes);
            else if (IsBlock(name))
                text.Append(' ');
        }

        if (skipTo is null)
            text.Append(WebUtility.HtmlDecode(markup[at..]));
        return text.ToString();
    }

    // A section's heading runs into its text once the tags are gone: "Methods: We ...".
    static int Title(StringBuilder text, int titleFrom, bool closes)
    {
        if (!closes)
        {
            text.Append(' ');
            return text.Length;
        }

        while (text.Length > 0 && char.IsWhiteSpace(text[^1]))
            text.Length--;
        if (titleFrom >= 0 && text.Length > titleFrom && char.IsLetterOrDigit(text[^1]))
            text.Append(':');
        text.Append(' ');
        return -1;
    }

    // The same formula comes as TeX and as MathML; MathML's text reads better than a TeX document with its preamble.
    static bool IsSkipped(string name, string markup, int from, Dictionary<string, int> ends) => name switch
    {
        "tex-math" => LastEnd("mml:math", markup, ends) >= 0 && LastEnd(name, markup, ends) >= from,
        "annotation" or "annotation-xml" or "script" or "style" => LastEnd(name, markup, ends) >= from,
        _ => false,
    };

    // What never closes would swallow the rest of the text. Looked up once a name, or a hostile text costs n squared.
    static int LastEnd(string name, string markup, Dictionary<string, int> ends) =>
        ends.TryGetValue(name, out var end)
            ? end
            : ends[name] = markup.LastIndexOf(name + ">", StringComparison.OrdinalIgnoreCase);

    static bool IsBlock(string name) =>
        name is "p" or "sec" or "br" or "break" or "div" or "li" or "ul" or "ol" or "list" or "list-item" or "label"
            or "tr" or "td" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "disp-formula" or "abstract" or "section"
            or "def-item";

    static string NameOf(ReadOnlySpan<char> tag, out bool closes)
    {
        closes = tag[1] == '/';
        var name = tag[(closes ? 2 : 1)..];
        name = name[..name.IndexOfAny(NameEnds)];
        return name[(name.IndexOf(':') + 1)..].ToString().ToLowerInvariant();
    }

    [GeneratedRegex(
        "</?(?:(?:jats|mml|m|xlink|ns[0-9]):[a-z][a-z0-9-]*"
        + "|p|br|i|b|u|em|strong|sub|sup|scp|sc|tt|small|span|div|font|a|ul|ol|li|h[1-6]|sec|section|title|italic|bold"
        + "|underline|monospace|break|abstract|label|list|list-item|table|tbody|tr|td|th|math|m[ionrst]|mrow|msub|msup"
        + "|mfrac|msubsup|mtext|mspace|semantics|annotation|annotation-xml|tex-math|inline-formula|disp-formula"
        + "|alternatives|script|style|img)"
        + """(?:\s+[a-z_][\w:.-]*\s*=\s*(?:"[^"]*"|'[^']*'|[\w#%.-]+))*\s*/?>""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    // "Abstract interpretation is ..." and "Abstract state machines ..." begin with the word and mean it.
    [GeneratedRegex(
        """^(?:[Aa]bstract\s*[:.–—-]+\s*|ABSTRACT[\s:.–—-]+|[Aa]bstract$"""
        + "|Abstract (?=(?:The|This|These|We|In|An?|Here|Our|To|It|On|For|Background|Objectives?|Purpose|Introduction"
        + """|Aims?|Motivation|Context|Summary|Recent|Although|While|As)\b))""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex AbstractHeading();

    // Some send each formula as a whole TeX document.
    [GeneratedRegex(
        """\\documentclass.*?\\begin\{document\}(?<formula>.*?)\\end\{document\}""",
        RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex TexDocument();

    [GeneratedRegex("""(?<=[(\[]) +| +(?=[)\],;.](?:\s|$|[)\],;.]))""", RegexOptions.CultureInvariant)]
    private static partial Regex SpaceInside();
}
