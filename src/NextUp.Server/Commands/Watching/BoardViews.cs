using NextUp.Client.Wire;
using NextUp.Server.Commands.Screens;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NextUp.Server.Commands.Watching;

/// <summary>How a board is shown while it is followed.</summary>
interface IBoardView
{
    /// <summary>Shows until <paramref name="notes"/> ends.</summary>
    Task ShowAsync(JobBoard board, IAsyncEnumerable<IReadOnlyList<BoardNote>> notes);
}

static class BoardViews
{
    public static IBoardView For(Screen screen) => screen switch
    {
        { Terminal: { } terminal } => new LiveBoardView(terminal),
        _ => new LinesBoardView(screen),
    };
}

/// <summary>
/// One line a note: for files, pipes and logs. A job that ended badly is a complaint. With <c>--json</c> the screen shows
/// complaints alone.
/// </summary>
sealed class LinesBoardView(Screen screen) : IBoardView
{
    public async Task ShowAsync(JobBoard board, IAsyncEnumerable<IReadOnlyList<BoardNote>> notes)
    {
        await foreach (var step in notes)
        {
            foreach (var note in step)
            {
                if (note.Kind == BoardNoteKind.Connection)
                    screen.Complain(note.Text);
                else if (note is { Kind: BoardNoteKind.Ended, Job.State: not JobStateNames.Completed })
                    screen.Complain($"{note.Job.FileName}: {note.Text}");
                else
                    screen.Line($"{note.Job?.FileName}: {note.Text}");
            }
        }
    }
}

/// <summary>A row a job at the foot of the terminal, its badge or its bar moving; the log scrolls by above.</summary>
sealed class LiveBoardView(IAnsiConsole terminal) : IBoardView
{
    const int BarWidth = 30;

    /// <summary>Rows shown at most; a terminal cannot redraw what does not fit on it.</summary>
    public const int RowsMax = 15;

    public Task ShowAsync(JobBoard board, IAsyncEnumerable<IReadOnlyList<BoardNote>> notes) =>
        terminal.Live(Render(board)).StartAsync(async live =>
        {
            await foreach (var step in notes)
            {
                foreach (var note in step)
                    Say(note, board);
                live.UpdateTarget(Render(board));
            }
        });

    void Say(BoardNote note, JobBoard board)
    {
        // Places and percentages are on the board already.
        var tone = note.Kind switch
        {
            BoardNoteKind.Logged => Tone.Faint,
            BoardNoteKind.Retrying => Tone.Waiting,
            BoardNoteKind.Connection => Tone.Bad,
            _ => default(Tone?),
        };
        if (tone is null)
            return;

        var several = board.Jobs.Skip(1).Any();
        var text = several && note.Job is { } job ? $"{job.FileName}: {note.Text}" : note.Text;
        terminal.MarkupLine(Screen.Markup(text, tone.Value));
    }

    internal static IRenderable Render(JobBoard board)
    {
        // What moves is what one wants to see: finished jobs give up their rows first.
        var jobs = board.Jobs.ToList();
        var shown = jobs.Count <= RowsMax
            ? jobs
            : [.. jobs.OrderBy(job => JobStateNames.IsFinished(job.State)).Take(RowsMax)];

        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var job in shown)
            grid.AddRow(new Markup(Screen.Markup(job.FileName, Tone.Plain)), new Markup(Cell(job)));
        if (jobs.Count > shown.Count)
            grid.AddRow(new Markup(Screen.Markup($"and {jobs.Count - shown.Count} more", Tone.Faint)), Text.Empty);
        return grid;
    }

    static string Cell(JobView job)
    {
        var words = JobWords.Of(job);
        if (job.State != JobStateNames.Processing)
            return Screen.Markup(words, JobWords.ToneOf(job));

        var full = Math.Clamp(job.Progress.Percent, 0, 100) * BarWidth / 100;
        return $"[green]{new string('━', full)}[/][grey]{new string('━', BarWidth - full)}[/] "
            + $"{Screen.Markup(words, Tone.Plain)}";
    }
}
