using System.CommandLine;
using NextUp.Actors.Store;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;
using NextUp.Server.Standby;
using NextUp.Storage.Sqlite;

namespace NextUp.Server.Commands;

/// <summary><c>backup TARGET</c>: a copy of the data folder at one moment, beside a running server or without one.</summary>
sealed class BackupCommand : Command
{
    readonly Surroundings _surroundings;
    readonly ServerOptions _server;
    readonly Option<string?> _data = DataFolder.NewOption();

    readonly Argument<string> _target = new("TARGET")
    {
        Description = "A folder that is not there yet. It becomes a data folder that a server can be started on.",
    };

    public BackupCommand(Surroundings surroundings, ServerOptions server)
        : base("backup", "Copy the data folder as it is at one moment, beside a running server or without one.")
    {
        (_surroundings, _server) = (surroundings, server);
        Arguments.Add(_target);
        Options.Add(_data);
        SetAction(RunAsync);
    }

    async Task<int> RunAsync(ParseResult command, CancellationToken cancellationToken)
    {
        var screen = _server.ScreenFor(command);
        var folder = DataFolder.Existing(command.GetValue(_data), _surroundings);
        var target = _surroundings.PathOf(command.GetRequiredValue(_target));
        if (OpenedStore.IsMarked(folder))
        {
            throw new UsageException(
                $"The jobs of {folder} are in PostgreSQL, and so are files and keys: save them there, with pg_dump.");
        }

        try
        {
            var report = await FolderBackup.RunAsync(folder, target, _surroundings.Clock, cancellationToken);
            Show(report, target, screen);
            screen.Json(
                new BackupAnswer(
                    target, [.. report.Databases.Select(one => new BackupDatabase(one.Name, one.Bytes))],
                    report.Files.Count, report.Files.Bytes, report.Lost),
                AnswerJson.Answers.BackupAnswer);
            return report.Lost.Count == 0 ? ExitCode.Ok : ExitCode.Negative;
        }
        catch (StoreFailedException failure)
        {
            throw new UsageException(failure.Message);
        }
    }

    static void Show(BackupReport report, string target, Screen screen)
    {
        screen.Table(["database", "bytes"], [.. report.Databases.Select(IReadOnlyList<Cell> (one) => [one.Name, $"{one.Bytes}"])]);
        screen.Line($"and {report.Files.Count} large files with {report.Files.Bytes} bytes, the keys and the settings.");
        screen.Line($"It is in {target}. Whoever can read it can sign in as anybody.");
        if (report.Lost.Count > 0)
            screen.Complain(
                $"{report.Lost.Count} files that jobs name are not in the data folder: {string.Join(", ", report.Lost.Take(10))}. "
                + "The backup is as whole as the folder is.");
    }
}
