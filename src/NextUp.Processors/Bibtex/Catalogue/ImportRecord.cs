using NextUp.Processors.Bibtex.Works;

namespace NextUp.Processors.Bibtex.Catalogue;

/// <summary>One record of an imported file: a work, or the reason why there is none.</summary>
readonly record struct ImportRecord(long Line, Work? Work, string? Reason)
{
    public static ImportRecord Of(long line, Work work) => string.IsNullOrWhiteSpace(work.Title)
        ? new(line, null, $"{WorkLabel(work)} has no title")
        : new(line, work, null);

    public static ImportRecord Skip(long line, string reason) => new(line, null, reason);

    static string WorkLabel(Work work) => work.Doi ?? work.ArxivId ?? work.Pmid ?? "the work";
}
