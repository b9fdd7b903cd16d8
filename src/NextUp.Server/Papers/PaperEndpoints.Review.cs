using System.Text.Json;
using NextUp.Actors.Papers;
using NextUp.Client.Exams;
using NextUp.Client.Wire;
using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Review;
using NextUp.Processors.Exams.Syllabuses;
using NextUp.Server.Operations;
using NextUp.Server.Users;
using NextUp.Server.Workers;

namespace NextUp.Server.Papers;

/// <summary>
/// Changes by people. Each names the version of the paper that it was made on, so that of two people who change one paper at
/// the same time the second sees what the first did before theirs is taken.
/// </summary>
sealed partial class PaperEndpoints
{
    void MapReview(IEndpointRouteBuilder map)
    {
        const string One = Prefix + "/{id}/questions/{key}";
        void Describe(IEndpointConventionBuilder endpoint, string summary, Action<EndpointDocs.RouteHandlerOrEndpoint> takes)
        {
            var described = endpoint.Describe(Tag, summary, Audience.Administrator);
            takes(described);
            described.Answers<PaperView>(200).Refuses(400, 401, 403, 404, 409, 422, 503);
        }

        Describe(
            map.MapPatch(One, callers.Guard(EditAsync, Audience.Administrator)),
            "Change a question: number, section, text, marks, parts, options, markingScheme, tags", one => one.TakesJson<EditRequest>());
        Describe(
            map.MapPost(One + "/merge", callers.Guard(MergeAsync, Audience.Administrator)),
            "Make one question of two", one => one.TakesJson<MergeRequest>());
        Describe(
            map.MapPost(One + "/split", callers.Guard(SplitAsync, Audience.Administrator)),
            "Make two questions of one", one => one.TakesJson<SplitRequest>());
        Describe(
            map.MapPost(One + "/remove", callers.Guard(RemoveAsync, Audience.Administrator)),
            "Take a question out that is none", one => one.TakesJson<VersionRequest>());
        Describe(
            map.MapPost(One + "/restore", callers.Guard(RestoreAsync, Audience.Administrator)),
            "Go back to what was read", one => one.TakesJson<VersionRequest>());
        Describe(
            map.MapPut(One + "/tags", callers.Guard(TagAsync, Audience.Administrator)),
            "Choose a question's chapters", one => one.TakesJson<TagRequest>());
        Describe(
            map.MapPost(Prefix + "/{id}/retag", callers.Guard(RetagAsync, Audience.Administrator)),
            "Tag every question by a syllabus; chapters that people chose stay", one => one.TakesJson<RetagRequest>());
    }

    async Task EditAsync(HttpContext context, Caller caller)
    {
        if (await ReadAsync(context, ExamJson.Wire.VersionedEdit) is not { } request)
            return;
        var chapters = request.Tags is null ? null : await ChoicesAsync(caller, request.Tags);
        await ChangeAsync(context, caller, request.Version, review => review.Edit(KeyOf(context), request, chapters));
    }

    async Task<ChapterChoices> ChoicesAsync(Caller caller, IReadOnlyList<ChapterChoice> choices)
    {
        var syllabuses = new Dictionary<string, Syllabus>();
        // More choices than there may be are refused, whatever they name.
        foreach (var id in choices.Take(ChapterChoices.ChaptersMax).Select(choice => choice?.Syllabus).OfType<string>().Distinct())
        {
            if (await store.FindSyllabusAsync(caller.User, new PaperId(id)) is { } found
                && JsonSerializer.Deserialize(found.Content, ExamJson.Wire.Syllabus) is { } syllabus)
                syllabuses[id] = syllabus;
        }

        return new(syllabuses, caller.User.AccountName);
    }

    async Task MergeAsync(HttpContext context, Caller caller)
    {
        if (await ReadAsync(context, PaperJson.Wire.MergeRequest) is { } request)
            await ChangeAsync(context, caller, request.Version, review => review.Merge(KeyOf(context), request.With ?? ""));
    }

    async Task SplitAsync(HttpContext context, Caller caller)
    {
        if (await ReadAsync(context, PaperJson.Wire.SplitRequest) is { } request)
        {
            await ChangeAsync(
                context, caller, request.Version,
                review => review.Split(KeyOf(context), request.Part, request.Before, request.Number));
        }
    }

