using System.CommandLine;
using NextUp.Processors.Tables.Reading;

namespace NextUp.Server.Commands;

/// <summary>
/// <c>sheet-rows FILE OUT [SHEET]</c>: hidden; what the server starts, under limits, to read a workbook outside itself.
/// </summary>
sealed class SheetRowsCommand : Command
{
    readonly Argument<string> _file = new("FILE");
    readonly Argument<string> _out = new("OUT");
    readonly Argument<string?> _sheet = new("SHEET") { Arity = ArgumentArity.ZeroOrOne };

    public SheetRowsCommand(Surroundings surroundings)
        : base(WorkbookProcess.Command, "Write the rows of a workbook as JSON lines.")
    {
        Hidden = true;
        Arguments.Add(_file);
        Arguments.Add(_out);
        Arguments.Add(_sheet);
        SetAction(command =>
        {
            using var workbook = File.OpenRead(command.GetRequiredValue(_file));
            using var rows = new FileStream(command.GetRequiredValue(_out), FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
            if (WorkbookRows.Write(workbook, rows, command.GetValue(_sheet)) is not { } reason)
                return ExitCode.Ok;
            surroundings.Error.WriteLine(reason);
            return WorkbookRows.ExitUnreadable;
        });
    }
}
