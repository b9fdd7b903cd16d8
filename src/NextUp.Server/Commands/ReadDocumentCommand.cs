using System.CommandLine;
using NextUp.Processors.Documents.Extraction;

namespace NextUp.Server.Commands;

/// <summary>
/// What the server starts to have a document read outside its own process. Not for people, so the help does not name it.
/// </summary>
sealed class ReadDocumentCommand : Command
{
    readonly Argument<int> _format = new("FORMAT");
    readonly Argument<string> _file = new("FILE");

    public ReadDocumentCommand()
        : base(ReadingProcess.CommandName)
    {
        Hidden = true;
        Arguments.Add(_format);
        Arguments.Add(_file);
        SetAction(command =>
        {
            using var output = Console.OpenStandardOutput();
            return ReadingProcess.Run(
                (DocumentFormat)command.GetValue(_format), Path.GetFullPath(command.GetValue(_file)!), output);
        });
    }
}
