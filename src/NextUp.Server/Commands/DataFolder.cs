using System.CommandLine;
using NextUp.Server.Settings;

namespace NextUp.Server.Commands;

/// <summary>The data folder, for commands that work on it themselves.</summary>
static class DataFolder
{
    public static Option<string?> NewOption() => new("--data")
    {
        Description = $"The server's data folder. Defaults to server.dataFolder of the settings here, else "
            + $"{ServeOptions.DefaultDataFolder} in the working folder.",
        HelpName = "DIR",
    };

    /// <summary>
    /// Never makes one: a key or a catalogue in a folder that no server uses would look like success and be good for
    /// nothing.
    /// </summary>
    public static string Existing(string? given, Surroundings surroundings)
    {
        var folder = surroundings.PathOf(given ?? OfSettings(surroundings));
        return Directory.Exists(folder)
            ? folder
            : throw new UsageException(
                $"{folder} is not there. Name the folder that the server keeps its data in with --data DIR; "
                + "a server makes it when it first starts.");
    }

    static string OfSettings(Surroundings surroundings)
    {
        try
        {
            return NextUpSettings.Load(SettingsSources.Of(surroundings, file: null)).Server.DataFolder;
        }
        catch (SettingsException error)
        {
            throw new UsageException($"{error.Message}\nOr name the data folder with --data DIR.");
        }
    }
}
