using System.CommandLine;
using NextUp.Server.Settings;

namespace NextUp.Server.Commands;

/// <summary><c>config</c>: the settings, looked at.</summary>
sealed class ConfigCommand : Command
{
    public ConfigCommand(Surroundings surroundings)
        : base("config", "The settings: what there is.")
    {
        var reference = new Command("reference", "Print the reference page of all settings, in Markdown.");
        reference.SetAction(_ =>
        {
            surroundings.Out.Write(SettingsReference.Page());
            return ExitCode.Ok;
        });
        Subcommands.Add(reference);
    }
}
