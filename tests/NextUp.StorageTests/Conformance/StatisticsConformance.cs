using NextUp.Actors.Jobs;
using NextUp.Actors.Queue;
using NextUp.Actors.Statistics;
using NextUp.Actors.Store;

namespace NextUp.StorageTests.Conformance;

/// <summary>What every store must keep in figures, whatever it folds together and when.</summary>
public abstract class StatisticsConformance : IAsyncLifetime
{
    static readonly DateTimeOffset Noon = StoreSteps.Noon;
    static readonly DateTimeOffset Midnight = Noon.AddHours(-12);
    static readonly DateTimeOffset Tomorrow = Midnight.AddDays(1);

    StoreSteps steps = null!;

    IStatisticsStore Statistics => (IStatisticsStore)steps.Store;

    public async ValueTask InitializeAsync() => steps = new StoreSteps(await OpenAsync());

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store; again after <see cref="CloseAsync"/> with what it held.</summary>
    protected abstract ValueTask<IJobStore> OpenAsync();

    protected abstract ValueTask CloseAsync();

    [Fact]
    public async Task An_empty_store_has_no_figures()
    {
        Assert.Empty(await Statistics.TotalsAsync());
        Assert.Empty(await DaysAsync());
        Assert.Empty(await Statistics.FailuresAsync(Midnight, Tomorrow, null, 10));
        Assert.Empty(await Statistics.LoadsAsync(Midnight, Tomorrow, 10));
        Assert.All(await Statistics.WeekHoursAsync(Midnight, Tomorrow, null), count => Assert.Equal(0, count));
    }

    [Fact]
    public async Task Each_change_counts_in_its_own_hour_and_kind()
    {
        var job = await AcceptAsync("ann", Noon.AddMinutes(59), StoreSteps.Bibtex);
        await StartAsync(job, Noon.AddMinutes(61));
        await EndAsync(job, Noon.AddMinutes(121), JobState.Completed);
        await AcceptAsync("bob", Noon.AddMinutes(121), StoreSteps.Exams);

        var hours = await Statistics.PeriodsAsync(Midnight, Tomorrow, StatisticsPeriod.Hour, null);

        Assert.Equal(
            [(12, "bibtex", 1L, 0L, 0L), (13, "bibtex", 0, 1, 0), (14, "bibtex", 0, 0, 1), (14, "exams", 1, 0, 0)],
            hours.Select(hour => (
                hour.Start.Hour, hour.Kind.Value, hour.Figures.Accepted, hour.Figures.Started, hour.Figures.Completed)));
        Assert.Equal(
            ["exams"],
            (await Statistics.PeriodsAsync(Midnight, Tomorrow, StatisticsPeriod.Day, StoreSteps.Exams))
                .Select(day => day.Kind.Value));
    }

    [Fact]
    public async Task A_span_takes_the_hours_that_begin_in_it()
    {
        await AcceptAsync("ann", Noon, StoreSteps.Bibtex);

        Task<IReadOnlyList<PeriodFigures>> Hours(DateTimeOffset from, DateTimeOffset before) =>
            Statistics.PeriodsAsync(from, before, StatisticsPeriod.Hour, null);
        Assert.Single(await Hours(Noon, Noon.AddHours(1)));
        Assert.Empty(await Hours(Noon.AddTicks(10), Noon.AddHours(1)));
        Assert.Empty(await Hours(Noon.AddHours(-1), Noon));
    }

    [Fact]
    public async Task A_wait_is_from_the_arrival_in_the_line_and_a_service_time_from_the_start()
    {
        var held = steps.NewJob("ann", isHeld: true) with { AcceptedAt = Noon };
        await steps.CommitAsync(new Change.Accept(held, null, []));
        var key = LineKey.Of(Noon.AddMinutes(10), TimeSpan.Zero, held.Sequence);
        await steps.CommitAsync(new Change.Join(held.Sequence, Noon.AddMinutes(10), key, 0));
        await StartAsync(held, Noon.AddMinutes(14));
        await EndAsync(held, Noon.AddMinutes(15), JobState.Completed);

        var figures = Assert.Single(await Statistics.TotalsAsync()).Figures;

        AssertNear(TimeSpan.FromMinutes(4), figures.Waits.Mean);
        AssertNear(TimeSpan.FromMinutes(1), figures.Services.Mean);
    }

