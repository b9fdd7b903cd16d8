using System.CommandLine;
using NextUp.Actors.Store;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Commands.Screens;
using NextUp.Server.Settings;
using NextUp.Server.Standby;
using NextUp.Storage.Files;
using NextUp.Storage.Postgres;
using NextUp.Storage.Postgres.Moving;

namespace NextUp.Server.Commands;

/// <summary>
/// <c>migrate-store</c>: moves all of a data folder into PostgreSQL, while no server runs. Afterwards a server refuses to go
/// on with the file, which stays where it is.
/// </summary>
sealed class MigrateStoreCommand : Command
{
    readonly Surroundings _surroundings;
    readonly ServerOptions _server;
    readonly Option<string?> _data = DataFolder.NewOption();
    readonly Option<string[]> _set = ServeCommand.NewSetOption();

    readonly Option<string?> _config = new("--config")
    {
        Description = "The settings; store.connection says where to. Defaults to "
            + $"{ServeOptions.DefaultConfigFile} in the working folder, where there is one.",
        HelpName = "FILE",
    };

    readonly Option<StoreKind> _from = new("--from") { Description = "What is moved: sqlite.", HelpName = "KIND", Required = true };

    readonly Option<StoreKind> _to = new("--to") { Description = "Where to: postgres.", HelpName = "KIND", Required = true };

    public MigrateStoreCommand(Surroundings surroundings, ServerOptions server)
        : base("migrate-store", "Move everything from SQLite into PostgreSQL, while no server runs, and compare it.")
    {
        (_surroundings, _server) = (surroundings, server);
        Validators.Add(given =>
        {
            if (given.GetValue(_from) != StoreKind.Sqlite || given.GetValue(_to) != StoreKind.Postgres)
                given.AddError("migrate-store goes --from sqlite --to postgres; there is no other way yet.");
        });
        Options.Add(_from);
        Options.Add(_to);
        Options.Add(_data);
        Options.Add(_config);
        Options.Add(_set);
        SetAction(Run);
    }

    int Run(ParseResult command)
    {
        var screen = _server.ScreenFor(command);
        var settings = SettingsOf(command);
        var folder = DataFolder.Existing(command.GetValue(_data) ?? settings.Server.DataFolder, _surroundings);
        if (settings.Store.Connection is null)
        {
            throw new UsageException(
                "Where to is not said. Set store.connection in the settings, or give --set store.connection=Host=...");
        }

        try
        {
            OpenedStore.MustBeOnSqlite(folder);
            var options = settings.Store.Options(_surroundings.Clock);
            var moved = StoreMove.Run(folder, options, settings.Store.Files == StoreFiles.Database);
            new SharedKeys(new PostgresKeys(options), folder).Share();
            OpenedStore.Mark(folder);
            screen.Table(["table", "rows", "SHA-256"], [.. moved.Select(Row)]);
            screen.Line("Everything is there, and the same. Serve with store.kind=postgres from now on.");
            if (settings.Store.Files == StoreFiles.Folder)
                screen.Line($"Large files were not moved: copy {folder}/files into store.filesFolder, which all servers share.");
            return ExitCode.Ok;
        }
        catch (Exception unusable) when (unusable is StoreFailedException or StoreOwnedException or IOException)
        {
            throw new UsageException(unusable.Message);
        }
    }

    static IReadOnlyList<Cell> Row(MovedTable table) => [table.Name, $"{table.Rows}", table.Sha256[..16]];

    NextUpSettings SettingsOf(ParseResult command)
    {
        try
        {
            return NextUpSettings.Load(SettingsSources.Of(new ServeOptions(null, null, command.GetValue(_config))
            {
                Assignments = command.GetValue(_set)!, Variables = _surroundings.SettingVariables,
            }));
        }
        catch (SettingsException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
