namespace NextUp.Processors.Documents.Words;

/// <summary>The words of a text as they are searched for: stop words left out, the others stemmed.</summary>
ref struct TermReader(ReadOnlySpan<char> text)
{
    WordReader _words = new(text);
    int _length;

    /// <summary>Where the word begins in the text, and behind where it ends.</summary>
    public readonly int Start => _words.Start;

    public readonly int End => _words.End;

    /// <summary>Valid until the next call.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<char> Term => _words.Word[.._length];

    public bool Next()
    {
        while (_words.Next())
        {
            if (StopWords.Contains(_words.Word))
                continue;
            _length = Stemmer.Stem(_words.Word);
            return true;
        }

        return false;
    }
}
