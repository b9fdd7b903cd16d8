using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Processors.Bibtex.Matching;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>A work as the catalogue keeps it.</summary>
static class CatalogueRow
{
    const int TextKeyBytes = 16;

    static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Write(Work work) => JsonSerializer.Serialize(work, Json);

    public static Work Read(string json) => JsonSerializer.Deserialize<Work>(json, Json)!;

    /// <summary>What makes a repeated import update a work instead of adding it again.</summary>
    public static string Key(Work work)
    {
        if (work.Doi is { } doi)
            return "doi:" + doi;
        if (work.ArxivId is { } arxiv)
            return "arxiv:" + arxiv;
        if (work.Pmid is { } pmid)
            return "pmid:" + pmid;
        if (work.CorpusId is { } corpus)
            return "corpus:" + corpus;

        var author = work.Authors.Count > 0 ? work.Authors[0].Family : null;
        var words = FoldedText.Words($"{work.Title} {author} {work.Year} {work.Container}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', words)));
        return "text:" + Convert.ToHexStringLower(hash.AsSpan(0, TextKeyBytes));
    }

    /// <summary>Equal for titles that are equal up to the first colon, whatever their case, accents and
    /// marks.</summary>
    public static string TitleKey(string? title) => string.Concat(FoldedTitle.Of(title).Main);

    /// <summary>The title's words for the full-text index, folded as the words of a question are.</summary>
    public static string TitleText(Work work) =>
        string.Join(' ', FoldedText.Words(work.Title).Concat(FoldedText.Words(work.Subtitle)));

    public static string AuthorText(Work work) =>
        string.Join(' ', work.Authors.Take(AuthorsIndexedMax).SelectMany(author => FoldedText.Words(author.Family)));

    /// <summary>Authors after these are kept but not found by name.</summary>
    public const int AuthorsIndexedMax = 20;

    /// <summary>What the later import says counts; what it does not say stays.</summary>
    public static Work Merge(Work known, Work said) => said with
    {
        Doi = said.Doi ?? known.Doi,
        ArxivId = said.ArxivId ?? known.ArxivId,
        Pmid = said.Pmid ?? known.Pmid,
        CorpusId = said.CorpusId ?? known.CorpusId,
        Title = said.Title ?? known.Title,
        Subtitle = said.Subtitle ?? (said.Title is null || said.Title == known.Title ? known.Subtitle : null),
        Authors = said.Authors.Count > 0 ? said.Authors : known.Authors,
        Year = said.Year ?? known.Year,
        Type = said.Type ?? known.Type,
        Container = said.Container ?? known.Container,
        Volume = said.Volume ?? known.Volume,
        Issue = said.Issue ?? known.Issue,
        Pages = said.Pages ?? known.Pages,
        Publisher = said.Publisher ?? known.Publisher,
        Issns = said.Issns.Count > 0 ? said.Issns : known.Issns,
        Abstract = said.Abstract ?? known.Abstract,
        CitationCount = said.CitationCount ?? known.CitationCount,
        JournalMeanCitedness = said.JournalMeanCitedness ?? known.JournalMeanCitedness,
        Url = said.Url ?? known.Url,
        IsRetracted = said.IsRetracted || known.IsRetracted,
    };
}
