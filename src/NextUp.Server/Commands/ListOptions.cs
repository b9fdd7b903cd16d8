using System.CommandLine;
using NextUp.Client.Wire;
using NextUp.Server.Commands.Screens;

namespace NextUp.Server.Commands;

/// <summary>What commands that list something have in common: <c>--limit N</c>, and a page after the other until it is reached.</summary>
sealed class LimitOption : Option<int>
{
    readonly int _max;

    /// <param name="what">What there are at most so many of.</param>
    public LimitOption(string what, int otherwise, int max)
        : base("--limit")
    {
        _max = max;
        Description = $"How many {what} at most, 1 to {max}.";
        HelpName = "N";
        DefaultValueFactory = _ => otherwise;
        Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() < 1 || given.GetValueOrDefault<int>() > max)
                given.AddError($"--limit takes a number from 1 to {max}.");
        });
    }

    /// <param name="page">Asks for so many from the "next" of the page before on.</param>
    /// <returns>What was asked for, and the "next" of the last page.</returns>
    public async Task<(IReadOnlyList<T> Items, string? Next)> ReadAsync<T>(
        ParseResult command, Func<int, string?, Task<(IReadOnlyList<T> Items, string? Next)>> page)
    {
        var limit = command.GetValue(this);
        var items = new List<T>();
        string? next = null;
        do
        {
            (var more, next) = await page(limit - items.Count, next);
            items.AddRange(more.Take(limit - items.Count));
        }
        while (next is not null && items.Count < limit);
        return (items, next);
    }

    /// <summary>The list as a table, or that there is nothing in it; and whether there is more than was asked for.</summary>
    public void Show<T>(
        Screen screen, string nothing, IReadOnlyList<string> columns, IReadOnlyList<T> items, Func<T, IReadOnlyList<Cell>> row,
        string? next)
    {
        if (items.Count == 0)
            screen.Line(nothing);
        else
            screen.Table(columns, [.. items.Select(row)]);
        if (next is not null)
            screen.Line($"There are more. See them with --limit, up to {_max}.", Tone.Faint);
    }
}

/// <summary><c>--state STATE</c>.</summary>
sealed class StateOption : Option<string?>
{
    public StateOption()
        : base("--state")
    {
        Description = "Only jobs in this state.";
        HelpName = "pending|processing|completed|failed|cancelled";
        this.AcceptOnlyFromAmong(
            JobStateNames.Pending, JobStateNames.Processing, JobStateNames.Completed, JobStateNames.Failed,
            JobStateNames.Cancelled);
    }
}
