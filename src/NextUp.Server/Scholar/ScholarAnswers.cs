using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using NextUp.Client.Wire;
using NextUp.Server.Operations;

namespace NextUp.Server.Scholar;

/// <summary>Puts refusals into the shape and the words of the Scholar contract.</summary>
static class ScholarAnswers
{
    public static Task JsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        Answers.JsonAsync(context, StatusCodes.Status200OK, value, type);

    public static Task RefuseAsync(HttpContext context, int status, ScholarRefusal refusal) =>
        Answers.JsonAsync(context, status, refusal, ScholarJson.Wire.ScholarRefusal);

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        if (problem.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);

        return problem.Code switch
        {
            ProblemCodes.NoFile or ProblemCodes.NotMultipart => RefuseAsync(context, 400,
                new("No file uploaded") { Detail = "Include bibtex_file in request" }),
            ProblemCodes.UnfitUpload => RefuseAsync(context, 400, new(problem.Detail)),
            ProblemCodes.JobLimitReached => RefuseAsync(context, 429,
                new($"You already have a job in progress: \"{problem.ExistingJob?.FileName}\"")
                {
                    ExistingJobId = problem.ExistingJob?.Id,
                }),
            ProblemCodes.JobNotFound => RefuseAsync(context, 404, new("Job not found")),
            _ => RefuseAsync(context, problem.Status, new(problem.Title) { Detail = problem.Detail }),
        };
    }
}