    [Fact]
    public async Task A_retry_counts_once_with_its_cause_and_its_second_start_has_no_wait()
    {
        var job = await AcceptAsync("ann", Noon, StoreSteps.Bibtex);
        await StartAsync(job, Noon);
        await steps.CommitAsync(new Change.Requeue(
            job.Sequence, 1, Failures: 1, Noon.AddSeconds(30), Noon.AddSeconds(40), "Crossref answered 503."));
        await StartAsync(job, Noon.AddSeconds(50));
        await EndAsync(job, Noon.AddSeconds(60), JobState.Failed, "Crossref answered 502.", attempt: 2);

        var figures = Assert.Single(await Statistics.TotalsAsync()).Figures;
        var failure = Assert.Single(await Statistics.FailuresAsync(Midnight, Tomorrow, null, 10));
        var load = Assert.Single(await Statistics.LoadsAsync(Midnight, Tomorrow, 10));

        Assert.Equal((2, 1, 1, 1), (figures.Started, figures.Retried, figures.Failed, figures.Waits.Count));
        Assert.Equal((1, 1, "Crossref answered N."), (failure.Failed, failure.Retried, failure.Cause));
        Assert.Equal((Noon.AddSeconds(60), job.Id), (failure.LastAt, Assert.Single(failure.Examples)));
        Assert.Equal((1, 1, TimeSpan.FromSeconds(40)), (load.Accepted, load.Failed, load.Processing));
    }

    [Fact]
    public async Task A_stop_of_the_server_is_no_retry_but_its_time_is_load()
    {
        var job = await AcceptAsync("ann", Noon, StoreSteps.Bibtex);
        await StartAsync(job, Noon);
        await steps.CommitAsync(new Change.Requeue(
            job.Sequence, 1, Failures: 0, Noon.AddSeconds(7), Noon.AddSeconds(7), "The server was stopped."));

        Assert.Equal(0, Assert.Single(await Statistics.TotalsAsync()).Figures.Retried);
        Assert.Equal(
            TimeSpan.FromSeconds(7), Assert.Single(await Statistics.LoadsAsync(Midnight, Tomorrow, 10)).Processing);
        Assert.Empty(await Statistics.FailuresAsync(Midnight, Tomorrow, null, 10));
    }

    [Fact]
    public async Task A_refused_write_counts_nothing()
    {
        var job = await AcceptAsync("ann", Noon, StoreSteps.Bibtex);
        await steps.ConflictAsync(
            new Change.Start(job.Sequence, Noon, Noon), new Change.Start(job.Sequence, Noon, Noon));

        var figures = Assert.Single(await Statistics.TotalsAsync()).Figures;
        Assert.Equal((1, 0), (figures.Accepted, figures.Started));
    }

    [Fact]
    public async Task Deleting_a_job_takes_nothing_from_the_figures()
    {
        var job = await AcceptAsync("ann", Noon, StoreSteps.Bibtex);
        await StartAsync(job, Noon);
        await EndAsync(job, Noon, JobState.Completed);
        await steps.CommitAsync(new Change.Delete(job.Sequence));

        Assert.Equal(1, Assert.Single(await Statistics.TotalsAsync()).Figures.Completed);
        Assert.Equal(1, Assert.Single(await Statistics.LoadsAsync(Midnight, Tomorrow, 10)).Completed);
    }

    [Fact]
    public async Task Causes_beyond_a_days_kept_ones_count_as_others_of_their_kind()
    {
        // The letters differ where the numbers would be taken out.
        var causes = Enumerable.Range(0, StatisticsKept.CausesPerDayMax + 3)
            .Select(i => $"{(char)('a' + (i / 26 / 26))}{(char)('a' + (i / 26 % 26))}{(char)('a' + (i % 26))}");
        foreach (var cause in causes)
            await FailAsync("ann", Noon, cause);
        await FoldAsync();

        var groups = await Statistics.FailuresAsync(Midnight, Tomorrow, null, 1_000);

        Assert.Equal(StatisticsKept.CausesPerDayMax + 3, groups.Sum(group => group.Failed));
        Assert.Equal(3, groups.Single(group => group.Cause == FailureCause.Other).Failed);
        Assert.Equal(StatisticsKept.CausesPerDayMax + 1, groups.Count);
    }

