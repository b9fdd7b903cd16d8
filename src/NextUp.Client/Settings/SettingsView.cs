using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NextUp.Client.Wire;

namespace NextUp.Client.Settings;

/// <summary>Every setting in force.</summary>
public sealed record SettingsView(IReadOnlyList<SettingView> Settings);

/// <param name="Key">The whole path, such as <c>queue.slots</c>.</param>
/// <param name="Value">As one would write it; secrets are not shown.</param>
/// <param name="Source">Where it comes from: a file, a variable, an option, or <c>default</c>.</param>
/// <param name="Reloads">Whether a change holds at once; else it holds from the next start.</param>
public sealed record SettingView(string Key, string Value, string Source, bool Reloads);

/// <summary>What a reload changed.</summary>
/// <param name="Changed">Settings that differ from before and hold now.</param>
/// <param name="AtRestart">Settings that differ from what the server started with and wait for its next start.</param>
public sealed record ReloadView(IReadOnlyList<SettingView> Changed, IReadOnlyList<SettingView> AtRestart);

/// <summary>How settings are written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SettingsView))]
[JsonSerializable(typeof(ReloadView))]
public sealed partial class SettingsWire : JsonSerializerContext
{
    /// <summary>The context to use; letters outside ASCII are written as they are.</summary>
    public static SettingsWire Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
