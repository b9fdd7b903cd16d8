using System.Text.Json;

namespace NextUp.Server.Settings;

/// <summary>
/// Reads one object of the settings file key by key. Every key that is read is known; <see cref="End"/> reports the
/// others. Faults are gathered, so that a person sees all of them at once.
/// </summary>
sealed class SettingsSection(string path, JsonElement? element, List<string> faults)
{
    readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public SettingsSection Section(string key)
    {
        var value = Take(key);
        if (value is { ValueKind: not JsonValueKind.Object } other)
        {
            Fault(key, other, "must be an object, {...}");
            value = null;
        }

        return new SettingsSection(PathOf(key), value, faults);
    }

    public bool Has(string key) => element is { } known && known.TryGetProperty(key, out _);

    public int Int(string key, int fallback, int min, int max)
    {
        if (Take(key) is not { } value)
            return fallback;

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min
            && number <= max)
            return number;

        Fault(key, value, $"must be a whole number from {min} to {max}");
        return fallback;
    }

    /// <summary>Null where the key is missing.</summary>
    public double? Number(string key, double min, double max)
    {
        if (Take(key) is not { } value)
            return null;

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min
            && number <= max)
            return number;

        Fault(key, value, $"must be a number from {min} to {max}");
        return null;
    }

    public bool Bool(string key, bool fallback)
    {
        if (Take(key) is not { } value)
            return fallback;

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();

        Fault(key, value, "must be true or false");
        return fallback;
    }

    /// <summary>A text of at most <paramref name="lengthMax"/> characters, or null where the key is missing.</summary>
    public string? Text(string key, int lengthMax)
    {
        if (Take(key) is not { } value)
            return null;

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            && text.Length <= lengthMax)
            return text;

        Fault(key, value, $"must be a text of 1 to {lengthMax} characters");
        return null;
    }

    /// <summary>An absolute http or https address, or null where the key is missing.</summary>
    public Uri? Address(string key)
    {
        if (Take(key) is not { } value)
            return null;

        if (value.ValueKind == JsonValueKind.String
            && Uri.TryCreate(value.GetString(), UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
            return address;

        Fault(key, value, "must be an address that begins with http:// or https://");
        return null;
    }

    /// <summary>A list of different words out of <paramref name="allowed"/>, in the order written.</summary>
    public IReadOnlyList<string> Words(string key, IReadOnlyList<string> fallback, IReadOnlyList<string> allowed)
    {
        if (Take(key) is not { } value)
            return fallback;

        var rule = $"must be a list of one or more of {string.Join(", ", allowed)}, each at most once";
        if (value.ValueKind != JsonValueKind.Array)
        {
            Fault(key, value, rule);
            return fallback;
        }

        var words = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            var word = item.ValueKind == JsonValueKind.String ? item.GetString()! : null;
            if (word is null || !allowed.Contains(word) || words.Contains(word))
            {
                Fault(key, item, rule);
                return fallback;
            }

            words.Add(word);
        }

        if (words.Count > 0)
            return words;

        Fault(key, value, rule);
        return fallback;
    }

    /// <summary>All keys were read: whatever else is there is a mistake.</summary>
    public void End()
    {
        if (element is not { } all)
            return;

        foreach (var property in all.EnumerateObject())
        {
            if (!_known.Contains(property.Name))
            {
                var where = path.Length == 0 ? "At the top" : $"Under {path}";
                faults.Add($"{PathOf(property.Name)} = {Shown(property.Name, property.Value)}: "
                    + $"there is no such setting. {where} there are {string.Join(", ", _known)}.");
            }
        }
    }

    /// <summary>A fault that was found elsewhere; the sentence names key, value and way out.</summary>
    public void Fault(string sentence) => faults.Add(sentence);

    JsonElement? Take(string key)
    {
        _known.Add(key);
        return element is { } all && all.TryGetProperty(key, out var value) ? value : null;
    }

    void Fault(string key, JsonElement value, string rule) =>
        faults.Add($"{PathOf(key)} = {Shown(key, value)}: it {rule}.");

    string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    static string Shown(string key, JsonElement value)
    {
        // The keys of services end up in nobody's terminal or log.
        if (key.EndsWith("key", StringComparison.OrdinalIgnoreCase)
            || key.EndsWith("password", StringComparison.OrdinalIgnoreCase))
            return "(not shown)";

        const int shownMax = 80;
        var text = value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= shownMax ? text : text[..shownMax] + "...";
    }
}
