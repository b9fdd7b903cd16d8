using NextUp.Client.Settings;
using NextUp.Client.Wire;

namespace NextUp.Server.Settings;

/// <summary>Settings as they go over the wire and onto the screen.</summary>
static class SettingsViews
{
    const string DefaultSource = "default";

    /// <summary>What is inside of a list is in the file; the list is a line.</summary>
    public static SettingsView Of(NextUpSettings settings) =>
        new([.. settings.Entries.Where(entry => !entry.Key.Contains('[', StringComparison.Ordinal)).Select(Of)]);

    public static SettingView Of(SettingEntry entry) =>
        new(entry.Key, entry.Value, entry.Source ?? DefaultSource, entry.Applies == Applies.AtOnce);

    public static ReloadView Of(ReloadAnswer.Applied applied) =>
        new([.. applied.Changed.Select(Of)], [.. applied.AtRestart.Select(Of)]);

    public static SettingFaultView Of(SettingFault fault) =>
        new(fault.Key, fault.Value, fault.Source, fault.Sentence, fault.ToString());
}
