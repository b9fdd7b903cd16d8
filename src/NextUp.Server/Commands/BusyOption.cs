using System.CommandLine;
using NextUp.Client.Uploads;

namespace NextUp.Server.Commands;

/// <summary><c>--when-busy</c>: what happens while one of the caller's jobs is in the way.</summary>
sealed class BusyOption
{
    readonly Option<string?> _wish = new("--when-busy")
    {
        Description = "If one of your jobs is in the way: refuse the new one, hold it until the other ends, or "
            + "replace the other if it still waits. Defaults to what the server does for this kind.",
        HelpName = "refuse|hold|replace",
    };

    public BusyOption(Command command)
    {
        _wish.AcceptOnlyFromAmong("refuse", "hold", "replace");
        command.Options.Add(_wish);
    }

    /// <summary>As it was written; null where nothing was.</summary>
    public string? Word(ParseResult command) => command.GetValue(_wish);

    public BusyWish? Wish(ParseResult command) => Word(command) switch
    {
        "refuse" => BusyWish.Refuse,
        "hold" => BusyWish.Hold,
        "replace" => BusyWish.Replace,
        _ => null,
    };
}
