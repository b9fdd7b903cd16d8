using System.CommandLine;

namespace NextUp.Server.Commands;

/// <summary>Whether a command stays with its jobs until they end, and where their results are saved.</summary>
sealed class ResultOptions
{
    readonly Surroundings _surroundings;

    readonly Option<bool> _watch = new("--watch", "-w")
    {
        Description = "Show each job's place in the line and its progress, and save its result. Ctrl+C leaves "
            + "the jobs running.",
    };

    readonly Option<string?> _out;

    ResultOptions(Surroundings surroundings, string beside)
    {
        _surroundings = surroundings;
        _out = new("--out", "-o")
        {
            Description = $"The folder to save results in{beside}. Defaults to the working folder.",
            HelpName = "DIR",
        };
    }

    /// <summary>For a command that makes jobs and may leave it at that.</summary>
    public static ResultOptions WithChoice(Command command, Surroundings surroundings)
    {
        var options = new ResultOptions(surroundings, "; implies --watch");
        command.Options.Add(options._watch);
        command.Options.Add(options._out);
        return options;
    }

    /// <summary>For a command that always stays.</summary>
    public static ResultOptions Always(Command command, Surroundings surroundings)
    {
        var options = new ResultOptions(surroundings, "");
        command.Options.Add(options._out);
        return options;
    }

    /// <summary>Only for a command that has the choice.</summary>
    public bool IsWatching(ParseResult command) =>
        command.GetValue(_watch) || command.GetValue(_out) is not null;

    /// <summary>The folder's full path. Throws where it cannot be one.</summary>
    public string Folder(ParseResult command)
    {
        var folder = _surroundings.PathOf(command.GetValue(_out) ?? ".");
        return File.Exists(folder)
            ? throw new UsageException($"--out {folder} is a file. Name a folder; it is made where there is none.")
            : folder;
    }
}
