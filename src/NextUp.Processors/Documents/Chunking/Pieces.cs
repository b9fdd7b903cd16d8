using System.Globalization;
using NextUp.Processors.Documents.Extraction;
using NextUp.Processors.Documents.Layout;

namespace NextUp.Processors.Documents.Chunking;

/// <summary>
/// What is never divided by a chunk: a sentence, a row, a line of code, a heading. Only what is longer than a chunk may be is
/// cut, behind a line, a clause or a word, and inside a word only where that alone is longer.
/// </summary>
static class Pieces
{
    /// <summary>Each piece of the block, without the space around it.</summary>
    public static IEnumerable<(int From, int To)> Of(TextBlock block, ChunkSizes sizes)
    {
        var text = block.Text;
        for (var at = Skip(text, 0); at < text.Length;)
        {
            var end = Trim(text, at, block.Kind switch
            {
                BlockKind.Code => LineEnd(text, at),
                BlockKind.TableRow or BlockKind.Heading => text.Length,
                _ => Sentences.EndOf(text, at),
            });
            while (end - at > sizes.Max)
            {
                var cut = CutOf(text, at, sizes.Full);
                yield return (at, Trim(text, at, cut));
                at = Skip(text, cut);
            }

            if (end > at) yield return (at, end);
            at = Skip(text, Math.Max(at, end));
        }
    }

    static int LineEnd(string text, int at)
    {
        var end = text.IndexOf('\n', at);
        return end < 0 ? text.Length : end;
    }

    /// <summary>The best place to cut in the second half of what fits.</summary>
    static int CutOf(string text, int from, int length)
    {
        var (max, least) = (from + length, from + (length / 2));
        return Last(text, max, least, IsBehindLine) ?? Last(text, max, least, IsBehindClause)
            ?? Last(text, max, least, (all, at) => IsBehindWord(all, from, at)) ?? Last(text, max, least, IsBehindSign) ?? Whole(text, max);
    }

    static int? Last(string text, int max, int least, Func<string, int, bool> fits)
    {
        for (var at = max; at > least; at--)
            if (fits(text, at)) return at;
        return null;
    }

    static bool IsBehindLine(string text, int at) => text[at - 1] == '\n';

    static bool IsBehindClause(string text, int at) =>
        char.IsWhiteSpace(text[at]) && text[at - 1] is ';' or ':' or ',' && !IsInNumber(text, at);

    static bool IsBehindWord(string text, int from, int at) =>
        char.IsWhiteSpace(text[at]) && !IsInNumber(text, at) && !(text[at - 1] == '.' && Sentences.IsAbbreviated(text, from, at - 1));

    /// <summary>Numbers are also written with spaces between their groups: 1 234 567.</summary>
    static bool IsInNumber(string text, int at) =>
        char.IsAsciiDigit(text[at - 1]) && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]);

    /// <summary>Where no space is: between signs of which each is a word, or behind a mark, but in no number.</summary>
    static bool IsBehindSign(string text, int at)
    {
        var (before, behind) = (text[at - 1], text[at]);
        if (char.IsLowSurrogate(behind) || CharUnicodeInfo.GetUnicodeCategory(behind) is UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark) return false;
        if (LineJoin.IsWithoutSpaces(before) || LineJoin.IsWithoutSpaces(behind)) return true;
        return !char.IsLetterOrDigit(before) && !char.IsSurrogate(before) && !(before is '.' or ',' && char.IsAsciiDigit(behind));
    }

    static int Whole(string text, int at) => char.IsLowSurrogate(text[at]) ? at - 1 : at;

    static int Skip(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }

    static int Trim(string text, int from, int end)
    {
        while (end > from && char.IsWhiteSpace(text[end - 1])) end--;
        return end;
    }
}
