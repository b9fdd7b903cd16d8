using System.Collections.ObjectModel;
using System.Diagnostics;
using NextUp.Actors.Jobs;
using NextUp.Client.Wire;
using NextUp.Processors.Bibtex.Enrichment;
using NextUp.Processors.Bibtex.Text;
using NextUp.Server.Scholar;

namespace NextUp.Server.Jobs;

/// <summary>What is in a .bib, in the shapes of the two APIs that show it.</summary>
static class BibtexViews
{
    public static OfferedKind Kind(IJobProcessor processor) => new(processor, PreviewAsync) { Repeat = Repeat };

    public static async ValueTask<PreviewAnswer> PreviewAsync(
        string fileName, Stream content, CancellationToken cancellationToken)
    {
        var bytes = new byte[content.Length];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        var preview = BibPreview.Of(bytes);
        return new PreviewAnswer.Seen(new FilePreview(
            fileName,
            preview.TotalEntries,
            [.. preview.Entries.Select(entry => new PreviewEntry(
                entry.Key, entry.Type, entry.Title, entry.Author, entry.Year, entry.Journal, entry.Line, entry.Lacks))],
            preview.Lacking,
            [.. preview.Problems.Select(problem => new PreviewProblem(problem.Line, problem.Message))],
            preview.TotalEntries > preview.Entries.Count));
    }

    public static IReadOnlyList<ScholarPaper> Papers(byte[] bib) =>
        [.. BibPaper.ListOf(bib).Select(paper => new ScholarPaper(
            paper.Key, paper.Type, paper.Title, paper.Author, paper.Year, paper.Journal, paper.Abstract, paper.Url,
            paper.Doi, paper.Citations, paper.HasAbstract, paper.HasUrl, paper.HasCitations))];

    static RepeatAnswer Repeat(string? options, byte[]? report, AgainRequest request)
    {
        var wish = new RepeatWish(
            request.Accept ?? ReadOnlyDictionary<string, string>.Empty, request.Entries ?? [], request.Failed);
        return RepeatChoice.Of(options, report, wish) switch
        {
            RepeatReading.Chosen chosen => new RepeatAnswer.Chosen(chosen.Options),
            RepeatReading.Refused refused => new RepeatAnswer.Refused(refused.Reason),
            var unknown => throw new UnreachableException($"{unknown}"),
        };
    }
}
