using System.Text.Json;

namespace NextUp.Server.Settings;

/// <summary>
/// One place in the settings as they were written: an object with members, or a value. Several sources are laid over
/// each other; every value knows the one that it came from.
/// </summary>
sealed class SettingsNode
{
    readonly Dictionary<string, SettingsNode> _members = new(StringComparer.Ordinal);

    SettingsNode(string source, JsonElement value, string? text, bool isObject) =>
        (Source, Value, Text, IsObject) = (source, value, text, isObject);

    /// <summary>Where the value stands: a file's name, a variable's or an option's.</summary>
    public string Source { get; private set; }

    /// <summary>The value; of an object, how it was written where it was written first.</summary>
    public JsonElement Value { get; private set; }

    /// <summary>The value as it was typed into a variable or an option; null where it comes from a file.</summary>
    public string? Text { get; private set; }

    public bool IsObject { get; private set; }

    public IReadOnlyDictionary<string, SettingsNode> Members => _members;

    public static SettingsNode OfJson(string source, JsonElement value)
    {
        var node = new SettingsNode(source, value.Clone(), null, value.ValueKind == JsonValueKind.Object);
        if (node.IsObject)
        {
            foreach (var member in node.Value.EnumerateObject())
                node._members.Add(member.Name, OfJson(source, member.Value));
        }

        return node;
    }

    /// <summary>A value that was typed: JSON where it is JSON, else a text.</summary>
    public static SettingsNode OfText(string source, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var node = OfJson(source, json.RootElement);
            node.Text = text;
            return node;
        }
        catch (JsonException)
        {
            return new SettingsNode(source, JsonSerializer.SerializeToElement(text, SettingsJson.Default.String), text, false);
        }
    }

    public static SettingsNode Empty(string source) => OfText(source, "{}");

    public SettingsNode? Find(string key) => _members.GetValueOrDefault(key);

    /// <summary>What stands at the path, or null.</summary>
    public SettingsNode? At(ReadOnlySpan<string> path)
    {
        var node = this;
        foreach (var key in path)
            node = node?.Find(key);
        return node;
    }

    /// <summary>Lays another over this one: objects are merged, values are replaced.</summary>
    public void Lay(SettingsNode over)
    {
        if (!IsObject || !over.IsObject)
        {
            (Source, Value, Text, IsObject) = (over.Source, over.Value, over.Text, over.IsObject);
            _members.Clear();
        }

        foreach (var (key, member) in over._members)
            Put(key, member);
    }

    /// <summary>Lays a value over what stands at the path, making the objects on the way.</summary>
    public void Lay(ReadOnlySpan<string> path, SettingsNode over)
    {
        for (var last = path.Length - 1; last >= 0; last--)
        {
            var holder = Empty(over.Source);
            holder._members.Add(path[last], over);
            over = holder;
        }

        Lay(over);
    }

    void Put(string key, SettingsNode member)
    {
        if (_members.TryGetValue(key, out var there))
            there.Lay(member);
        else
            _members.Add(key, member);
    }
}
