using System.Text.Json;
using NextUp.Actors.Papers;
using NextUp.Actors.Store;
using NextUp.Client.Exams;
using NextUp.Processors.Exams;
using NextUp.Processors.Exams.Syllabuses;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Papers;

/// <summary><c>/api/v1/exams/syllabuses</c>: the lists of chapters of the administrator who calls.</summary>
sealed class SyllabusEndpoints(IPaperStore store, Callers callers, TimeProvider clock)
{
    const string Prefix = PaperEndpoints.Prefix + "/syllabuses";

    const string Tag = "Exam papers";

    /// <summary>Syllabuses in an answer.</summary>
    public const int ListMax = 500;

    public void Map(IEndpointRouteBuilder map)
    {
        map.MapGet(Prefix, callers.Guard(ListAsync, Audience.Administrator))
            .Describe(Tag, "Your syllabuses, by name", Audience.Administrator).Answers<SyllabusListView>(200).Refuses(401, 403);
        map.MapPut(Prefix + "/{id}", callers.Guard(PutAsync, Audience.Administrator))
            .Describe(Tag, "Keep a syllabus: its chapters with titles, descriptions and subtopics", Audience.Administrator)
            .TakesJson<SyllabusView>().Answers<SyllabusRowView>(200).Refuses(400, 401, 403, 422, 503);
        map.MapGet(Prefix + "/{id}", callers.Guard(GetAsync, Audience.Administrator))
            .Describe(Tag, "A syllabus", Audience.Administrator).Answers<SyllabusView>(200).Refuses(401, 403, 404);
        map.MapDelete(Prefix + "/{id}", callers.Guard(DeleteAsync, Audience.Administrator))
            .Describe(Tag, "Delete a syllabus; tags that were given stay", Audience.Administrator).Refuses(401, 403, 404, 503);
    }

    async Task ListAsync(HttpContext context, Caller caller)
    {
        var rows = await store.SyllabusesAsync(caller.User, ListMax);
        await Answers.JsonAsync(
            context, 200, new SyllabusListView([.. rows.Select(Row)]), PaperJson.Wire.SyllabusListView);
    }

    async Task PutAsync(HttpContext context, Caller caller)
    {
        var id = IdOf(context);
        if (!PaperId.IsFit(id))
        {
            await Problems.WriteAsync(context, Problems.UnfitPaperId());
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var (syllabus, fault) = Syllabus.Read(body.GetBuffer().AsSpan(0, (int)body.Length));
        if (syllabus is null)
        {
            await Problems.WriteAsync(context, Problems.UnfitChange(fault!));
            return;
        }

        var record = new SyllabusRecord(
            new PaperId(id), caller.User, syllabus.Name, syllabus.Chapters.Count,
            JsonSerializer.SerializeToUtf8Bytes(syllabus, ExamJson.Wire.Syllabus), clock.GetUtcNow());
        await store.PutSyllabusAsync(record);
        await Answers.JsonAsync(context, 200, Row(record), PaperJson.Wire.SyllabusRowView);
    }

    async Task GetAsync(HttpContext context, Caller caller)
    {
        if (await store.FindSyllabusAsync(caller.User, new PaperId(IdOf(context))) is not { } found)
        {
            await Problems.WriteAsync(context, Problems.SyllabusNotFound(IdOf(context)));
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(found.Content, context.RequestAborted);
    }

    async Task DeleteAsync(HttpContext context, Caller caller)
    {
        if (await store.DeleteSyllabusAsync(caller.User, new PaperId(IdOf(context))))
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else
            await Problems.WriteAsync(context, Problems.SyllabusNotFound(IdOf(context)));
    }

    static string IdOf(HttpContext context) => context.Request.RouteValues["id"] as string ?? "";

    static SyllabusRowView Row(SyllabusRecord record) =>
        new(record.Id.Value, record.Name, record.Chapters, record.CreatedAt);
}
