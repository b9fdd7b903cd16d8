using System.Globalization;
using NextUp.Processors.Bibtex.Matching;

namespace NextUp.Processors.Documents.Words;

/// <summary>
/// Cuts text into words: runs of letters and digits, folded to plain lower case. Scripts that put no space between words
/// (Chinese, Japanese, Thai ...) give pairs of neighbouring letters, which find what a person looks for about as well as
/// words would. Combining marks and apostrophes inside a word belong to it.
/// </summary>
ref struct WordReader(ReadOnlySpan<char> text)
{
    /// <summary>A longer run is cut: nobody looks for it, and it may be a whole file without a space.</summary>
    public const int LengthMax = 48;

    readonly ReadOnlySpan<char> _text = text;
    WordBuffer _buffer;
    int _length;
    int _at;

    [System.Runtime.CompilerServices.InlineArray(LengthMax + LetterFolding.FoldedLengthMax)]
    struct WordBuffer
    {
        char _first;
    }

    /// <summary>Where the word begins in the text.</summary>
    public int Start { get; private set; }

    /// <summary>Behind where it ends.</summary>
    public int End { get; private set; }

    /// <summary>Whether it is a pair of letters of a script without spaces.</summary>
    public bool IsPair { get; private set; }

    /// <summary>The folded word; valid until the next call. It may be changed in place.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public Span<char> Word => ((Span<char>)_buffer)[.._length];

    public bool Next()
    {
        while (_at < _text.Length)
        {
            var letter = _text[_at];
            if (IsUnspaced(letter))
                return ReadPair();
            if (char.IsLetterOrDigit(letter) && ReadWord())
                return true;
            if (!char.IsLetterOrDigit(letter))
                _at++;
        }

        return false;
    }

    /// <summary>Letters of scripts that are written without spaces between words.</summary>
    public static bool IsUnspaced(char letter) => letter
        is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF')
            or (>= '\uF900' and <= '\uFAFF') or (>= '\u0E00' and <= '\u0E7F') or (>= '\u0E80' and <= '\u0EFF')
            or (>= '\u1780' and <= '\u17FF') or (>= '\u1000' and <= '\u109F');

    /// <summary>The letter here and its neighbour; one that stands alone is a word of its own.</summary>
    bool ReadPair()
    {
        var isAlone = (_at == 0 || !IsUnspaced(_text[_at - 1])) && (_at + 1 == _text.Length || !IsUnspaced(_text[_at + 1]));
        var hasNext = _at + 1 < _text.Length && IsUnspaced(_text[_at + 1]);
        if (!isAlone && !hasNext)
        {
            _at++; // The last letter of a run was in the pair before.
            return Next();
        }

        (Start, End, IsPair) = (_at, _at + (hasNext ? 2 : 1), true);
        _text[Start..End].CopyTo(_buffer);
        _length = End - Start;
        _at++;
        return true;
    }

    bool ReadWord()
    {
        (Start, IsPair, _length) = (_at, false, 0);
        for (; _at < _text.Length && _length < LengthMax; _at++)
        {
            var letter = _text[_at];
            if (IsUnspaced(letter))
                break;
            if (char.IsLetterOrDigit(letter) || IsMark(letter))
                _length += LetterFolding.Write(letter, ((Span<char>)_buffer)[_length..]);
            else if (letter is not ('\'' or '\u2019') || _at + 1 == _text.Length || !char.IsLetter(_text[_at + 1]))
                break;
        }

        End = _at;
        TrimPossessive();
        _length = Math.Min(_length, LengthMax);
        return _length > 0;
    }

    /// <summary>"reader's" is "reader"; other apostrophes vanish, as in "don't".</summary>
    void TrimPossessive()
    {
        if (_length > 1 && _at - Start > 2 && _text[_at - 2] is '\'' or '\u2019' && _text[_at - 1] is 's' or 'S')
            _length--;
    }

    static bool IsMark(char letter) => letter > '\u02FF'
        && CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
