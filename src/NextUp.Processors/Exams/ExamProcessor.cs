using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Processors.Exams.Asking;
using NextUp.Processors.Exams.Containers;
using NextUp.Processors.Exams.Pages;
using NextUp.Processors.Exams.Questions;
using NextUp.Processors.Exams.Syllabuses;

namespace NextUp.Processors.Exams;

/// <summary>Reads exam papers: pages, then questions, parts and marks, then the checks on all of it.</summary>
/// <remarks>
/// The rules read every paper. A model is asked only where their checks fail, and its answer is taken only where more of
/// them hold then. A paper whose checks fail in the end is completed all the same, with warnings that everyone sees: a person
/// mends three questions faster than they type thirty. What takes long or costs money (words off pictures, drawn pages, answers
/// of the model) is kept page by page and answer by answer, so an attempt that follows a lost one goes on behind it.
/// </remarks>
public sealed class ExamProcessor(PageSource source, ModelReader? model, TimeProvider clock) : IJobProcessor
{
    /// <summary>The kind of job.</summary>
    public static readonly JobKind ExamKind = new("exams");

    /// <summary>The steps that a job goes through, and where each begins, in percent.</summary>
    public const string PagesStep = "Reading pages", AnalysisStep = "Analysing questions", FinalStep = "Finalizing", DoneStep = "Done";

    const int PagesPercent = 5, AnalysisPercent = 10, ReadPercent = 80, FinalPercent = 90;

    public JobKind Kind => ExamKind;

    public async ValueTask<UploadVerdict> CheckAsync(string fileName, Stream content, CancellationToken cancellationToken) =>
        await PaperFiles.FaultAsync(fileName, content, cancellationToken) is { } fault
            ? new UploadVerdict.Unfit(fault) : new UploadVerdict.Fit(null);

    public async Task<JobOutcome> RunAsync(IJobRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (options, wrong) = ExamOptions.Read(run.Options);
        if (wrong is not null)
            return new JobOutcome.GiveUp(wrong);
        run.Report(new(0, null, 0, PagesPercent, PagesStep));
        PaperFiles? files;
        await using (var input = await run.OpenInputAsync(cancellationToken))
        {
            (files, var fault) = await PaperFiles.UnpackAsync(
                run.FileName, input, Path.Combine(run.Workspace, "parts"), cancellationToken);
            if (files is null)
                return new JobOutcome.GiveUp(fault!);
        }

        var started = clock.GetTimestamp();
        var steps = new PageSteps(run, "paper");
        var answer = await source.ReadAsync(
            files.Paper, run.Workspace, draw: true, steps, (done, total) => ReportPage(run, done, total), cancellationToken);
        switch (answer)
        {
            case PagesAnswer.Refused refused:
                return new JobOutcome.GiveUp(refused.Reason);
            case PagesAnswer.Failed failed:
                return new JobOutcome.Retry(failed.Reason);
        }

        var pages = ((PagesAnswer.Read)answer).Pages;
        run.Log($"{pages.Pages.Count} pages read in {clock.GetElapsedTime(started).TotalSeconds:0.0} s{Kept(steps.Found)}");
        var (paper, refusal) = await AnalyseAsync(run, files, pages, options, cancellationToken);
        return refusal ?? await FinishAsync(run, paper!, pages, cancellationToken);
    }