    [Fact]
    public async Task A_cause_names_its_newest_jobs()
    {
        var failed = new List<JobId>();
        for (var i = 0; i < StatisticsKept.ExamplesMax + 2; i++)
            failed.Add(await FailAsync("ann", Noon.AddDays(i / 4).AddSeconds(i), "It broke."));

        var group = Assert.Single(await Statistics.FailuresAsync(Midnight, Tomorrow.AddDays(9), null, 10));

        Assert.Equal(failed.AsEnumerable().Reverse().Take(StatisticsKept.ExamplesMax), group.Examples);
    }

    [Fact]
    public async Task Users_come_by_their_processing_time_and_no_more_than_asked()
    {
        foreach (var (user, seconds) in new[] { ("ann", 5), ("bob", 50), ("cem", 20), ("bob", 1) })
        {
            var job = await AcceptAsync(user, Noon, StoreSteps.Bibtex);
            await StartAsync(job, Noon);
            await EndAsync(job, Noon.AddSeconds(seconds), JobState.Completed);
        }

        var loads = await Statistics.LoadsAsync(Midnight, Tomorrow, 2);

        Assert.Equal(
            [(StoreSteps.User("bob"), 2L, TimeSpan.FromSeconds(51)), (StoreSteps.User("cem"), 1, TimeSpan.FromSeconds(20))],
            loads.Select(load => (load.User, load.Completed, load.Processing)));
        Assert.Empty(await Statistics.LoadsAsync(Tomorrow, Tomorrow.AddDays(1), 10));
    }

    [Fact]
    public async Task The_week_begins_on_monday_at_midnight()
    {
        // Noon is of a Monday.
        await AcceptAsync("ann", Noon, StoreSteps.Bibtex);
        await AcceptAsync("bob", Noon.AddDays(-1), StoreSteps.Bibtex);
        await AcceptAsync("cem", Noon.AddDays(-7), StoreSteps.Exams);

        var week = await Statistics.WeekHoursAsync(Midnight.AddDays(-30), Tomorrow, null);
        var exams = await Statistics.WeekHoursAsync(Midnight.AddDays(-30), Tomorrow, StoreSteps.Exams);

        Assert.Equal(168, week.Count);
        Assert.Equal((2, 1, 3), (week[12], week[(6 * 24) + 12], week.Sum()));
        Assert.Equal((1, 1), (exams[12], exams.Sum()));
    }

    [Fact]
    public async Task Old_hours_become_days_and_old_causes_and_loads_go()
    {
        await FailAsync("ann", Noon, "It broke.");
        await FoldAsync();
        var later = Noon + StatisticsKept.Hours;
        await FailAsync("bob", later, "It broke.");
        await FoldAsync();
        Assert.Equal(StatisticsPeriod.Hour, (await AllAsync(StatisticsPeriod.Hour))[0].Period);

        await FailAsync("cem", later.AddDays(1), "It broke.");
        await FoldAsync();

        var periods = await AllAsync(StatisticsPeriod.Hour);
        Assert.Equal(
            [(Midnight, StatisticsPeriod.Day), (later, StatisticsPeriod.Hour), (later.AddDays(1), StatisticsPeriod.Hour)],
            periods.Select(period => (period.Start, period.Period)));
        Assert.Equal(3, (await AllAsync(StatisticsPeriod.Day)).Sum(day => day.Figures.Failed));
        Assert.Equal(2, Assert.Single(await Statistics.FailuresAsync(Midnight, later.AddDays(9), null, 10)).Failed);
        Assert.Equal(
            [StoreSteps.User("cem"), StoreSteps.User("bob")],
            (await Statistics.LoadsAsync(Midnight, later.AddDays(9), 10)).Select(load => load.User)
                .OrderByDescending(user => user.Value));
    }

    [Fact]
    public async Task Random_lives_add_up_the_same_by_hour_by_day_by_user_and_in_all_and_after_opening_again()
    {
        var random = new Random(20260504);
        for (var i = 0; i < 300; i++)
            await LiveAsync(random);
        await AssertAddsUpAsync();

        await CloseAsync();
        steps = new StoreSteps(await OpenAsync());
        await AssertAddsUpAsync();
    }

