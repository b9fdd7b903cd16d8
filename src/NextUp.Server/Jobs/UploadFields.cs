using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Client.Wire;
using NextUp.Server.Operations;

namespace NextUp.Server.Jobs;

/// <summary>The fields of a form that come before a file and hold for it.</summary>
sealed class UploadFields(JobKinds kinds)
{
    public const string WhenBusyRule = "The field \"whenBusy\" is refuse, hold or replace.";

    /// <summary>Null while none was named and this installation does not offer the default one.</summary>
    public OfferedKind? Kind { get; private set; } = kinds.Find(JobKinds.Default.Value);

    public WhenBusy? WhenBusy { get; private set; }

    public string? Options { get; private set; }

    /// <summary>Whether a form of ours has such a field.</summary>
    public static bool IsKnown(string name) => name is "kind" or "whenBusy" or "options";

    /// <summary>False where it is none of them; nothing is the kind's own choice.</summary>
    public static bool TryReadWhenBusy(string? text, out WhenBusy? whenBusy)
    {
        whenBusy = text switch
        {
            "refuse" => Actors.Jobs.WhenBusy.Refuse,
            "hold" => Actors.Jobs.WhenBusy.Hold,
            "replace" => Actors.Jobs.WhenBusy.Replace,
            _ => null,
        };
        return whenBusy is not null || string.IsNullOrEmpty(text);
    }

    /// <summary>Takes a value; a problem says what is wrong with it.</summary>
    public Problem? Set(string name, string value)
    {
        switch (name)
        {
            case "kind":
                if (kinds.Find(value) is not { } kind)
                    return Problems.UnknownKind(value.Length <= 100 ? value : value[..100], kinds.Names);
                Kind = kind;
                return null;

            case "whenBusy":
                var isKnown = TryReadWhenBusy(value, out var whenBusy);
                WhenBusy = whenBusy;
                return isKnown ? null : Problems.InvalidRequest(WhenBusyRule);

            case "options":
                Options = value.Length == 0 ? null : value;
                return Options is null || IsObject(value)
                    ? null
                    : Problems.InvalidRequest("The field \"options\" is a JSON object, {...}, with each key once.");

            default:
                return Problems.InvalidRequest(
                    $"There is no field \"{(name.Length <= 100 ? name : name[..100])}\". "
                    + "There is kind, whenBusy, options and file.");
        }
    }

    static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
