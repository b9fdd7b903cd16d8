using System.Text.Json.Serialization;

namespace NextUp.Server.Settings;

[JsonSerializable(typeof(string))]
sealed partial class SettingsJson : JsonSerializerContext;