    async Task LiveAsync(Random random)
    {
        var at = Midnight.AddMinutes(random.Next(10 * 24 * 60));
        var job = await AcceptAsync(
            $"user-{random.Next(700)}", at, random.Next(2) == 0 ? StoreSteps.Bibtex : StoreSteps.Exams);
        if (random.Next(5) == 0)
        {
            await steps.CommitAsync(new Change.End(job.Sequence, null, JobState.Cancelled, at, "No.", null, []));
            return;
        }

        await StartAsync(job, at.AddSeconds(random.Next(4_000)));
        var to = (JobState)random.Next((int)JobState.Completed, (int)JobState.Cancelled + 1);
        await EndAsync(job, at.AddSeconds(4_000 + random.Next(4_000)), to, to == JobState.Completed ? null : "It broke.");
    }

    async Task AssertAddsUpAsync()
    {
        var counts = await steps.Store.CountsAsync(Noon);
        var whole = new JobFigures();
        foreach (var kind in await Statistics.TotalsAsync())
            whole.Add(kind.Figures);
        Assert.Equal(
            (counts.Completed, counts.Failed, counts.Cancelled, 300L),
            (whole.Completed, whole.Failed, whole.Cancelled, whole.Accepted));
        foreach (var by in new[] { StatisticsPeriod.Hour, StatisticsPeriod.Day })
        {
            var sum = new JobFigures();
            foreach (var period in await AllAsync(by))
                sum.Add(period.Figures);
            Assert.Equal(whole.ToBytes(), sum.ToBytes());
        }

        var loads = await Statistics.LoadsAsync(Midnight.AddDays(-1), Midnight.AddDays(99), 10_000);
        Assert.Equal(
            (whole.Accepted, whole.Completed, whole.Failed, whole.Cancelled),
            (loads.Sum(load => load.Accepted), loads.Sum(load => load.Completed), loads.Sum(load => load.Failed),
                loads.Sum(load => load.Cancelled)));
        Assert.Equal(whole.Accepted, (await Statistics.WeekHoursAsync(Midnight, Midnight.AddDays(99), null)).Sum());
    }

    Task<IReadOnlyList<PeriodFigures>> AllAsync(StatisticsPeriod by) =>
        Statistics.PeriodsAsync(Midnight.AddDays(-400), Midnight.AddDays(400), by, null);

    Task<IReadOnlyList<PeriodFigures>> DaysAsync() => AllAsync(StatisticsPeriod.Day);

    /// <summary>So many changes that whatever gathers has been folded.</summary>
    protected virtual Task FoldAsync() => Task.CompletedTask;

    protected Task FillAsync(int entries) =>
        steps.CommitAsync([.. Enumerable.Range(0, entries).Select(_ => (Change)new Change.Accept(
            steps.NewJob("filler", new JobKind("filler"), place: null) with { AcceptedAt = Noon.AddDays(-500) }, null, []))]);

    async Task<JobRecord> AcceptAsync(string user, DateTimeOffset at, JobKind kind)
    {
        var job = steps.NewJob(user, kind, place: null) with { AcceptedAt = at };
        await steps.CommitAsync(new Change.Accept(job, null, []));
        return job;
    }

    Task<CommitAnswer.Committed> StartAsync(JobRecord job, DateTimeOffset at) =>
        steps.CommitAsync(new Change.Start(job.Sequence, at, at.AddMinutes(10)));

    Task<CommitAnswer.Committed> EndAsync(
        JobRecord job, DateTimeOffset at, JobState to, string? error = null, int attempt = 1) =>
        steps.CommitAsync(new Change.End(job.Sequence, attempt, to, at, error, null, []));

    async Task<JobId> FailAsync(string user, DateTimeOffset at, string error)
    {
        var job = await AcceptAsync(user, at, StoreSteps.Bibtex);
        await StartAsync(job, at);
        await EndAsync(job, at, JobState.Failed, error);
        return job.Id;
    }

    static void AssertNear(TimeSpan expected, TimeSpan actual) =>
        Assert.InRange(actual / expected, 1 - DurationHistogram.ErrorMax, 1 + DurationHistogram.ErrorMax);
}
