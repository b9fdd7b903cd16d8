using System.Text.RegularExpressions;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Providers;

/// <summary>Brings the parts of a work into the one form that <see cref="Work"/> asks for.</summary>
static partial class WorkFields
{
    public const int YearMin = 1000;
    public const int YearMax = 2999;

    /// <summary>The most authors that are kept; collaborations of particle physics have some thousands.</summary>
    public const int AuthorsMax = 5_000;

    public const string ArxivDoiPrefix = "10.48550/arxiv.";

    // Parts of a family name that are written before it and begin with a small letter.
    static readonly HashSet<string> Particles = new(
        ["van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "ter", "ten",
            "zu", "zur", "af", "av", "bin", "ibn", "al", "el", "st.", "vom", "vander", "dell'", "d'"],
        StringComparer.Ordinal);

    static readonly HashSet<string> Suffixes = new(
        ["Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"], StringComparer.OrdinalIgnoreCase);

    /// <summary>A DOI, bare and in lower case; null where the text is none.</summary>
    public static string? Doi(string? text)
    {
        if (text is null)
            return null;

        var doi = text.Trim();
        var from = doi.IndexOf("10.", StringComparison.Ordinal);
        if (from < 0 || (from > 0 && !DoiAddress().IsMatch(doi[..from])))
            return null;

        doi = doi[from..].ToLowerInvariant();
        return DoiForm().IsMatch(doi) ? doi : null;
    }

    /// <summary>An arXiv id without version; null where the text is none.</summary>
    public static string? Arxiv(string? text)
    {
        var match = ArxivForm().Match(text?.Trim() ?? "");
        return match.Success ? match.Groups["id"].Value : null;
    }

    /// <summary>The digits of a PubMed id, alone or at the end of an address.</summary>
    public static string? Pmid(string? text)
    {
        var digits = text?.TrimEnd('/').Split('/')[^1];
        return digits is { Length: > 0 and <= 9 } && digits.All(char.IsAsciiDigit) ? digits : null;
    }

    /// <summary>Semantic Scholar's number of a work.</summary>
    public static string? CorpusId(string? text) =>
        text is { Length: > 0 and <= 12 } && text.All(char.IsAsciiDigit) ? text : null;

    public static int? Year(int? year) => year is >= YearMin and <= YearMax ? year : null;

    public static int? Count(int? count) => count >= 0 ? count : null;

    public static WorkAuthor? Author(string? given, string? family, string? whole)
    {
        var cleanFamily = ProviderText.FromMarkup(family);
        if (cleanFamily is not null)
            return new(ProviderText.FromMarkup(given), cleanFamily);

        // No family name: an organisation, or someone with one name, which some publishers put under "given".
        return (ProviderText.FromMarkup(whole) ?? ProviderText.FromMarkup(given)) is { } name ? new(null, name) : null;
    }

    /// <summary>Splits "Ada B. van der Love Jr." and "Love, Ada" into given and family name.</summary>
    public static WorkAuthor? Person(string? text)
    {
        var name = ProviderText.FromMarkup(text);
        if (name is null)
            return null;

        var comma = name.IndexOf(',', StringComparison.Ordinal);
        if (comma > 0)
        {
            var rest = name[(comma + 1)..].Trim();
            return rest.Length == 0 ? new(null, name[..comma].Trim()) : new(rest, name[..comma].Trim());
        }

        var words = name.Split(' ');
        var from = words.Length - 1;
        if (from > 1 && Suffixes.Contains(words[from]))
            from--;
        while (from > 1 && Particles.Contains(words[from - 1]))
            from--;
        return from <= 0 ? new(null, name) : new(string.Join(' ', words[..from]), string.Join(' ', words[from..]));
    }

    public static IReadOnlyList<WorkAuthor> Authors(IEnumerable<WorkAuthor?> authors) =>
        [.. authors.OfType<WorkAuthor>().Take(AuthorsMax)];

    public static IReadOnlyList<string> Issns(IEnumerable<string?> issns) =>
        [.. issns.OfType<string>().Select(issn => issn.Trim().ToUpperInvariant())
            .Where(issn => IssnForm().IsMatch(issn)).Distinct(StringComparer.Ordinal)];

    /// <summary>"first-last", or what there is of it.</summary>
    public static string? Pages(string? first, string? last)
    {
        var from = ProviderText.FromPlain(first);
        var to = ProviderText.FromPlain(last);
        return from is null || to is null || from == to ? from ?? to : $"{from}-{to}";
    }

    /// <summary>An absolute http or https address; anything else is not said.</summary>
    public static string? Url(string? text) =>
        Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" ? text!.Trim() : null;

    /// <summary>The address of a DOI.</summary>
    public static string? DoiUrl(string? doi) => doi is null ? null : "https://doi.org/" + doi;

    /// <summary>Publishers put it in front of the title when they retract.</summary>
    public static bool SaysRetracted(string? title) => title is not null && RetractedTitle().IsMatch(title);

    [GeneratedRegex("^(?:doi:|(?:https?://)?(?:dx\\.)?doi\\.org/)\\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex DoiAddress();

    [GeneratedRegex("^10\\.[0-9]{4,9}(?:\\.[0-9]+)*/[^\\s\\p{Cc}]{1,1000}$")]
    private static partial Regex DoiForm();

    [GeneratedRegex(
        "^(?:https?://(?:www\\.|export\\.)?arxiv\\.org/(?:abs|pdf)/|arxiv:)?"
        + "(?<id>[0-9]{4}\\.[0-9]{4,5}|[a-z-]+(?:\\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]+)?$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex ArxivForm();

    [GeneratedRegex("^[0-9]{4}-[0-9]{3}[0-9X]$")]
    private static partial Regex IssnForm();

    [GeneratedRegex("^(?:RETRACTED|WITHDRAWN)(?: ARTICLE| CHAPTER| PAPER)?\\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex RetractedTitle();
}
