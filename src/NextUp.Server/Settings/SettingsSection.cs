using System.Text.Json;

namespace NextUp.Server.Settings;

/// <summary>
/// Reads one object of the settings key by key. Each reader takes the key, its default, its range and what it is for;
/// validation and the reference page come of that one call. Faults are gathered, so that a person sees all of them at
/// once; a key that nobody reads is one. Durations are texts with their unit ("90s"), a key that ends in Bytes or
/// BytesMax is a number of bytes, and what may be absent takes null or "none".
/// </summary>
sealed partial class SettingsSection
{
    const int ShownMax = 80;
    const int PathLengthMax = 4_000;

    readonly SettingsReading _reading;
    readonly string _path;
    readonly string _pattern;
    readonly SettingsNode? _node;
    readonly Applies _applies;
    readonly HashSet<string> _known;
    readonly HashSet<string> _secrets;

    public SettingsSection(SettingsReading reading, string path, string pattern, SettingsNode? node, Applies applies)
    {
        (_reading, _path, _pattern, _node, _applies) = (reading, path, pattern, node, applies);
        (_known, _secrets) = (new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        reading.Add(this);
    }

    SettingsSection(SettingsSection same, Applies applies) =>
        (_reading, _path, _pattern, _node, _applies, _known, _secrets) =
        (same._reading, same._path, same._pattern, same._node, applies, same._known, same._secrets);

    /// <summary>This section, for those of its keys that take effect at another time than the rest.</summary>
    public SettingsSection Applying(Applies applies) => new(this, applies);

    /// <summary>An object below this one.</summary>
    /// <param name="about">A sentence for the reference page.</param>
    /// <param name="placeholder">Where several sections are alike, the word that stands for all their keys.</param>
    /// <param name="applies">When what is changed in here takes effect; null is as in this section.</param>
    public SettingsSection Section(
        string key, string? about = null, string? placeholder = null, Applies? applies = null)
    {
        var node = Take(key);
        if (node is { IsObject: false })
        {
            Fault(key, "it must be an object, {...}.");
            node = null;
        }

        var pattern = Join(_pattern, placeholder ?? key);
        if (about is not null)
            _reading.Describe(pattern, about);
        return new SettingsSection(_reading, PathOf(key), pattern, node, applies ?? _applies);
    }

    /// <summary>A list of objects that are read alike.</summary>
    /// <param name="countMax">The most of them.</param>
    public IReadOnlyList<T> Sections<T>(string key, int countMax, string about, Func<SettingsSection, T> read)
    {
        var node = _node?.Find(key);
        var pattern = Join(_pattern, key) + "[]";
        _reading.Describe(pattern, about);
        _reading.Describe(nothing => read(new SettingsSection(nothing, pattern, pattern, null, _applies)));
        var list = Read<JsonElement[]>(
            key, [], "[]", $"a list of at most {countMax} objects, [{{...}}]", about,
            given => given.Value.ValueKind == JsonValueKind.Array && given.Value.GetArrayLength() <= countMax
                && given.Value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
                    ? (true, [.. given.Value.EnumerateArray()]) : (false, []),
            value: given => $"{given.Value.GetArrayLength()} listed");

        var items = new List<T>();
        foreach (var item in list)
        {
            var path = $"{PathOf(key)}[{items.Count}]";
            items.Add(read(new(_reading, path, pattern, SettingsNode.OfJson(node!.Source, item), _applies)));
        }

        return items;
    }

    public bool Has(string key) => _node?.Find(key) is not null;

    /// <summary>A key that must not be left out. Its value is read by the reader that follows.</summary>
    public void Require(string key)
    {
        if (!Has(key))
            _reading.Add(new SettingFault(PathOf(key), null, _node?.Source, "it is needed here; add it."));
    }

    /// <summary>A fault of a key's value that its reader cannot know.</summary>
    /// <param name="sentence">What is wrong and the way out, for example "it must be before to; swap them."</param>
    public void Fault(string key, string sentence)
    {
        var node = _node?.Find(key);
        _reading.Add(new SettingFault(PathOf(key), node is null ? null : Shown(key, node), node?.Source, sentence));
    }

    /// <summary>A fault that was found elsewhere; the sentence names key, value and way out.</summary>
    public void Fault(string sentence) => _reading.Add(new SettingFault("", null, null, sentence));

    /// <summary>Reports the keys that no reader asked for, with what may have been meant.</summary>
    public void FindUnknown(IReadOnlyList<SettingEntry> all)
    {
        foreach (var (key, node) in _node?.Members ?? new Dictionary<string, SettingsNode>())
        {
            if (_known.Contains(key))
                continue;

            var meant = NearestKey.Of(key, _known) is { } near ? PathOf(near)
                : all.FirstOrDefault(entry => entry.Key.EndsWith("." + key, StringComparison.OrdinalIgnoreCase))?.Key;
            var where = _path.Length == 0 ? "At the top" : $"Under {_path}";
            var wayOut = meant is null ? $"{where} there are {string.Join(", ", _known)}." : $"Did you mean {meant}?";
            _reading.Add(new SettingFault(
                PathOf(key), Shown(key, node), node.Source,
                $"there is no such setting. {wayOut}"));
        }
    }

    SettingsNode? Take(string key)
    {
        _known.Add(key);
        return _node?.Find(key);
    }

    /// <summary>Reads a key with a rule, and notes for the reference and for <c>config show</c> what it is.</summary>
    /// <param name="shown">The default, as one would write it.</param>
    /// <param name="parse">Answers whether the value fits, and the value.</param>
    /// <param name="wrong">What is said of a value that does not fit.</param>
    /// <param name="value">How a value that fits is shown.</param>
    /// <param name="mark">What else than the value makes it another one.</param>
    T Read<T>(
        string key, T fallback, string shown, string allowed, string description,
        Func<SettingsNode, (bool Fits, T Value)> parse, Func<SettingsNode, string>? wrong = null,
        Func<SettingsNode, string>? value = null, Func<int>? mark = null)
    {
        var node = Take(key);
        var (fits, read) = node is null ? (false, fallback) : parse(node);
        if (node is not null && !fits)
            Fault(key, wrong?.Invoke(node) ?? $"it must be {allowed}.");
        _reading.Add(new SettingEntry(
            PathOf(key), Join(_pattern, key), shown, allowed, description, _applies,
            node is null || !fits ? shown : value?.Invoke(node) ?? Shown(key, node), fits ? node!.Source : null)
        {
            Mark = HashCode.Combine(
                string.GetHashCode(node is null || !fits ? shown : node.Value.GetRawText(), StringComparison.Ordinal),
                mark?.Invoke()),
        });
        return fits ? read : fallback;
    }

    /// <summary>As <see cref="Read{T}"/>, where null and "none" mean that there is none.</summary>
    T? ReadOrNone<T>(
        string key, T? fallback, string shown, string allowed, string description,
        Func<SettingsNode, (bool Fits, T Value)> parse, Func<SettingsNode, string>? wrong = null)
        where T : struct =>
        Read(key, fallback, shown, $"{allowed}, or none", description, node =>
        {
            if (IsNone(node))
                return (true, (T?)null);
            var (fits, value) = parse(node);
            return (fits, value);
        }, wrong);

    static bool IsNone(SettingsNode node) => node.Value.ValueKind == JsonValueKind.Null
        || (node.Value.ValueKind == JsonValueKind.String && node.Value.ValueEquals("none"u8));

    string PathOf(string key) => Join(_path, key);

    static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    string Shown(string key, SettingsNode node)
    {
        // Keys and passwords end up in nobody's terminal or log, also those that stand under a wrong name.
        if (_secrets.Contains(key) || LooksSecret(key))
            return "(not shown)";

        var text = node.IsObject && node.Members.Count > 0 ? "{...}" : node.Value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= ShownMax ? text : text[..ShownMax] + "...";
    }

    static bool LooksSecret(string key) =>
        Array.Exists((string[])["key", "password", "secret", "token"],
            word => key.EndsWith(word, StringComparison.OrdinalIgnoreCase));
}
