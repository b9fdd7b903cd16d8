using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Tables;

namespace NextUp.Server.Commands;

/// <summary>The one executable: every command, what it answers to the shell, and where its complaints go.</summary>
static class CommandLine
{
    /// <summary>How long an interrupted command may take to say its last words.</summary>
    static readonly TimeSpan LastWordsDurationMax = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(
        string[] args, Surroundings surroundings, CancellationToken cancellationToken = default)
    {
        var command = NewRoot(surroundings).Parse(args);
        if (command.Action is ParseErrorAction wrong)
        {
            // The complaint, with what may have been meant; the whole help would push it off the screen.
            wrong.ShowHelp = false;
            await command.InvokeAsync(
                new() { Output = surroundings.Error, Error = surroundings.Error }, CancellationToken.None);
            surroundings.Error.WriteLine($"Help: {Spelled(command)} --help");
            return ExitCode.BadInput;
        }

        try
        {
            return await command.InvokeAsync(
                new()
                {
                    Output = surroundings.Out,
                    Error = surroundings.Error,
                    EnableDefaultExceptionHandler = false,
                    // The server and a worker stop at signals by themselves, and need their own time for it.
                    ProcessTerminationTimeout = EndsByItself(command) ? null : LastWordsDurationMax,
                },
                cancellationToken);
        }
        catch (Exception error) when (Complaint.Of(error) is { } complaint)
        {
            foreach (var line in complaint.Lines)
                surroundings.Error.WriteLine(Screens.Screen.Clean(line));
            return complaint.ExitCode;
        }
    }

    internal static RootCommand NewRoot(Surroundings surroundings)
    {
        var server = new ServerOptions(surroundings);
        var serve = new ServeCommand(surroundings);
        var root = new RootCommand(
            "A fair queue for uploaded work. Without a command: serve, on http://127.0.0.1:8080.")
        {
            serve,
            new SubmitCommand(surroundings, server),
            new WatchCommand(surroundings, server),
            new AgainCommand(surroundings, server),
            new StatusCommand(server),
            new HealthCommand(server),
            new ListCommand(server),
            OwnJobCommand.Cancel(server),
            OwnJobCommand.Retry(server),
            new JobsCommand(server),
            new NoticesCommand(surroundings, server),
            new TokenCommand(surroundings, server),
            new DocumentsCommand(surroundings, server),
            new KeyCommand(server),
            new ExamsCommand(surroundings, server),
            new AuditCommand(server),
            new WorkCommand(surroundings, server),
            new WorkersCommand(server),
            new CatalogueCommand(surroundings, server),
            new CleanupCommand(surroundings, server),
            new BackupCommand(surroundings, server),
            new MigrateStoreCommand(surroundings, server),
            new ConfigCommand(surroundings, server),
            SteerCommand.Pausing(server),
            SteerCommand.Resuming(server),
            new SlotsCommand(server),
            new TablesCommand(surroundings, server),
            new SheetRowsCommand(surroundings),
            new ReadDocumentCommand(),
        };
        server.AddTo(root);
        root.SetAction((command, cancellationToken) => command.Tokens.Count == 0
            ? serve.RunAsync(new(null, null, null), cancellationToken)
            : throw new UsageException("Say what to do, for example: nextup status. All commands: nextup --help"));

        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExitCodes((SynchronousCommandLineAction)help.Action!);
        return root;
    }

    static bool EndsByItself(ParseResult command) =>
        command.CommandResult.Command is ServeCommand or WorkCommand or RootCommand;

    static string Spelled(ParseResult command)
    {
        var words = new List<string>();
        SymbolResult? at = command.CommandResult;
        for (; at is CommandResult { Command: not RootCommand } named; at = at.Parent)
            words.Insert(0, named.Command.Name);
        return string.Join(' ', words.Prepend("nextup"));
    }

    sealed class HelpWithExitCodes(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var answer = help.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(Commands.ExitCode.Help);
            return answer;
        }
    }
}
