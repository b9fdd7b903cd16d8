using NextUp.Actors;
using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.Server.Scholar;

namespace NextUp.Server.Operations;

/// <summary>
/// The one place where a failure becomes an answer: in the shape of the API that was asked, and without the inner text
/// of what the server itself did wrong.
/// </summary>
sealed partial class FaultBoundary(ILogger<FaultBoundary> log)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.ContentLength is null
                && EmptyRefusal(context) is { } problem)
                await WriteAsync(context, problem);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
        }
        catch (Exception error)
        {
            var problem = ProblemOf(error);
            if (problem.Status == 500)
                RequestFailed(error, context.Request.Method, context.Request.Path.Value ?? "");
            else if (problem.Status == 503)
                StoreFailed(error.Message);

            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            var setCookie = context.Response.Headers.SetCookie;
            context.Response.Clear();
            SecurityHeaders.Set(context.Response);
            context.Response.Headers.SetCookie = setCookie;
            await WriteAsync(context, problem);
        }
    }

    static Problem ProblemOf(Exception error) => error switch
    {
        StoreFailedException => Problems.StoreUnavailable(),
        ActorForgottenException => Problems.TryAgain(),
        BadHttpRequestException { StatusCode: 413 } => Problems.RequestTooLarge(Jobs.UploadLimits.OtherBodyBytesMax),
        BadHttpRequestException bad => Problems.Protocol(bad.StatusCode, bad.Message),
        _ => Problems.ServerError(),
    };

    /// <summary>Routing answers an unknown path or method with a bare status.</summary>
    static Problem? EmptyRefusal(HttpContext context) => context.Response.StatusCode switch
    {
        404 => Problems.NotFound(context.Request.Path.Value ?? ""),
        405 => Problems.MethodNotAllowed(context.Request.Method),
        _ => null,
    };

    static Task WriteAsync(HttpContext context, Problem problem) =>
        context.Request.Path.StartsWithSegments(ScholarEndpoints.Prefix)
            ? ScholarAnswers.WriteAsync(context, problem)
            : Problems.WriteAsync(context, problem);

    /// <summary>Notes a failure inside an actor that no caller waits for.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "{What} failed with nobody waiting for it")]
    public partial void UnwatchedFailed(Exception error, string what);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    partial void RequestFailed(Exception error, string method, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store could not be used: {Reason}")]
    partial void StoreFailed(string reason);
}
