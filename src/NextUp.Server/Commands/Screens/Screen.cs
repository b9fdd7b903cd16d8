using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace NextUp.Server.Commands.Screens;

/// <summary>What a word means; the screen has a colour for it.</summary>
enum Tone
{
    Plain,
    Good,
    Next,
    Waiting,
    Bad,
    Faint,
}

/// <summary>A cell of a table.</summary>
readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>
/// What the person or the program at the other end gets to see. With <c>--json</c> standard output carries one JSON
/// document and nothing else; away from a terminal it carries plain lines; complaints always go to standard error.
/// </summary>
sealed class Screen
{
    readonly Surroundings _surroundings;

    public Screen(Surroundings surroundings, bool isJson)
    {
        _surroundings = surroundings;
        IsJson = isJson;
        if (surroundings.IsTerminal && !isJson)
            Terminal = AnsiConsole.Create(new()
            {
                Ansi = AnsiSupport.Detect,
                ColorSystem = surroundings.WantsColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(surroundings.Out),
            });
    }

    public bool IsJson { get; }

    /// <summary>The terminal a person looks at, or null.</summary>
    public IAnsiConsole? Terminal { get; }

    /// <summary>A line of the answer for people; with <c>--json</c> nothing.</summary>
    public void Line(string text, Tone tone = Tone.Plain)
    {
        if (IsJson)
            return;
        if (Terminal is null)
            _surroundings.Out.WriteLine(Clean(text));
        else
            Terminal.MarkupLine(Markup(text, tone));
    }

    /// <summary>A line on standard error.</summary>
    public void Complain(string text) => _surroundings.Error.WriteLine(Clean(text));

    /// <summary>The answer for programs; without <c>--json</c> nothing.</summary>
    public void Json<T>(T answer, JsonTypeInfo<T> type)
    {
        if (IsJson)
            _surroundings.Out.WriteLine(JsonSerializer.Serialize(answer, type));
    }

    /// <summary>A table for people; with <c>--json</c> nothing.</summary>
    public void Table(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        if (IsJson)
            return;
        if (Terminal is null)
            PlainTable(columns, rows);
        else
            BoxedTable(Terminal, columns, rows);
    }

    /// <summary>
    /// What others chose (file names, errors of providers) must not move the cursor or set colours on somebody's
    /// terminal.
    /// </summary>
    public static string Clean(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : text;

    public static string Markup(string text, Tone tone)
    {
        var escaped = Spectre.Console.Markup.Escape(Clean(text));
        return tone switch
        {
            Tone.Good => $"[green]{escaped}[/]",
            Tone.Next => $"[blue]{escaped}[/]",
            Tone.Waiting => $"[orange1]{escaped}[/]",
            Tone.Bad => $"[red]{escaped}[/]",
            Tone.Faint => $"[grey]{escaped}[/]",
            _ => escaped,
        };
    }

    void PlainTable(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        var lines = rows.Select(row => row.Select(cell => Clean(cell.Text)).ToList()).Prepend([.. columns]).ToList();
        var widths = Enumerable.Range(0, columns.Count).Select(i => lines.Max(line => line[i].Length)).ToList();
        foreach (var line in lines)
        {
            var text = new StringBuilder();
            for (var i = 0; i < line.Count; i++)
                text.Append(line[i].PadRight(widths[i] + 2));
            _surroundings.Out.WriteLine(text.ToString().TrimEnd());
        }
    }

    static void BoxedTable(
        IAnsiConsole terminal, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(Markup(column, Tone.Faint)));
        foreach (var row in rows)
            table.AddRow(row.Select(cell => Markup(cell.Text, cell.Tone)).ToArray());
        terminal.Write(table);
    }
}
