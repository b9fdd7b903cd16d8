using System.Diagnostics;
using NextUp.Actors.Documents;
using NextUp.Actors.Store;
using NextUp.Client.Documents;
using NextUp.Client.Wire;
using NextUp.Processors.Documents.Processing;
using NextUp.Server.Jobs;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Documents.Contract;

/// <summary>The vectorization system's own calls, <c>/api/documents</c>, for front ends that were made for it.</summary>
sealed class ContractEndpoints(
    UploadReader uploads, SubmitEndpoint submit, IDocumentStore documents, DocumentViews views, Callers callers)
{
    const string Tag = "Vectorization";
    const string Prefix = "/api/documents";
    const string Queued = "queued_for_processing";

    static readonly UploadForm s_form = new(["file", "document"], 1, TakesOtherFields: true) { Kind = DocumentsProcessor.DocumentsKind };

    public void Map(IEndpointRouteBuilder map)
    {
        map.MapPost(Prefix + "/upload", callers.Guard(UploadAsync, Audience.Account, Scope.Submit, WriteAsync))
            .Describe(Tag, "Upload a document", Audience.Account).TakesForm(("file", "The document."))
            .Answers<UploadedDocument>(200).Answers<ContractRefusal>(400).Answers<ContractRefusal>(401);
        map.MapGet(Prefix + "/{id}/status", callers.Guard(StatusAsync, Audience.DocumentOwner, Scope.Read, WriteAsync))
            .Describe(Tag, "How far a document is", Audience.DocumentOwner)
            .Answers<DocumentStatus>(200).Answers<ContractRefusal>(401).Answers<ContractRefusal>(404);
    }

    async Task UploadAsync(HttpContext context, Caller caller)
    {
        switch (await uploads.ReadAsync(context, s_form))
        {
            case UploadAnswer.Refused refused:
                await WriteAsync(context, refused.Problem);
                return;
            case UploadAnswer.Whole { Files: [var upload] }:
                await AnswerAsync(context, caller, upload);
                return;
            case var unknown:
                throw new UnreachableException($"{unknown}");
        }
    }

    async Task AnswerAsync(HttpContext context, Caller caller, Upload upload)
    {
        var outcome = await submit.OutcomeAsync(caller, upload, key: null);
        if (outcome.Problem is { ExistingDocument: { } existing })
        {
            await WriteExistingAsync(context, caller, DocumentId.Parse(existing, null));
            return;
        }

        if (outcome.Job is not { } job)
        {
            await WriteAsync(context, outcome.Problem!);
            return;
        }

        // The document may be an earlier one, whose upload could not be worked on before.
        var document = await documents.FindByJobAsync(Actors.Jobs.JobId.Parse(job.Id, null));
        await Answers.JsonAsync(
            context, 200,
            new UploadedDocument(
                document?.Id.ToString() ?? job.Id, upload.FileName, job.FileSize, Queued, job.Id,
                "Document uploaded successfully and queued for processing"),
            ContractJson.Wire.UploadedDocument);
    }

    async Task WriteExistingAsync(HttpContext context, Caller caller, DocumentId id)
    {
        if (await documents.FindAsync(caller.User, id) is not { } document)
        {
            await WriteAsync(context, Problems.TryAgain()); // Deleted in this moment.
            return;
        }

        var view = await views.OfAsync(document);
        var status = view.State == JobStateNames.Completed ? JobStateNames.Completed : Queued;
        await Answers.JsonAsync(
            context, 200,
            new UploadedDocument(
                view.Id, view.Name, view.Size, status, view.Job, "Document was uploaded before; nothing is processed anew",
                IsDuplicate: true),
            ContractJson.Wire.UploadedDocument);
    }

    async Task StatusAsync(HttpContext context, Caller caller)
    {
        var text = JobEndpoints.IdOf(context);
        if (!DocumentId.TryParse(text, null, out var id) || await documents.FindAsync(caller.User, id) is not { } document)
        {
            await WriteAsync(context, Problems.DocumentNotFound(text));
            return;
        }

        var view = await views.OfAsync(document);
        await Answers.JsonAsync(
            context, 200,
            new DocumentStatus(
                view.Id, view.Name, StateOf(view), view.Error, view.CreatedAt, view.StartedAt,
                JobStateNames.IsFinished(view.State) ? view.ProcessedAt : null),
            ContractJson.Wire.DocumentStatus);
    }

    /// <summary>The contract knows no cancelled documents: to it they failed, and the error says how.</summary>
    public static string StateOf(DocumentView view) =>
        view.State == JobStateNames.Cancelled ? JobStateNames.Failed : view.State;

    /// <summary>Who shows no token is told that there is one needed; the contract has no visitors.</summary>
    static Task WriteAsync(HttpContext context, Problem problem)
    {
        var hasToken = context.Request.Headers.Authorization.Count > 0;
        if (problem is { Status: 403, Code: ProblemCodes.Forbidden } && !hasToken)
            problem = Problems.Unauthorized();
        if (problem.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Answers.JsonAsync(
            context, problem.Status, new ContractRefusal(problem.Detail, problem.Code), ContractJson.Wire.ContractRefusal);
    }
}
