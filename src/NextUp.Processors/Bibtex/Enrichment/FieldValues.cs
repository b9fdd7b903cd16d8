using System.Globalization;
using System.Text.RegularExpressions;
using NextUp.Processors.Bibtex.Matching;
using NextUp.Processors.Bibtex.Text;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Enrichment;

/// <summary>A value for a field.</summary>
/// <param name="Value">As BibTeX, without delimiters.</param>
/// <param name="Text">The same for people.</param>
/// <param name="Source">The provider that said it.</param>
readonly record struct FieldValue(string Value, string Text, string Source);

/// <summary>
/// What the records of one work say of each field. The first record that says something counts, in the order in which
/// the providers were asked, but what belongs to the place (volume, pages, ISSN ...) is taken only from records that
/// name the place that the entry names: the volume of the journal has no business in the entry of the preprint.
/// </summary>
sealed partial class FieldValues
{
    readonly IReadOnlyList<Work> works;
    readonly List<Work> placed;
    readonly IReadOnlySet<string>? localProviders;

    /// <param name="localProviders">Where their count of citations is the older one; null where that does not
    /// matter.</param>
    public FieldValues(IReadOnlyList<Work> works, string? container, IReadOnlySet<string>? localProviders)
    {
        this.works = works;
        this.localProviders = localProviders;
        var place = container ?? works.FirstOrDefault(work => work.Container is not null)?.Container;
        placed = works.Where(work =>
            ContainerComparison.Compare(place, work.Container) == ContainerRelation.Agree
            || work.Container is null && place is null && work.Type != "posted-content").ToList();
    }

    /// <summary>The records that name the place which the entry names.</summary>
    public IReadOnlyList<Work> Placed => placed;

    /// <summary>Null where nobody says it, or what is said is too long to be written.</summary>
    public FieldValue? Of(string field) => field switch
    {
        FieldNames.Doi => Verbatim(works, work => work.Doi),
        FieldNames.Url => Verbatim(works, work => work.Url ?? (work.Doi is { } doi ? $"https://doi.org/{doi}" : null)),
        FieldNames.Eprint => Verbatim(works, work => work.ArxivId),
        FieldNames.Pmid => Plain(works, work => work.Pmid),
        FieldNames.Title => Plain(works, FullTitle),
        FieldNames.Author => Authors(),
        FieldNames.Year => Plain(placed.Count > 0 ? placed.Concat(works) : works, work => Number(work.Year)),
        FieldNames.Abstract => Plain(works, work => work.Abstract),
        FieldNames.CitationCount => Plain(MostRecentFirst(), work => Number(work.CitationCount)),
        FieldNames.Journal or FieldNames.Booktitle => Plain(placed, work => work.Container),
        FieldNames.Volume => Plain(placed, work => work.Volume),
        FieldNames.Number => Plain(placed, work => work.Issue),
        FieldNames.Pages => Pages(),
        FieldNames.Publisher => Plain(placed, work => work.Publisher),
        FieldNames.Issn => Plain(placed, work => work.Issns.Count > 0 ? work.Issns[0] : null),
        FieldNames.MeanCitedness => Plain(placed, Citedness),
        _ => null,
    };

    // A catalogue on disk says the count of the day it was loaded.
    IEnumerable<Work> MostRecentFirst() =>
        localProviders is null ? works : works.OrderBy(work => localProviders.Contains(work.Source));

    FieldValue? Authors()
    {
        foreach (var work in works)
        {
            if (work.Authors.Count == 0) continue;
            var names = work.Authors.Select(a => a.Given is null ? a.Family : $"{a.Given} {a.Family}");
            var text = string.Join("; ", names);
            return Fitting(new(BibNames.Write(work.Authors), text, work.Source));
        }

        return null;
    }

    FieldValue? Pages()
    {
        if (Plain(placed, work => work.Pages) is not { } pages) return null;
        return pages with { Value = Dash().Replace(pages.Value, "--") };
    }

    static FieldValue? Plain(IEnumerable<Work> from, Func<Work, string?> say) => First(from, say, LatexEscape.Value);

    static FieldValue? Verbatim(IEnumerable<Work> from, Func<Work, string?> say) =>
        First(from, say, LatexEscape.Verbatim);

    static FieldValue? First(IEnumerable<Work> from, Func<Work, string?> say, Func<string, string> write)
    {
        foreach (var work in from)
            if (say(work) is { } said && LatexEscape.Tidy(said) is { Length: > 0 } text)
                return Fitting(new(write(text), text, work.Source));
        return null;
    }

    static FieldValue? Fitting(FieldValue value) => value.Value.Length <= LatexEscape.ValueLengthMax ? value : null;

    static string? FullTitle(Work work) =>
        work.Title is null || work.Subtitle is null
            || work.Title.EndsWith(work.Subtitle, StringComparison.OrdinalIgnoreCase)
            ? work.Title
            : $"{work.Title}: {work.Subtitle}";

    static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    static string? Citedness(Work work) => work.JournalMeanCitedness?.ToString("0.###", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<=[0-9A-Za-z])\s*[-–—]{1,2}\s*(?=[0-9A-Za-z])")]
    private static partial Regex Dash();
}
