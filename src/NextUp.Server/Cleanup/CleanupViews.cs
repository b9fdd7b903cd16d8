using NextUp.Actors.Cleanup;
using NextUp.Client.Cleanup;

namespace NextUp.Server.Cleanup;

/// <summary>A sweep's report as the API and the command line tell it.</summary>
static class CleanupViews
{
    public static CleanupView Of(CleanupReport report)
    {
        var counts = report.Counts;
        var active = counts.Pending + counts.Processing;
        return new(
            report.IsDryRun, active + counts.Completed + counts.Failed + counts.Cancelled, active, counts.Completed,
            counts.Failed, counts.Cancelled, report.TouchedCount,
            [.. report.Touched.Select(
                touch => new CleanupTouchView(touch.Job.ToString(), Word(touch.Action), touch.Reason))]);
    }

    static string Word(CleanupAction action) => action switch
    {
        CleanupAction.FailTimedOut or CleanupAction.FailPassedOver => "fail",
        CleanupAction.LetIn => "let-in",
        CleanupAction.Delete => "delete",
        _ => throw new System.Diagnostics.UnreachableException($"{action}"),
    };
}
