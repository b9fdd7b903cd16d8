using System.Net;
using System.Text.Json;
using NextUp.Client.Exams;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Exams;

/// <summary>Exam papers on the real server: from the upload to the questions, and what people do with them.</summary>
public sealed class ExamTests(RunningServer server) : IClassFixture<RunningServer>
{
    readonly ServerProcess _server = server.Process;

    [Fact]
    public async Task A_paper_comes_back_as_questions_with_marks_checks_and_pictures()
    {
        using var administrator = _server.Administrator();
        var (pdf, truth) = ExamRequests.Paper();

        var job = await administrator.FinishedAsync((await administrator.SubmitPaperAsync(pdf, fields: ("id", "biology-1"))).Id);
        Assert.True(job.State == JobStateNames.Completed, job.Error);
        Assert.Equal("Done", job.Progress.Step);
        var paper = await administrator.PaperAsync("biology-1");

        Assert.Equal(truth.Questions.Select(question => (question.Section, question.Number, (int?)question.Marks)),
            paper.Paper.Questions.Select(question => (question.Section, question.Number, question.Marks)));
        Assert.Equal(truth.Total, paper.Paper.TotalMarksFound);
        Assert.All(paper.Paper.Checks, check => Assert.True(check.Ok, check.Detail));
        Assert.Equal(paper.Paper.Pages, paper.Pictures);
        using var picture = await administrator.GetAsync($"{ExamRequests.Exams}/biology-1/pages/2");
        Assert.Equal("image/png", picture.Content.Headers.ContentType!.MediaType);
        using var csv = await administrator.GetAsync($"{ExamRequests.Exams}/biology-1/export?format=csv");
        Assert.StartsWith("section,number,part", await csv.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var list = await administrator.GetAsync(ExamRequests.Exams);
        var row = Assert.Single((await list.JsonAsync()).GetProperty("papers").EnumerateArray().ToList(),
            one => one.GetProperty("id").GetString() == "biology-1");
        Assert.Equal(truth.Questions.Count, row.GetProperty("summary").GetProperty("questions").GetInt32());
    }

    [Fact]
    public async Task What_people_changed_survives_a_new_reading()
    {
        using var administrator = _server.Administrator();
        var (pdf, truth) = ExamRequests.LongPaper(5);
        await administrator.FinishedAsync((await administrator.SubmitPaperAsync(pdf, fields: ("id", "changed"))).Id);
        var paper = await administrator.PaperAsync("changed");
        var (first, second, third) = (paper.Paper.Questions[0], paper.Paper.Questions[1], paper.Paper.Questions[2]);

        paper = await administrator.ChangeAsync(
            HttpMethod.Patch, $"changed/questions/{first.Key}", new { version = paper.Version, text = "By hand", marks = 2 });
        paper = await administrator.ChangeAsync(
            HttpMethod.Post, $"changed/questions/{second.Key}/merge", new { version = paper.Version, with = third.Key });
        using var again = await administrator.PostAsync($"{ExamRequests.Exams}/changed/again", null);
        var job = await administrator.FinishedAsync((await again.JobAsync()).Id);
        Assert.True(job.State == JobStateNames.Completed, job.Error);
        var version = paper.Version;
        paper = await Eventually.FoundAsync(async () =>
            await administrator.PaperAsync("changed") is var now && now.Version > version ? now : null);

        Assert.Equal(truth.Questions.Count - 1, paper.Paper.Questions.Count);
        Assert.Equal(("By hand", 2, "manual"),
            (paper.Paper.Questions[0].Text, paper.Paper.Questions[0].Marks, paper.Paper.Questions[0].Source));
        Assert.Equal(second.Marks + third.Marks, paper.Paper.Questions[1].Marks);
        Assert.Contains(paper.Paper.Checks, check => check is { Code: "numbers", Ok: false });
    }

    [Fact]
    public async Task Of_two_changes_of_one_version_the_second_is_told()
    {
        using var administrator = _server.Administrator();
        await administrator.FinishedAsync(
            (await administrator.SubmitPaperAsync(ExamRequests.LongPaper(2).Pdf, fields: ("id", "raced"))).Id);
        var paper = await administrator.PaperAsync("raced");
        await administrator.ChangeAsync(HttpMethod.Patch, "raced/questions/1", new { version = paper.Version, text = "One" });

        using var late = await administrator.PatchAsync(
            $"{ExamRequests.Exams}/raced/questions/1",
            new StringContent($$"""{"version":{{paper.Version}},"text":"Two"}""", System.Text.Encoding.UTF8, "application/json"));

        await late.ProblemAsync(HttpStatusCode.Conflict, ProblemCodes.PaperChanged);
    }

    [Fact]
    public async Task Parts_and_chapters_are_changed_at_once_and_survive_a_new_reading()
    {
        using var administrator = _server.Administrator();
        var (pdf, _) = ExamRequests.LongPaper(2);
        await administrator.FinishedAsync((await administrator.SubmitPaperAsync(pdf, fields: ("id", "parted"))).Id);
        using var kept = await administrator.PutAsync($"{ExamRequests.Exams}/syllabuses/parted", Json(new
        {
            name = "Biology", chapters = new[] { new { number = "1", title = "Cells" }, new { number = "2", title = "Wind" } },
        }));
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        var paper = await administrator.PaperAsync("parted");

        using var refused = await administrator.PatchAsync($"{ExamRequests.Exams}/parted/questions/1", Json(new
        {
            version = paper.Version, text = "Not kept", parts = new[] { new { label = "a", text = "x", marks = 1000 } },
            tags = new[] { new { syllabus = "parted", chapter = 1 } },
        }));
        var problem = await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.ChoiceNotPossible);
        Assert.Equal("parts[0].marks", problem.Field);
        using var unread = await administrator.PatchAsync(
            $"{ExamRequests.Exams}/parted/questions/1", Json(new { version = paper.Version, parts = new[] { new { marks = "many" } } }));
        problem = await unread.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);
        Assert.Equal("parts[0].marks", problem.Field);
        using var another = _server.Administrator("boris");
        await another.FinishedAsync((await another.SubmitPaperAsync(pdf, fields: ("id", "parted"))).Id);
        var theirs = await another.PaperAsync("parted");
        using var foreign = await another.PatchAsync($"{ExamRequests.Exams}/parted/questions/1", Json(new
        {
            version = theirs.Version, tags = new[] { new { syllabus = "parted", chapter = 1 } },
        }));
        problem = await foreign.ProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.ChoiceNotPossible);
        Assert.Equal("tags[0].syllabus", problem.Field);

        var (version, total) = (paper.Version, paper.Paper.TotalMarksFound - paper.Paper.Questions[0].Marks + 500);
        paper = await administrator.ChangeAsync(HttpMethod.Patch, "parted/questions/1", new
        {
            version, parts = new[] { new { label = "a", text = "By hand", marks = 500 } },
            tags = new[] { new { syllabus = "parted", chapter = 1 } },
        });
        Assert.Equal(version + 1, paper.Version);
        Assert.Contains(paper.Paper.Checks, check => check is { Code: "marks-total", Ok: false });
        Assert.Equal(total, paper.Paper.TotalMarksFound);
        using var again = await administrator.PostAsync($"{ExamRequests.Exams}/parted/again", null);
        await administrator.FinishedAsync((await again.JobAsync()).Id);
        paper = await Eventually.FoundAsync(async () =>
            await administrator.PaperAsync("parted") is var now && now.Version > version + 1 ? now : null);

        var question = paper.Paper.Questions[0];
        Assert.Equal(("By hand", 500, "manual"), (question.Parts.Single().Text, question.Marks, question.Source));
        Assert.Equal(("2", "Wind", "manual", true), (
            question.Tags.Single().Number, question.Tags.Single().Title, question.Tags.Single().Source, question.TagsChosen));
        Assert.NotEqual("Not kept", question.Text);
    }

    [Fact]
    public async Task To_everyone_but_administrators_there_are_no_papers()
    {
        using var administrator = _server.Administrator();
        using var other = _server.Administrator("boris");
        using var user = _server.Account("ulla");
        var job = await administrator.SubmitPaperAsync(ExamRequests.Paper(7).Pdf, fields: ("id", "secret"));
        await administrator.FinishedAsync(job.Id);
        await administrator.PaperAsync("secret");

        using var asked = await user.GetAsync($"{ExamRequests.Exams}/secret");
        Assert.Equal(HttpStatusCode.Forbidden, asked.StatusCode);
        using var known = await other.GetAsync($"{ExamRequests.Exams}/secret");
        using var unknown = await other.GetAsync($"{ExamRequests.Exams}/secreT");
        Assert.Equal(HttpStatusCode.NotFound, known.StatusCode);
        Assert.Equal(
            (await known.Content.ReadAsStringAsync()).Replace("secret", "", StringComparison.Ordinal),
            (await unknown.Content.ReadAsStringAsync()).Replace("secreT", "", StringComparison.Ordinal));
        using var row = await other.GetAsync($"/functions/v1/processing-jobs/{job.Id}");
        Assert.Equal(HttpStatusCode.NotFound, row.StatusCode);

        using var submitted = await user.SubmitAsync("a.pdf", ExamRequests.Paper(7).Pdf, ("kind", "exams"));
        var problem = await submitted.ProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.UnknownKind);
        Assert.DoesNotContain("exams", problem.Detail.Split("There is")[^1], StringComparison.Ordinal);
        using var kinds = await user.GetAsync("/api/v1/kinds");
        Assert.DoesNotContain("exams", await kinds.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_contract_answers_as_its_own_front_end_expects()
    {
        using var administrator = _server.Administrator("carol");
        var picture = await PictureAsync(administrator);

        using var created = await administrator.PostAsync("/functions/v1/create-exam-paper-job", Json(new
        {
            examPaperId = "0b0cb4b1-4a0b-4a11-9f5b-0a0f4f6b7a01",
                base64Images = new[] { "data:image/png;base64," + Convert.ToBase64String(picture) },
            hasInsert = false, priority = 5,
        }));
        var answer = await created.JsonAsync();
        Assert.True(created.StatusCode == HttpStatusCode.OK, answer.ToString());
        Assert.True(answer.GetProperty("success").GetBoolean());
        Assert.Equal("Job created successfully", answer.GetProperty("message").GetString());
        Assert.True(answer.GetProperty("estimatedTime").GetInt32() > 0);
        var id = answer.GetProperty("jobId").GetString()!;
        using var processed = await administrator.PostAsync("/functions/v1/process-background-jobs", Json(new { }));
        Assert.True((await processed.JsonAsync()).GetProperty("success").GetBoolean());
        await administrator.FinishedAsync(id);

        using var one = await administrator.GetAsync($"/functions/v1/processing-jobs/{id}");
        var row = await one.JsonAsync();
        Assert.Equal(
            "id job_type status priority exam_paper_id progress_percentage current_step result error_message retry_count max_retries "
            + "created_at started_at completed_at updated_at created_by",
            string.Join(' ', row.EnumerateObject().Select(property => property.Name)));
        Assert.Equal("carol", row.GetProperty("created_by").GetString());
        Assert.Equal(3, row.GetProperty("max_retries").GetInt32());
        using var list = await administrator.GetAsync($"/functions/v1/processing-jobs?status={row.GetProperty("status").GetString()}");
        Assert.Contains((await list.JsonAsync()).EnumerateArray(), job => job.GetProperty("id").GetString() == id);
        using var empty = await administrator.PostAsync("/functions/v1/create-exam-paper-job", Json(new { examPaperId = "x" }));
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
    }

    [Fact]
    public async Task A_worker_elsewhere_reads_papers_and_the_server_keeps_them()
    {
        await using var lent = await ServerProcess.StartAsync(
            """{"bibtex":{"providers":["catalogue"]},"kinds":{"exams":{"workedBy":"workers"}}}""");
        using var administrator = lent.Administrator();
        var (pdf, truth) = ExamRequests.LongPaper(3);
        var job = await administrator.SubmitPaperAsync(pdf, fields: ("id", "elsewhere"));
        await using var worker = WorkerProcess.Start(lent, Path.Combine(lent.Folder, "w1"));

        job = await administrator.FinishedAsync(job.Id);
        Assert.True(job.State == JobStateNames.Completed, job.Error);
        var paper = await administrator.PaperAsync("elsewhere");

        Assert.Equal(truth.Questions.Select(question => question.Number), paper.Paper.Questions.Select(question => question.Number));
        Assert.Equal(paper.Paper.Pages, paper.Pictures);
    }

    [Fact]
    public async Task A_paper_is_there_after_the_server_was_killed_right_behind_its_completion()
    {
        var first = await ServerProcess.StartAsync(ServerProcess.Running);
        using (var administrator = first.Administrator())
        {
            var job = await administrator.SubmitPaperAsync(ExamRequests.LongPaper(2).Pdf, fields: ("id", "kept"));
            await administrator.FinishedAsync(job.Id);
        }

        await first.KillAsync();
        await using var second = await ServerProcess.StartAsync(ServerProcess.Running, first.Folder);
        using var again = second.Administrator();
        Assert.NotEmpty((await again.PaperAsync("kept")).Paper.Questions);
        await first.DisposeAsync();
    }

    /// <summary>The picture of a page of a paper that was read before.</summary>
    static async Task<byte[]> PictureAsync(HttpClient administrator)
    {
        await administrator.FinishedAsync((await administrator.SubmitPaperAsync(ExamRequests.Paper(8).Pdf, fields: ("id", "pictured"))).Id);
        await administrator.PaperAsync("pictured");
        return await administrator.GetByteArrayAsync($"{ExamRequests.Exams}/pictured/pages/2");
    }

    static StringContent Json(object body) =>
        new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
}