    async Task RemoveAsync(HttpContext context, Caller caller)
    {
        if (await ReadAsync(context, PaperJson.Wire.VersionRequest) is { } request)
            await ChangeAsync(context, caller, request.Version, review => review.Remove(KeyOf(context)));
    }

    async Task RestoreAsync(HttpContext context, Caller caller)
    {
        if (await ReadAsync(context, PaperJson.Wire.VersionRequest) is { } request)
            await ChangeAsync(context, caller, request.Version, review => review.Restore(KeyOf(context)));
    }

    async Task TagAsync(HttpContext context, Caller caller)
    {
        if (await ReadAsync(context, PaperJson.Wire.TagRequest) is not { } request)
            return;
        IReadOnlyList<ChapterTag>? tags = null;
        if (request.Chapters is { } chosen)
        {
            if (await SyllabusAsync(context, caller, request.Syllabus) is not { } syllabus)
                return;
            if (chosen.Count > Syllabus.ChaptersMax || chosen.Any(chapter => chapter < 0 || chapter >= syllabus.Chapters.Count))
            {
                await Problems.WriteAsync(context, Problems.InvalidRequest(
                    $"\"chapters\" are places in the syllabus, from 0 to {syllabus.Chapters.Count - 1}.") with { Field = "chapters" });
                return;
            }

            tags = [.. chosen.Distinct().Select((chapter, i) => new ChapterTag(
                chapter, syllabus.Chapters[chapter].Number ?? $"{chapter + 1}", syllabus.Chapters[chapter].Title, 1, i == 0,
                $"chosen by {caller.User.AccountName}", Sources.Manual))];
        }

        await ChangeAsync(context, caller, request.Version, review => review.Tag(KeyOf(context), tags));
    }

    async Task RetagAsync(HttpContext context, Caller caller)
    {
        if (await ReadAsync(context, PaperJson.Wire.RetagRequest) is not { } request
            || await SyllabusAsync(context, caller, request.Syllabus) is not { } syllabus)
            return;
        var tagger = new ChapterTagger(syllabus);
        await ChangeAsync(
            context, caller, request.Version, review => new ReviewAnswer.Changed(review.Retag(tagger.Tag)));
    }

    async Task ChangeAsync(HttpContext context, Caller caller, int version, Func<PaperReview, ReviewAnswer> change)
    {
        if (await FindAsync(context, caller) is not { } stored)
            return;
        if (stored.Record.Version != version)
        {
            await Problems.WriteAsync(context, Problems.PaperChanged(stored.Record.Version));
            return;
        }

        var read = PaperAnswers.Extraction(stored);
        switch (change(new PaperReview(read, ManualLayer.Read(stored.Manual))))
        {
            case ReviewAnswer.NotFound:
                await Problems.WriteAsync(context, Problems.PaperNotFound(stored.Record.Id.Value, $"question {KeyOf(context)}"));
                return;
            case ReviewAnswer.Refused refused:
                await Problems.WriteAsync(context, Problems.UnfitChange(refused.Reason, refused.Field));
                return;
            case ReviewAnswer.Changed changed:
                var manual = changed.Layer.Write();
                var shown = changed.Layer.Over(read);
                var summary = JsonSerializer.Serialize(ExamSummary.Of(shown), ExamJson.Wire.ExamSummary);
                if (await store.ChangeAsync(caller.User, stored.Record.Id, version, manual, summary, clock.GetUtcNow()))
                    await AnswerAsync(context, (await store.FindAsync(caller.User, stored.Record.Id))!);
                else
                    await Problems.WriteAsync(context, Problems.PaperChanged(version + 1));
                return;
        }
    }

    async ValueTask<Syllabus?> SyllabusAsync(HttpContext context, Caller caller, string? id)
    {
        if (await store.FindSyllabusAsync(caller.User, new PaperId(id ?? "")) is { } found)
            return JsonSerializer.Deserialize(found.Content, ExamJson.Wire.Syllabus);
        await Problems.WriteAsync(context, Problems.SyllabusNotFound(id ?? ""));
        return null;
    }

    /// <summary>The body, or null where it is none, and that was answered.</summary>
    static async Task<T?> ReadAsync<T>(HttpContext context, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        var (body, problem) = await WorkRequests.ReadAsync(context, type);
        if (problem is not null)
            await Problems.WriteAsync(context, problem);
        return body;
    }

    static string KeyOf(HttpContext context) => context.Request.RouteValues["key"] as string ?? "";
}