    async Task<(ExamPaper? Paper, JobOutcome? Refusal)> AnalyseAsync(
        IJobRun run, PaperFiles files, PaperPages pages, ExamOptions options, CancellationToken cancellationToken)
    {
        var text = PaperText.Of(pages.Pages);
        if (text.All.Count == 0)
            return (null, NoText(pages));
        var paper = PaperReader.Read(text);
        cancellationToken.ThrowIfCancellationRequested();
        if (PaperFace.Of(text).IsMarkScheme)
        {
            return (null, new JobOutcome.GiveUp(
                $"\"{run.FileName}\" is a mark scheme. Send it as the scheme beside its paper, not as a paper."));
        }

        if (model is not null && paper.Checks.Any(check => !check.Ok))
        {
            var steps = new AnswerSteps(run);
            paper = await model.RepairAsync(
                text, paper, files.Syllabus, steps, (done, total) => ReportModel(run, pages.Pages.Count, done, total),
                cancellationToken);
            run.Log($"Asked {paper.Extractor.Model}: {paper.Extractor.Note}{Kept(steps.Found)}");
        }

        if (paper.Questions.Count == 0)
        {
            return (null, new JobOutcome.GiveUp(
                $"No questions were found on the {pages.Pages.Count} pages of \"{run.FileName}\": numbers such as 1, 1., Question 1 "
                + "or 01 in the left margin were looked for. Is it an answer booklet, or an insert?"));
        }

        if (pages.Unread is { } unread)
            paper = paper with { Warnings = [.. paper.Warnings, $"Some pages have no text and were not read. {unread}"] };
        paper = paper with { HasInsert = paper.HasInsert || options.HasInsert || files.Insert.Count > 0 };
        paper = await WithSchemeAsync(run, files, paper, cancellationToken);
        if (files.Syllabus is { } syllabus)
        {
            var tagger = new ChapterTagger(syllabus);
            paper = paper with { Questions = [.. paper.Questions.Select(question => WithTags(question, tagger))] };
        }

        foreach (var check in paper.Checks.Where(check => !check.Ok))
            run.Log($"Check {check.Code}: {check.Detail}");
        return (paper, null);
    }

    /// <summary>What the rules find; where they find nothing, what the model found stays.</summary>
    static ExamQuestion WithTags(ExamQuestion question, ChapterTagger tagger) =>
        tagger.Tag(question) is { Count: > 0 } tags ? question with { Tags = tags } : question;

    /// <summary>A scan that could not be read: for good where nothing is missing here, else to be tried again.</summary>
    static JobOutcome.GiveUp NoText(PaperPages pages) => pages.Unread is { } unread
        ? new JobOutcome.GiveUp($"The paper has no text: its pages are pictures, and reading words off them failed. {unread}")
        : new JobOutcome.GiveUp("The paper has no text: its pages are empty, or pictures on which no words could be found.");

    async Task<ExamPaper> WithSchemeAsync(
        IJobRun run, PaperFiles files, ExamPaper paper, CancellationToken cancellationToken)
    {
        if (files.Scheme.Count == 0)
            return paper;
        var steps = new PageSteps(run, "scheme");
        var answer = await source.ReadAsync(
            files.Scheme, run.Workspace, draw: false, steps, static (_, _) => { }, cancellationToken);
        return answer switch
        {
            PagesAnswer.Read read => SchemeReader.Put(paper, SchemeReader.Read(read.Pages.Pages)),
            PagesAnswer.Refused refused => WithWarning(refused.Reason),
            _ => WithWarning(((PagesAnswer.Failed)answer).Reason),
        };

        ExamPaper WithWarning(string reason) =>
            paper with { Warnings = [.. paper.Warnings, $"The mark scheme could not be read. {reason}"] };
    }

    static async Task<JobOutcome> FinishAsync(
        IJobRun run, ExamPaper paper, PaperPages pages, CancellationToken cancellationToken)
    {
        var count = pages.Pages.Count;
        run.Report(new(count, count, 0, FinalPercent, FinalStep));
        var path = Path.Combine(run.Workspace, "result.zip");
        await ResultPackage.WriteAsync(path, paper, pages.Pictures, cancellationToken);
        var name = Path.GetFileNameWithoutExtension(run.FileName);
        var summary = JsonSerializer.Serialize(ExamSummary.Of(paper), ExamJson.Wire.ExamSummary);
        run.Report(new(count, count, 0, 100, DoneStep));
        return new JobOutcome.Done(summary,
        [
            new(FileRole.Result, $"{name}-questions.zip", "application/zip") { Path = path },
            new(FileRole.Report, $"{name}-questions.json", "application/json")
            {
                Content = JsonSerializer.SerializeToUtf8Bytes(paper, ExamJson.Wire.ExamPaper),
            },
        ]);
    }

    static string Kept(int found) => found > 0 ? $" ({found} from an earlier attempt)" : "";

    static void ReportModel(IJobRun run, int pages, int done, int total) =>
        run.Report(new(pages, pages, 0, ReadPercent + (FinalPercent - ReadPercent) * done / total, AnalysisStep));

    static void ReportPage(IJobRun run, int done, int total)
    {
        if (done == 0)
            run.Report(new(0, total, 0, PagesPercent, PagesStep));
        else
            run.Report(new(done, total, 0, AnalysisPercent + (ReadPercent - AnalysisPercent) * done / total, AnalysisStep));
    }
}
