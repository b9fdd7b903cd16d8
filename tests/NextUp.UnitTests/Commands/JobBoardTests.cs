using NextUp.Client.Live;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Watching;
using NextUp.UnitTests.Client;

namespace NextUp.UnitTests.Commands;

public sealed class JobBoardTests
{
    [Fact]
    public void A_place_is_said_when_it_changes_and_only_then()
    {
        var board = new JobBoard([Answers.Job(position: 3)]);

        Assert.Equal(
            ["Position #3", "2nd in line", "Next up"],
            Said(
                board.Update(Answers.Job(position: 3)), board.Apply(Moved(2)), board.Apply(Moved(2)),
                board.Apply(Moved(1))));
    }

    [Fact]
    public void Progress_is_said_at_every_tenth_and_at_each_new_step()
    {
        var board = new JobBoard([Processing(0, "reading")]);

        var said = Enumerable.Range(1, 30).SelectMany(percent => board.Update(
            Processing(percent, percent < 15 ? "reading" : "searching"))).Select(note => note.Job!.Progress.Percent);

        Assert.Equal([10, 15, 25], said);
    }

    [Fact]
    public void A_log_line_is_said_once()
    {
        var board = new JobBoard([Processing(0, "")]);
        LogLineView[] lines = [new(1, Answers.Noon, "one"), new(2, Answers.Noon, "two")];

        Assert.Equal(["one", "two"], Said(board.AddLog("0190-a", lines), board.AddLog("0190-a", lines)));
        Assert.Equal(2, board.LastLogLine("0190-a"));
    }

    [Fact]
    public void A_finished_job_stays_finished()
    {
        var board = new JobBoard([Processing(90, "")]);

        var notes = board.Update(Answers.Job(state: JobStateNames.Failed, error: "No."));
        var late = board.Update(Processing(95, ""));

        Assert.Equal((BoardNoteKind.Ended, "failed: No."), (notes.Single().Kind, notes.Single().Text));
        Assert.Empty(late);
        Assert.Empty(board.Unfinished);
    }

    [Fact]
    public void A_retry_says_why_the_attempt_before_it_failed()
    {
        var board = new JobBoard([Processing(40, "")]);

        var note = board.Update(
            Answers.Job(position: 1, error: "crossref did not answer") with { Attempt = 1 }).Single();

        Assert.Equal((BoardNoteKind.Retrying, "crossref did not answer; Next up"), (note.Kind, note.Text));
    }

    [Fact]
    public void Other_jobs_of_the_user_are_none_of_the_boards_business()
    {
        var board = new JobBoard([Answers.Job("mine")]);

        Assert.Empty(board.Update(Answers.Job("other", JobStateNames.Failed)));
        Assert.Empty(board.AddLog("other", [new(1, Answers.Noon, "one")]));
        Assert.Empty(board.Apply(new LiveEvent.PositionsChanged(new([new("other", 1, 0, null)]))));
    }

    [Fact]
    public void A_position_told_late_does_not_put_a_started_job_back_in_line()
    {
        var board = new JobBoard([Answers.Job(state: JobStateNames.Processing)]);

        Assert.Empty(board.Apply(Moved(2)));
        Assert.Equal(JobStateNames.Processing, board.Jobs.Single().State);
    }

    static JobView Processing(int percent, string step) =>
        Answers.Job(state: JobStateNames.Processing, percent: percent, step: step);

    static LiveEvent.PositionsChanged Moved(int position) =>
        new(new PositionsEvent([new("0190-a", position, position - 1, null)]));

    static IEnumerable<string> Said(params IReadOnlyList<BoardNote>[] notes) =>
        notes.SelectMany(step => step).Select(note => note.Text);
}
