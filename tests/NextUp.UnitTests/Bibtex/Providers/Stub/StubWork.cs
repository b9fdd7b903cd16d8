namespace NextUp.ScholarStubs;

/// <summary>One work that the stub's five services know, as far as each of them carries it.</summary>
public sealed record StubWork
{
    public required string Title { get; init; }

    public string? Doi { get; init; }

    public string? Arxiv { get; init; }

    public string? Pmid { get; init; }

    public string? CorpusId { get; init; }

    public IReadOnlyList<(string Given, string Family)> Authors { get; init; } = [];

    public int? Year { get; init; }

    /// <summary>In Crossref's words.</summary>
    public string Type { get; init; } = "journal-article";

    public string? Container { get; init; }

    public string? Issn { get; init; }

    public string? Volume { get; init; }

    public string? Issue { get; init; }

    public string? Pages { get; init; }

    public string? Publisher { get; init; }

    /// <summary>Plain words; each service wraps them in its own way.</summary>
    public string? Abstract { get; init; }

    public int Citations { get; init; }

    public double? JournalMeanCitedness { get; init; }

    public bool IsRetracted { get; init; }

    /// <summary>Whether DataCite holds the DOI, and so Crossref does not.</summary>
    public bool IsDataCites { get; init; }
}
