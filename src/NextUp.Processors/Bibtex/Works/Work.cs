namespace NextUp.Processors.Bibtex.Works;

/// <summary>One scholarly work as a provider describes it, cleaned: plain Unicode text, no markup. Null is "not said".</summary>
public sealed record Work
{
    /// <summary>The provider that said it, for example <c>crossref</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Bare and lower case: <c>10.1000/xyz</c>.</summary>
    public string? Doi { get; init; }

    public string? ArxivId { get; init; }

    public string? Pmid { get; init; }

    /// <summary>Semantic Scholar's number of the work.</summary>
    public string? CorpusId { get; init; }

    public string? Title { get; init; }

    public string? Subtitle { get; init; }

    public IReadOnlyList<WorkAuthor> Authors { get; init; } = [];

    public int? Year { get; init; }

    /// <summary>
    /// Crossref's type words, whoever the provider is: <c>journal-article</c>, <c>book-chapter</c>, <c>posted-content</c> ...
    /// </summary>
    public string? Type { get; init; }

    /// <summary>The journal, book or proceedings that the work is in.</summary>
    public string? Container { get; init; }

    public string? Volume { get; init; }

    public string? Issue { get; init; }

    public string? Pages { get; init; }

    public string? Publisher { get; init; }

    public IReadOnlyList<string> Issns { get; init; } = [];

    public string? Abstract { get; init; }

    public int? CitationCount { get; init; }

    /// <summary>OpenAlex' two-year mean citedness of the journal. It is not the licensed impact factor and is never called so.</summary>
    public double? JournalMeanCitedness { get; init; }

    public string? Url { get; init; }

    public bool IsRetracted { get; init; }
}

/// <param name="Family">The family name, or the whole name of an organisation or of someone with one name.</param>
public sealed record WorkAuthor(string? Given, string Family);

public enum WorkIdScheme
{
    Doi,
    Arxiv,
    Pmid,
    CorpusId,
}

/// <summary>Names a work outside of any file. Values are normalised: DOIs bare and lower case, arXiv without version.</summary>
public readonly record struct WorkId(WorkIdScheme Scheme, string Value);

/// <summary>What an entry says of the work it means, for a search by text.</summary>
public sealed record WorkQuery
{
    public required string Title { get; init; }

    /// <summary>In the order of the entry; family names where they could be told apart.</summary>
    public IReadOnlyList<WorkAuthor> Authors { get; init; } = [];

    public int? Year { get; init; }

    public string? Container { get; init; }

    public string? Volume { get; init; }

    public string? Pages { get; init; }

    /// <summary>The entry's type in lower case, for example <c>article</c> or <c>incollection</c>.</summary>
    public required string EntryType { get; init; }
}
