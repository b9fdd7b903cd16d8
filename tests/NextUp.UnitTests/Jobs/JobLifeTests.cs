using NextUp.Actors.Jobs;
using NextUp.Actors.Users;

namespace NextUp.UnitTests.Jobs;

public sealed class JobLifeTests
{
    static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly KindPolicy Policy = new() { Kind = new("a"), AttemptsMax = 3 };
    static readonly StopCause NotAsked = new StopCause.None();
    readonly Random _random = new(1);

    static JobRecord Job(int failures = 0) => new()
    {
        Sequence = new(1), Id = new(Guid.Empty), User = UserId.Account("ann"), Kind = Policy.Kind, State = JobState.Processing,
        AcceptedAt = Noon, LineKey = default, FileName = "a.bib", FileSize = 1, Attempt = failures + 1, Failures = failures,
        Deadline = Noon.AddMinutes(10),
    };

    static AttemptEnd.Finished Finished(JobOutcome outcome) => new AttemptEnd.Finished(outcome, []);

    [Fact]
    public void A_result_completes_the_job()
    {
        var step = JobLife.Next(Policy, Job(), Finished(new JobOutcome.Done("{}", [])), NotAsked, _random);

        Assert.Equal(JobState.Completed, Assert.IsType<JobStep.End>(step).How.To);
    }

    [Fact]
    public void Giving_up_fails_the_job_at_the_first_attempt()
    {
        var end = Assert.IsType<JobStep.End>(JobLife.Next(Policy, Job(), Finished(new JobOutcome.GiveUp("no entries")), NotAsked, _random));

        Assert.Equal((JobState.Failed, "no entries"), (end.How.To, end.How.Error));
    }

    [Fact]
    public void A_fault_is_retried_until_the_attempts_are_used_up()
    {
        Assert.Equal(1, FailuresAfter(0));
        Assert.Equal(2, FailuresAfter(1));

        var end = Assert.IsType<JobStep.End>(JobLife.Next(Policy, Job(2), new AttemptEnd.Faulted("x"), NotAsked, _random));
        Assert.Equal((JobState.Failed, "x (attempt 3 of 3)"), (end.How.To, end.How.Error));
    }

    [Fact]
    public void A_result_that_comes_while_the_cancel_is_carried_out_is_not_handed_out()
    {
        var cause = new StopCause.Cancelled(JobLife.CancelledByUser);
        var end = Assert.IsType<JobStep.End>(JobLife.Next(Policy, Job(), Finished(new JobOutcome.Done("{}", [])), cause, _random));

        Assert.Equal((JobState.Cancelled, "Cancelled by user"), (end.How.To, end.How.Error));
    }

    [Fact]
    public void An_attempt_out_of_time_fails_the_job_and_is_not_retried()
    {
        var end = Assert.IsType<JobStep.End>(JobLife.Next(Policy, Job(), new AttemptEnd.Stopped(), new StopCause.TimedOut(), _random));

        Assert.Equal((JobState.Failed, "Timed out: one attempt may take 10 minutes."), (end.How.To, end.How.Error));
    }

    [Fact]
    public void A_shutdown_costs_no_attempt_but_keeps_a_result_that_is_ready()
    {
        var stopping = new StopCause.ShuttingDown();

        Assert.Equal(1, Assert.IsType<JobStep.Requeue>(JobLife.Next(Policy, Job(1), new AttemptEnd.Stopped(), stopping, _random)).Failures);
        Assert.IsType<JobStep.End>(JobLife.Next(Policy, Job(1), Finished(new JobOutcome.Done("{}", [])), stopping, _random));
    }

    [Fact]
    public void A_crash_counts_as_a_failed_attempt_so_no_job_crashes_for_ever()
    {
        Assert.Equal(1, Assert.IsType<JobStep.Requeue>(JobLife.Lost(Policy, Job(0), Noon, _random)).Failures);
        Assert.IsType<JobStep.End>(JobLife.Lost(Policy, Job(2), Noon, _random));
    }

    [Fact]
    public void An_attempt_that_is_found_lost_at_its_deadline_has_timed_out()
    {
        Assert.IsType<JobStep.Requeue>(JobLife.Lost(Policy, Job(), Noon.AddMinutes(10).AddTicks(-1), _random));
        Assert.StartsWith("Timed out", Assert.IsType<JobStep.End>(JobLife.Lost(Policy, Job(), Noon.AddMinutes(10), _random)).How.Error);
    }

    [Fact]
    public void Delays_grow_with_each_failure_are_spread_and_stay_under_the_limit()
    {
        for (var failures = 1; failures < 60; failures++)
        {
            var mean = Math.Min(5 * Math.Pow(2, failures - 1), 300);
            for (var draw = 0; draw < 50; draw++)
            {
                var delay = RetryPolicy.Delay(Policy, failures, null, _random).TotalSeconds;
                Assert.InRange(delay, mean * 0.5, Math.Min(mean * 1.5, 300));
            }
        }
    }

    [Fact]
    public void What_the_provider_asked_to_wait_is_waited()
    {
        Assert.Equal(TimeSpan.FromMinutes(20), RetryPolicy.Delay(Policy, 1, TimeSpan.FromMinutes(20), _random));
    }

    int FailuresAfter(int before)
    {
        var step = JobLife.Next(Policy, Job(before), new AttemptEnd.Faulted("x"), NotAsked, _random);
        return Assert.IsType<JobStep.Requeue>(step).Failures;
    }
}
