using System.Text.Json;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Screens;
using NextUp.UnitTests.Client;

namespace NextUp.UnitTests.Commands;

public sealed class JobWordsTests
{
    [Theory]
    [InlineData(1, "Next up")]
    [InlineData(2, "2nd in line")]
    [InlineData(3, "Position #3")]
    [InlineData(4, "Position #4 (3 jobs ahead)")]
    [InlineData(1_000_000, "Position #1000000 (999999 jobs ahead)")]
    public void A_position_is_spoken_of_as_on_the_pages(int position, string words) =>
        Assert.Equal(words, JobWords.Of(Answers.Job(position: position)));

    [Fact]
    public void A_position_has_the_colour_of_its_badge() => Assert.Equal(
        [Tone.Good, Tone.Next, Tone.Waiting, Tone.Waiting],
        Enumerable.Range(1, 4).Select(position => JobWords.ToneOf(Answers.Job(position: position))));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(89, "89 s")]
    [InlineData(90, "2 min")]
    [InlineData(5_369, "89 min")]
    [InlineData(5_370, "1 h 30 min")]
    [InlineData(7_260, "2 h 1 min")]
    public void A_wait_is_told_in_seconds_then_minutes_then_hours(int seconds, string words) =>
        Assert.Equal(words, JobWords.OfSeconds(seconds));

    [Fact]
    public void An_estimate_is_a_range() => Assert.Equal(
        "Next up, starts in 12 s to 40 s",
        JobWords.Of(Answers.Job() with { Estimate = new(Answers.Noon, Answers.Noon, 12, 40) }));

    [Fact]
    public void A_held_job_names_what_it_waits_for() => Assert.Equal(
        "held, waits for your job \"a.bib\" to end",
        JobWords.Of(Answers.Job(position: null) with { IsHeld = true, WaitsFor = "your job \"a.bib\" to end" }));

    [Fact]
    public void A_place_says_what_keeps_it_and_who_came_in_before() => Assert.Equal(
        "2nd in line, starts from 22:00 Europe/Vienna (1 job before you is tried again)",
        JobWords.Of(Answers.Job(position: 2) with
        {
            Wait = new("window", "starts from 22:00 Europe/Vienna", null),
            Overtaken = new(0, 1, 0, 0, "1 job before you is tried again"),
        }));

    [Fact]
    public void A_job_for_later_says_when() => Assert.Equal(
        $"enters the line at {Answers.Noon.UtcDateTime:yyyy-MM-dd} 12:00:00 UTC, as asked",
        JobWords.Of(Answers.Job(position: null) with { NotBefore = Answers.Noon }));

    [Fact]
    public void A_retry_says_when_and_which_attempt_it_is() => Assert.Equal(
        "waits to be tried again at 12:00:00 UTC (attempt 2 of 3)",
        JobWords.Of(Answers.Job(position: null) with { NextAttemptAt = Answers.Noon, Attempt = 1 }));

    [Fact]
    public void The_counts_of_any_kind_become_words() => Assert.Equal(
        "completed: 75 total entries, 12 fields added",
        JobWords.Of(Answers.Job(state: JobStateNames.Completed) with
        {
            Summary = JsonElement.Parse(
                """{"totalEntries":75,"byField":{"doi":3},"fieldsAdded":12,"notFound":0,"note":"x"}"""),
        }));

    [Theory]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1 kB")]
    [InlineData(1_240_000, "1.2 MB")]
    [InlineData(2_000_000_000, "2 GB")]
    public void A_size_is_told_in_the_unit_that_fits(long bytes, string words) =>
        Assert.Equal(words, JobWords.OfSize(bytes));

    [Fact]
    public void What_others_chose_cannot_steer_a_terminal() =>
        Assert.Equal("a [2Jb  c.bib", Screen.Clean("a\u001b[2Jb\r\nc.bib"));
}
