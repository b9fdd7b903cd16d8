using NextUp.Actors.Cleanup;
using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Users;
using NextUp.Actors.Workers;

namespace NextUp.Hosting.InProcess;

static class Calls
{
    /// <summary>An answer for calls that have none.</summary>
    public static async ValueTask<bool> Answered(ValueTask call)
    {
        await call;
        return true;
    }
}

/// <summary>Calls to a user's actor as turns of its mailbox.</summary>
sealed class UserCalls(InProcessHost host, UserId user) : IUserActor
{
    public ValueTask<SubmitAnswer> SubmitAsync(Submission submission) =>
        new(host.UserCell(user).AskAsync(static (actor, argument) => actor.SubmitAsync(argument), submission));

    public ValueTask<CancelAnswer> CancelAsync(JobId job, string reason) =>
        new(host.UserCell(user).AskAsync(
            static (actor, argument) => actor.CancelAsync(argument.job, argument.reason), (job, reason)));

    public ValueTask<RetryAnswer> RetryAsync(JobId job, bool isByOperator) =>
        new(host.UserCell(user).AskAsync(
            static (actor, argument) => actor.RetryAsync(argument.job, argument.isByOperator), (job, isByOperator)));

    public ValueTask<IReadOnlyList<StaleJob>> ClearStaleAsync() =>
        new(host.UserCell(user).AskAsync(static (actor, _) => actor.ClearStaleAsync(), 0));

    public ValueTask<EndAnswer> EndAsync(JobRecord job, JobEnd end) =>
        new(host.UserCell(user).AskAsync(static (actor, argument) => actor.EndAsync(argument.job, argument.end), (job, end)));

    public ValueTask<AdoptAnswer> MoveToAsync(UserId account, int subscriptionsMax) =>
        new(host.UserCell(user).AskAsync(
            static (actor, argument) => actor.MoveToAsync(argument.account, argument.subscriptionsMax), (account, subscriptionsMax)));

    public ValueTask<AdoptAnswer> TakeInAsync(VisitorJobs visitor) =>
        new(host.UserCell(user).AskAsync(static (actor, argument) => actor.TakeInAsync(argument), visitor));

    public ValueTask PromoteAsync() =>
        new(host.UserCell(user).AskAsync(static (actor, _) => Calls.Answered(actor.PromoteAsync()), 0));
}

/// <summary>Calls to a job's actor as turns of its mailbox.</summary>
sealed class JobCalls(JobCells cells, JobId job) : IJobActor
{
    public ValueTask StartAsync(JobRecord job) =>
        new(cells.Cell(job.Id).AskAsync(static (actor, argument) => Calls.Answered(actor.StartAsync(argument)), job));

    public ValueTask RecoverAsync(JobId job) =>
        new(cells.Cell(job).AskAsync(static (actor, argument) => Calls.Answered(actor.RecoverAsync(argument)), job));

    public ValueTask<bool> CancelAsync(JobId job, string reason) =>
        new(cells.Cell(job).AskAsync(static (actor, argument) => actor.CancelAsync(argument.job, argument.reason), (job, reason)));

    public ValueTask ShutDownAsync() =>
        new(cells.Cell(job).AskAsync(static (actor, _) => Calls.Answered(actor.ShutDownAsync()), 0));

    public ValueTask<FinishAnswer> FinishAsync(JobId job, int attempt, AttemptEnd end) =>
        new(cells.Cell(job).AskAsync(
            static (actor, argument) => actor.FinishAsync(argument.job, argument.attempt, argument.end), (job, attempt, end)));
}

/// <summary>Calls to the queue's actor as turns of its mailbox.</summary>
sealed class QueueCalls(InProcessHost host) : IQueueActor
{
    public ValueTask<QueueAnswer> ChangeAsync(QueueChange change) =>
        new(host.QueueCell.AskAsync(static (actor, argument) => actor.ChangeAsync(argument), change));

    public ValueTask<QueueAnswer> AdoptAsync(Adoption adoption) =>
        new(host.QueueCell.AskAsync(static (actor, argument) => actor.AdoptAsync(argument), adoption));

    public ValueTask<IReadOnlyList<QueuePlace?>> PlacesAsync(IReadOnlyList<QueueAsk> asks) =>
        new(host.QueueCell.AskAsync(static (actor, argument) => actor.PlacesAsync(argument), asks));

    public ValueTask<IReadOnlyList<EstimateFigures>> EstimatesAsync() =>
        new(host.QueueCell.AskAsync(static (actor, _) => actor.EstimatesAsync(), 0));

    public ValueTask<QueueStatus> StatusAsync() =>
        new(host.QueueCell.AskAsync(static (actor, _) => actor.StatusAsync(), 0));

    public ValueTask ReviewAsync() =>
        new(host.QueueCell.AskAsync(static (actor, _) => Calls.Answered(actor.ReviewAsync()), 0));

    public ValueTask ConfigureAsync(QueueSettings settings)
    {
        // Asks may pass each other on their way to a successor: whichever comes last brings the newest settings.
        host.Remember(settings);
        return new(host.QueueCell.AskAsync(static (actor, host) => Calls.Answered(actor.ConfigureAsync(host.Settings)), host));
    }

    public ValueTask<IReadOnlyList<JobRecord>> LeaseAsync(LeaseAsk ask) =>
        new(host.QueueCell.AskAsync(static (actor, argument) => actor.LeaseAsync(argument), ask));

    public ValueTask WithdrawAsync(WorkerId worker, long number) =>
        new(host.QueueCell.AskAsync(
            static (actor, argument) => Calls.Answered(actor.WithdrawAsync(argument.worker, argument.number)), (worker, number)));

    public async ValueTask<SteerAnswer> SteerAsync(SteerOrder order)
    {
        var answer = await host.QueueCell.AskAsync(static (actor, argument) => actor.SteerAsync(argument), order);

        // The pause of the settings ends with this one, also for a successor in this process.
        if (order is SteerOrder.Resume { Target: PauseTarget.Everything })
            host.EndSettingsPause();
        return answer;
    }

    public ValueTask<Steering> SteeringAsync() =>
        new(host.QueueCell.AskAsync(static (actor, _) => actor.SteeringAsync(), 0));

    public ValueTask<IReadOnlyList<PassedOver?>> PassedOverAsync(IReadOnlyList<JobRecord> jobs) =>
        new(host.QueueCell.AskAsync(static (actor, argument) => actor.PassedOverAsync(argument), jobs));

    public ValueTask GovernAsync(int? slots) =>
        new(host.QueueCell.AskAsync(static (actor, argument) => Calls.Answered(actor.GovernAsync(argument)), slots));
}

/// <summary>Calls to the clean-up as turns of its mailbox.</summary>
sealed class CleanupCalls(InProcessHost host) : ICleanupActor
{
    public ValueTask<CleanupReport> SweepAsync(CleanupRequest request) =>
        new(host.CleanupCell.AskAsync(static (actor, argument) => actor.SweepAsync(argument), request));

    public ValueTask<IReadOnlyList<SweepOutcome>> OutcomesAsync() =>
        new(host.CleanupCell.AskAsync(static (actor, _) => actor.OutcomesAsync(), 0));
}
