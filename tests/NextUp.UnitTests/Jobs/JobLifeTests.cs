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

    [Fact]
    public void A_lost_worker_is_a_crash_and_a_failure_of_the_work_is_none()
    {
        var lost = JobLife.Next(Policy, Job(), new AttemptEnd.Lost("gone"), NotAsked, _random);
        var failed = JobLife.Next(Policy, Job(), new AttemptEnd.Faulted("x"), NotAsked, _random);

        Assert.Equal(1, Assert.IsType<JobStep.Requeue>(lost).Crashes);
        Assert.Null(Assert.IsType<JobStep.Requeue>(failed).Crashes);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void After_the_kinds_crashes_the_job_is_set_aside(int before, bool isSetAside)
    {
        var policy = Policy with { CrashesMax = 2, AttemptsMax = 100 };
        var step = JobLife.Lost(policy, Job() with { Crashes = before }, Noon, _random);

        Assert.Equal(isSetAside, step is JobStep.End { How: { IsSetAside: true, To: JobState.Failed, Crashes: 2 } });
    }

    [Fact]
    public void Where_attempts_run_out_before_crashes_do_the_job_fails_as_others_do()
    {
        var step = JobLife.Lost(Policy with { AttemptsMax = 1 }, Job(), Noon, _random);

        Assert.False(Assert.IsType<JobStep.End>(step).How.IsSetAside);
    }

    [Fact]
    public void A_job_that_would_go_on_after_its_whole_time_fails_at_the_attempts_end()
    {
        var policy = Policy with { TotalDuration = TimeSpan.FromMinutes(30) };
        var job = Job() with { StartedAt = Noon.AddMinutes(25), FirstStartedAt = Noon };
        var again = new JobStep.Requeue(1, "broke", TimeSpan.FromMinutes(1));

        Assert.Same(again, JobLife.WithinTotal(policy, job, again, Noon.AddMinutes(29).AddTicks(-1)));
        var end = Assert.IsType<JobStep.End>(JobLife.WithinTotal(policy, job, again, Noon.AddMinutes(29)));
        Assert.StartsWith("Took too long: a job may take 30 minutes", end.How.Error, StringComparison.Ordinal);
        Assert.Same(again, JobLife.WithinTotal(Policy, job, again, Noon.AddDays(9)));
    }

    [Fact]
    public void An_attempt_is_stopped_at_its_own_end_or_the_jobs_whichever_is_first()
    {
        var job = Job() with { StartedAt = Noon };

        Assert.Equal((Noon.AddMinutes(10), false), JobLife.StopAt(Policy, job));
        Assert.Equal((Noon.AddMinutes(4), true), JobLife.StopAt(Policy with { TotalDuration = TimeSpan.FromMinutes(4) }, job));
        Assert.Equal((Noon.AddMinutes(10), false), JobLife.StopAt(Policy with { TotalDuration = TimeSpan.FromHours(4) }, job));
    }

    int FailuresAfter(int before)
    {
        var step = JobLife.Next(Policy, Job(before), new AttemptEnd.Faulted("x"), NotAsked, _random);
        return Assert.IsType<JobStep.Requeue>(step).Failures;
    }
}
