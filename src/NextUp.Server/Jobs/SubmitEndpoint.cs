using System.Diagnostics;
using NextUp.Actors;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Jobs;

/// <summary><c>POST /api/v1/jobs</c>: one file, or several at once.</summary>
sealed class SubmitEndpoint(UploadReader uploads, Submitter submitter, JobViews views)
{
    const string KeyHeader = "Idempotency-Key";

    public static readonly EndpointDocs.HeaderParameter KeyParameter =
        new(KeyHeader, "The same key gives the same job. At most 200 characters.");

    /// <summary>What is appended to the key for each of several files, <c>#0</c> to <c>#99</c>.</summary>
    const int KeySuffixLength = 3;

    public async Task SubmitAsync(HttpContext context, Caller caller)
    {
        var key = KeyOf(context.Request, out var keyProblem);
        if (keyProblem is not null)
        {
            await Problems.WriteAsync(context, keyProblem);
            return;
        }

        switch (await uploads.ReadAsync(context, UploadForm.Submission, caller))
        {
            case UploadAnswer.Refused refused:
                await Problems.WriteAsync(context, refused.Problem);
                return;
            case UploadAnswer.Whole { Files: [var single] }:
                await WriteAsync(context, await OutcomeAsync(caller, single, key));
                return;
            case UploadAnswer.Whole several when key?.Length > Submission.KeyLengthMax - KeySuffixLength:
                uploads.Discard(several.Files);
                await Problems.WriteAsync(context, Problems.InvalidRequest(
                    $"With several files the header {KeyHeader} has at most "
                    + $"{Submission.KeyLengthMax - KeySuffixLength} characters, because #0, #1 ... is appended."));
                return;
            case UploadAnswer.Whole several:
                await WriteAsync(context, await OutcomesAsync(caller, several.Files, key));
                return;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Submits one file that came in another way, and answers as for an upload.</summary>
    public async Task AnswerAsync(HttpContext context, Caller caller, Upload upload)
    {
        var key = KeyOf(context.Request, out var problem);
        if (problem is null)
        {
            await WriteAsync(context, await OutcomeAsync(caller, upload, key));
            return;
        }

        uploads.Discard([upload]);
        await Problems.WriteAsync(context, problem);
    }

    /// <summary>
    /// One after the other, in the order sent, which is their order in the line or the lane. Each file is accepted whole or
    /// not at all, whatever becomes of the others: a store that fails in between is told of file by file, so that the
    /// answer never leaves open which of them are jobs now.
    /// </summary>
    async Task<SubmitOutcomes> OutcomesAsync(Caller caller, IReadOnlyList<Upload> files, string? key)
    {
        var outcomes = new List<SubmitOutcome>(files.Count);
        foreach (var file in files)
        {
            var own = key is null ? null : $"{key}#{outcomes.Count}";
            try
            {
                outcomes.Add(await OutcomeAsync(caller, file, own));
            }
            catch (StoreFailedException)
            {
                outcomes.Add(Refused(file, Problems.StoreUnavailable()));
            }
            catch (ActorForgottenException)
            {
                outcomes.Add(Refused(file, Problems.TryAgain()));
            }
        }

        return new(outcomes);
    }

    /// <summary>Submits one file and says what became of it.</summary>
    public async ValueTask<SubmitOutcome> OutcomeAsync(Caller caller, Upload upload, string? key)
    {
        if (upload is not Upload.Fit fit)
            return Refused(upload, ((Upload.Refused)upload).Problem);

        var (answer, problem) = await submitter.SubmitAsync(caller, fit, key);
        return answer switch
        {
            null => Refused(upload, problem!),
            SubmitAnswer.Accepted accepted =>
                new(upload.FileName, accepted.IsRepeat ? 200 : 201, await views.OfAsync(accepted.Job), null),
            SubmitAnswer.AtLimit busy =>
                Refused(upload, Problems.JobLimitReached(await views.OfAsync(busy.Existing), busy.ActivePerUserMax)),
            SubmitAnswer.LaneFull full => Refused(upload, Problems.LaneFull(full.HeldPerUserMax)),
            SubmitAnswer.AddressFull full => Refused(upload, Problems.AddressLimitReached(full.VisitorsMax)),
            SubmitAnswer.SignedIn => Refused(upload, Problems.VisitorSignedIn()),
            SubmitAnswer.ChoiceNotAllowed choice => Refused(upload, Problems.ChoiceNotAllowed(choice.KindsOwn)),
            SubmitAnswer.PriorityNotAllowed level => Refused(upload, Problems.PriorityNotAllowed(level.PriorityMax)),
            SubmitAnswer.TooFarAhead => Refused(upload, Problems.TooFarAhead()),
            var unknown => throw new UnreachableException($"{unknown}"),
        };
    }

    static SubmitOutcome Refused(Upload upload, Problem problem) => new(upload.FileName, problem.Status, null, problem);

    static Task WriteAsync(HttpContext context, SubmitOutcome outcome)
    {
        if (outcome.Problem is { } problem)
            return Problems.WriteAsync(context, problem);

        context.Response.Headers.Location = outcome.Job!.Links.Self;
        return Answers.JsonAsync(context, outcome.Status, outcome.Job, WireJson.Wire.JobView);
    }

    static Task WriteAsync(HttpContext context, SubmitOutcomes outcomes) =>
        Answers.JsonAsync(context, StatusCodes.Status207MultiStatus, outcomes, WireJson.Wire.SubmitOutcomes);

    static string? KeyOf(HttpRequest request, out Problem? problem)
    {
        problem = null;
        var values = request.Headers[KeyHeader];
        if (values.Count == 0)
            return null;

        var key = values.ToString();
        if (key.Length is > 0 and <= Submission.KeyLengthMax)
            return key;

        problem = Problems.InvalidRequest($"The header {KeyHeader} has 1 to {Submission.KeyLengthMax} characters.");
        return null;
    }
}
