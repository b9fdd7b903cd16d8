using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Processors.Bibtex.Enrichment;
using NextUp.Server.Settings;

namespace NextUp.UnitTests.Settings;

/// <summary>The two sections of another system's config.json, read as they stand.</summary>
public sealed class ContractTests
{
    const string Whole = """
        {"scheduler_settings":{"interval_minutes":2,"max_concurrent_jobs_per_user":1,"job_timeout_minutes":30,
          "retry_failed_jobs":true,"max_retries":3,"cleanup_completed_jobs_days":7},
         "job_processing":{"single_job_per_user":true,"queue_priority":"first_in_first_out",
          "auto_start_processing":true,"max_processing_time_minutes":60}}
        """;

    [Fact]
    public void An_existing_file_is_whole_and_its_keys_stand_for_settings_of_every_kind()
    {
        var settings = Read(Whole);

        Assert.False(settings.Queue.Paused);
        Assert.All(settings.Kinds.Policies, kind => Assert.Equal(
            (WhenBusy.Hold, 1, TimeSpan.FromMinutes(30), 4),
            (kind.WhenBusy, kind.ActivePerUserMax, kind.AttemptDuration, kind.AttemptsMax)));
        Assert.Equal(TimeSpan.FromMinutes(2), settings.Cleanup.Interval);
        Assert.All(settings.Kinds.Policies, kind => Assert.Equal(
            (TimeSpan.FromDays(7), TimeSpan.FromHours(1)), (kind.Retention, kind.TotalDuration)));
        Assert.Equal(
            "nextup.json, scheduler_settings.max_retries",
            settings.Entries.Single(entry => entry.Key == "kinds.bibtex.attemptsMax").Source);
    }

    [Theory]
    [InlineData("""{"job_processing":{"auto_start_processing":false}}""", true)]
    [InlineData("""{"job_processing":{"auto_start_processing":true}}""", false)]
    public void Without_automatic_start_the_queue_is_paused(string json, bool isPaused) =>
        Assert.Equal(isPaused, Read(json).Queue.Paused);

    [Theory]
    [InlineData("""{"scheduler_settings":{"max_concurrent_jobs_per_user":3}}""", 3)]
    [InlineData("""{"job_processing":{"single_job_per_user":true}}""", 1)]
    [InlineData("""{"job_processing":{"single_job_per_user":false}}""", null)]
    [InlineData(
        """{"job_processing":{"single_job_per_user":false},"scheduler_settings":{"max_concurrent_jobs_per_user":3}}""", 3)]
    public void The_limit_per_user_is_the_one_stated(string json, int? max) => Assert.Equal(max, Bibtex(json).ActivePerUserMax);

    [Theory]
    [InlineData("""{"scheduler_settings":{"retry_failed_jobs":false,"max_retries":3}}""", 1)]
    [InlineData("""{"scheduler_settings":{"retry_failed_jobs":true}}""", 3)]
    [InlineData("""{"scheduler_settings":{"max_retries":0}}""", 1)]
    public void Retries_are_counted_behind_the_first_attempt(string json, int attemptsMax) =>
        Assert.Equal(attemptsMax, Bibtex(json).AttemptsMax);

    [Theory]
    [InlineData(
        """{"job_processing":{"single_job_per_user":true},"scheduler_settings":{"max_concurrent_jobs_per_user":2}}""",
        "job_processing.single_job_per_user = true (nextup.json): it contradicts "
        + "scheduler_settings.max_concurrent_jobs_per_user = 2 (nextup.json). Write false, or 1 there.")]
    [InlineData(
        """{"job_processing":{"single_job_per_user":false},"scheduler_settings":{"max_concurrent_jobs_per_user":1}}""",
        "job_processing.single_job_per_user = false (nextup.json): it contradicts "
        + "scheduler_settings.max_concurrent_jobs_per_user = 1 (nextup.json). Write true, or more than 1 there.")]
    [InlineData(
        """{"scheduler_settings":{"job_timeout_minutes":30},"kinds":{"bibtex":{"attemptDuration":"29m"}}}""",
        "scheduler_settings.job_timeout_minutes = 30 (nextup.json): it stands for kinds.bibtex.attemptDuration = \"30m\", "
        + "but kinds.bibtex.attemptDuration = \"29m\" (nextup.json) is written, too. Leave one of them out, or make them agree.")]
    [InlineData(
        """{"job_processing":{"auto_start_processing":true},"queue":{"paused":true}}""",
        "job_processing.auto_start_processing = true (nextup.json): it stands for queue.paused = false, "
        + "but queue.paused = true (nextup.json) is written, too. Leave one of them out, or make them agree.")]
    public void A_contradiction_names_both_settings(string json, string fault)
    {
        var error = Assert.Throws<SettingsException>(() => Read(json));

        Assert.Equal([fault], error.Faults.Select(told => told.ToString()));
    }

    [Theory]
    [InlineData("""{"scheduler_settings":{"job_timeout_minutes":60},"kinds":{"bibtex":{"attemptDuration":"1h"}}}""")]
    [InlineData("""{"job_processing":{"single_job_per_user":false},"kinds":{"bibtex":{"activePerUserMax":"none"}}}""")]
    [InlineData("""{"job_processing":{"single_job_per_user":true},"kinds":{"bibtex":{"whenBusy":"refuse"}}}""")]
    public void What_says_the_same_twice_is_no_contradiction_and_a_stated_choice_beats_an_implied_one(string json) =>
        Assert.NotNull(Read(json));

    [Fact]
    public void A_later_source_wins_over_the_file_whichever_of_the_names_it_uses()
    {
        var own = Read(Whole, "kinds.bibtex.attemptsMax=9");
        var theirs = Read("""{"kinds":{"bibtex":{"attemptsMax":9}}}""", "scheduler_settings.max_retries=1");

        Assert.Equal(9, own.Kinds.Of(BibtexProcessor.BibtexKind).AttemptsMax);
        Assert.Equal(2, theirs.Kinds.Of(BibtexProcessor.BibtexKind).AttemptsMax);
    }

    static KindPolicy Bibtex(string json) => Read(json).Kinds.Of(BibtexProcessor.BibtexKind);

    static NextUpSettings Read(string json, params string[] assignments)
    {
        var reading = new SettingsReading();
        var node = new SettingsSources { Assignments = assignments }.Gather("nextup.json", Encoding.UTF8.GetBytes(json), reading);
        return NextUpSettings.Read("nextup.json", node, reading);
    }
}
