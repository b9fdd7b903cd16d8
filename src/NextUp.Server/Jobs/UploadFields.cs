using System.Globalization;
using System.Text.Json;
using NextUp.Actors.Jobs;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Jobs;

/// <summary>The fields of a form that come before a file and hold for it.</summary>
sealed class UploadFields(JobKinds kinds, JobKind first, Caller? caller)
{
    public const string WhenBusyRule = "The field \"whenBusy\" is refuse, hold or replace.";

    /// <summary>Null while none was named and this installation does not offer the default one.</summary>
    public OfferedKind? Kind { get; private set; } = kinds.Find(first.Value);

    public WhenBusy? WhenBusy { get; private set; }

    public string? Options { get; private set; }

    public int Priority { get; private set; }

    public DateTimeOffset? NotBefore { get; private set; }

    /// <summary>Whether the field means in every program's form what it means in ours.</summary>
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

    /// <summary>What the query says; a field of the form that comes later counts more.</summary>
    public Problem? Set(IQueryCollection query)
    {
        foreach (var name in (ReadOnlySpan<string>)["kind", "whenBusy", "options", "priority", "notBefore"])
        {
            if (query.TryGetValue(name, out var value) && Set(name, value.ToString()) is { } problem)
                return problem;
        }

        return null;
    }

    /// <summary>Takes a value; a problem says what is wrong with it.</summary>
    public Problem? Set(string name, string value)
    {
        switch (name)
        {
            case "kind":
                if (kinds.FindFor(caller, value) is not { } kind)
                    return Problems.UnknownKind(value.Length <= 100 ? value : value[..100], kinds.NamesFor(caller));
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

            case "priority":
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var level)
                    || level > HeadStarts.LevelMax)
                {
                    return Problems.InvalidRequest(
                        $"\"priority\" is a whole number from 0 (none) to {HeadStarts.LevelMax}.");
                }

                Priority = level;
                return null;

            case "notBefore":
                NotBefore = TimeWithOffset(value);
                return NotBefore is null && value.Length > 0
                    ? Problems.InvalidRequest(
                        "\"notBefore\" is a time with its offset, as in 2026-03-01T22:00:00+01:00 or 2026-03-01T21:00:00Z.")
                    : null;

            default:
                return Problems.InvalidRequest(
                    $"There is no field \"{(name.Length <= 100 ? name : name[..100])}\". "
                    + "There is kind, whenBusy, options, priority, notBefore and file.");
        }
    }

    /// <summary>ISO 8601 with an offset or Z; a time without one would mean another instant on each machine.</summary>
    public static DateTimeOffset? TimeWithOffset(string text)
    {
        const DateTimeStyles Styles = DateTimeStyles.AdjustToUniversal;
        string[] formats =
        [
            "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        ];
        var hasOffset = text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > "yyyy-MM-dd".Length;
        return hasOffset && DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, Styles, out var time)
            ? time : null;
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
