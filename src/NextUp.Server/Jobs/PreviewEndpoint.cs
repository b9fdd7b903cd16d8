using System.Diagnostics;
using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Jobs;

/// <summary>
/// <c>POST /api/v1/preview</c>: what is in a file and what its entries lack. It makes no job and keeps nothing.
/// </summary>
sealed class PreviewEndpoint(UploadReader uploads, IFileStore files)
{
    public async Task PreviewAsync(HttpContext context, Caller caller)
    {
        await (await ReadAsync(context, UploadForm.Single) switch
        {
            (null, { } problem) => Problems.WriteAsync(context, problem),
            ({ } preview, _) => Answers.JsonAsync(context, 200, preview, WireJson.Wire.FilePreview),
            _ => throw new UnreachableException(),
        });
    }

    /// <summary>The preview, or the problem.</summary>
    public async ValueTask<(FilePreview? Preview, Problem? Problem)> ReadAsync(HttpContext context, UploadForm form)
    {
        switch (await uploads.ReadAsync(context, form))
        {
            case UploadAnswer.Refused refused:
                return (null, refused.Problem);
            case UploadAnswer.Whole { Files: [Upload.Refused refused] }:
                return (null, refused.Problem);
            case UploadAnswer.Whole { Files: [Upload.Fit fit] } whole:
                try
                {
                    return await PreviewAsync(fit, context.RequestAborted);
                }
                finally
                {
                    uploads.Discard(whole.Files);
                }

            case var unknown:
                throw new UnreachableException($"{unknown}");
        }
    }

    async ValueTask<(FilePreview? Preview, Problem? Problem)> PreviewAsync(
        Upload.Fit fit, CancellationToken cancellationToken)
    {
        if (fit.Kind.Preview is not { } previewer)
            return (null, Problems.PreviewNotOffered(fit.Kind.Kind));

        await using var content = files.Open(fit.File);
        return await previewer(fit.FileName, content, cancellationToken) switch
        {
            PreviewAnswer.Seen seen => (seen.Preview, null),
            PreviewAnswer.Unfit unfit => (null, Problems.UnfitUpload(unfit.Reason)),
            var unknown => throw new UnreachableException($"{unknown}"),
        };
    }
}
