using System.Globalization;
using System.Text.Json;

namespace NextUp.Server.Settings;

/// <summary>The readers, one for each type of value.</summary>
sealed partial class SettingsSection
{
    /// <summary>A whole number in a range.</summary>
    public int Int(string key, int fallback, int min, int max, string description) =>
        (int)Long(key, fallback, min, max, description);

    /// <summary>A whole number in a range.</summary>
    public long Long(string key, long fallback, long min, long max, string description) =>
        Read(key, fallback, Of(fallback), $"a whole number from {Of(min)} to {Of(max)}", description, Whole(min, max));

    /// <summary>A whole number in a range, or null for none.</summary>
    public int? IntOrNone(string key, int? fallback, int min, int max, string description) =>
        (int?)ReadOrNone<long>(
            key, fallback, fallback is { } number ? Of(number) : "none",
            $"a whole number from {Of(min)} to {Of(max)}", description, Whole(min, max));

    /// <summary>A number of bytes; the key says so by its end, Bytes or BytesMax.</summary>
    public long Bytes(string key, long fallback, long min, long max, string description) =>
        Read(key, fallback, Of(fallback), $"a number of bytes from {Of(min)} to {Of(max)}", description, Whole(min, max));

    /// <summary>A number in a range, or null for none.</summary>
    public double? NumberOrNone(string key, double? fallback, double min, double max, string description) =>
        ReadOrNone(
            key, fallback, fallback is { } number ? Of(number) : "none", $"a number from {Of(min)} to {Of(max)}",
            description, Number(min, max));

    /// <summary>A number in a range.</summary>
    public double Number(string key, double fallback, double min, double max, string description) =>
        Read(key, fallback, Of(fallback), $"a number from {Of(min)} to {Of(max)}", description, Number(min, max));

    public bool Bool(string key, bool fallback, string description) =>
        Read(key, fallback, fallback ? "true" : "false", "true or false", description,
            node => (node.Value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                node.Value.ValueKind == JsonValueKind.True));

    /// <summary>True or false, or null for none.</summary>
    public bool? BoolOrNone(string key, string description) =>
        ReadOrNone(key, null, "none", "true or false", description,
            node => (node.Value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                node.Value.ValueKind == JsonValueKind.True));

    /// <summary>A text of 1 to <paramref name="lengthMax"/> characters.</summary>
    public string Text(string key, string fallback, int lengthMax, string description) =>
        Read(key, fallback, Quoted(fallback), Letters(lengthMax), description,
            node => TextOf(node, lengthMax) is { } text ? (true, text) : (false, fallback));

    /// <summary>A text of 1 to <paramref name="lengthMax"/> characters, or null for none.</summary>
    public string? TextOrNone(string key, int lengthMax, string description) =>
        Read<string?>(key, null, "none", $"{Letters(lengthMax)}, or none", description,
            node => IsNone(node) ? (true, null) : (TextOf(node, lengthMax) is not null, TextOf(node, lengthMax)));

    /// <summary>
    /// The path of a file that is read now, or null for none; a relative one is in the working folder. Where the file's
    /// content differs from before, the setting does.
    /// </summary>
    /// <param name="read">Answers what is in the file, a mark of its content, and its faults, a sentence each.</param>
    public T File<T>(
        string key, T fallback, Func<string, (T Value, int Mark, IReadOnlyList<string> Faults)> read, string description)
    {
        var content = (Value: fallback, Mark: 0, Faults: (IReadOnlyList<string>)[]);
        Read<string?>(key, null, "none", "the path of a file, or none", description, node =>
        {
            if (IsNone(node))
                return (true, null);
            if (TextOf(node, PathLengthMax) is not { } path)
                return (false, null);
            content = read(path);
            return (true, path);
        }, mark: () => content.Mark);
        foreach (var fault in content.Faults)
            Fault(key, fault);
        return content.Value;
    }

    /// <summary>A text that is shown to nobody, or null for none.</summary>
    public string? Secret(string key, int lengthMax, string description)
    {
        _secrets.Add(key);
        return TextOrNone(key, lengthMax, description);
    }

    /// <summary>A duration with its unit, such as "90s".</summary>
    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan min, TimeSpan max, string description) =>
        Read(key, fallback, Quoted(DurationText.Of(fallback)), Spans(min, max), description, Span(min, max),
            node => WrongSpan(node, min, max));

    /// <summary>A duration with its unit, or null for none.</summary>
    public TimeSpan? DurationOrNone(string key, TimeSpan? fallback, TimeSpan min, TimeSpan max, string description) =>
        ReadOrNone(
            key, fallback, fallback is { } span ? Quoted(DurationText.Of(span)) : "none", Spans(min, max), description,
            Span(min, max), node => WrongSpan(node, min, max));

    /// <summary>One word of those that the type has, written-like-this.</summary>
    public T Choice<T>(string key, T fallback, string description)
        where T : struct, Enum =>
        Read(
            key, fallback, Quoted(Word(fallback, JsonNamingPolicy.KebabCaseLower)), Words<T>(JsonNamingPolicy.KebabCaseLower),
            description, OneOf<T>(JsonNamingPolicy.KebabCaseLower));

    /// <summary>One word of those that the type has, or null for none.</summary>
    /// <param name="spelling">How the words are written.</param>
    public T? ChoiceOrNone<T>(string key, JsonNamingPolicy spelling, string description)
        where T : struct, Enum =>
        ReadOrNone(key, null, "none", Words<T>(spelling), description, OneOf<T>(spelling));

    /// <summary>An absolute http or https address, or null for none.</summary>
    public Uri? AddressOrNone(string key, string description) =>
        Read<Uri?>(
            key, null, "none", "an address that begins with http:// or https://, or none", description,
            node => IsNone(node) ? (true, null) : AddressOf(node) is { } address ? (true, address) : (false, null));

    /// <summary>
    /// A list of different words out of <paramref name="allowed"/>, in the order written; typed, with commas between them.
    /// </summary>
    public IReadOnlyList<string> Words(
        string key, IReadOnlyList<string> fallback, IReadOnlyList<string> allowed, string description) =>
        Read(
            key, fallback, $"[{string.Join(", ", fallback.Select(Quoted))}]",
            $"a list of one or more of {string.Join(", ", allowed)}, each at most once", description,
            node => ListOf(node) is { Count: > 0 } words && words.All(allowed.Contains)
                && words.Distinct(StringComparer.Ordinal).Count() == words.Count ? (true, words) : (false, fallback));

    /// <summary>
    /// A list of at most <paramref name="countMax"/> different texts; typed, with commas between them.
    /// </summary>
    public IReadOnlyList<string> Texts(
        string key, IReadOnlyList<string> fallback, int countMax, int lengthMax, string description) =>
        Read(
            key, fallback, $"[{string.Join(", ", fallback.Select(Quoted))}]",
            $"a list of at most {Of(countMax)} different texts of 1 to {Of(lengthMax)} characters", description,
            node => ListOf(node) is { } texts && texts.Count <= countMax
                && texts.All(text => text.Length > 0 && text.Length <= lengthMax)
                && texts.Distinct(StringComparer.Ordinal).Count() == texts.Count ? (true, texts) : (false, fallback));

    static Func<SettingsNode, (bool Fits, long Value)> Whole(long min, long max) =>
        node => node.Value.ValueKind == JsonValueKind.Number && node.Value.TryGetInt64(out var number) && number >= min
            && number <= max ? (true, number) : (false, 0);

    static Func<SettingsNode, (bool Fits, double Value)> Number(double min, double max) =>
        node => node.Value.ValueKind == JsonValueKind.Number && node.Value.TryGetDouble(out var number) && number >= min
            && number <= max ? (true, number) : (false, 0);

    static Func<SettingsNode, (bool Fits, TimeSpan Value)> Span(TimeSpan min, TimeSpan max) =>
        node => node.Value.ValueKind == JsonValueKind.String && DurationText.Parse(node.Value.GetString()!) is { } span
            && span >= min && span <= max ? (true, span) : (false, TimeSpan.Zero);

    static string Spans(TimeSpan min, TimeSpan max) =>
        $"a duration from {Quoted(DurationText.Of(min))} to {Quoted(DurationText.Of(max))}";

    static string WrongSpan(SettingsNode node, TimeSpan min, TimeSpan max)
    {
        var rule = $"it must be {Spans(min, max)}";
        if (node.Value.ValueKind == JsonValueKind.Number)
        {
            var number = node.Value.GetRawText();
            return $"{rule}. Say the unit, for example \"{number}s\" for seconds or \"{number}m\" for minutes.";
        }

        var isDuration = node.Value.ValueKind == JsonValueKind.String && DurationText.Parse(node.Value.GetString()!) is not null;
        return isDuration ? $"{rule}." : $"{rule}: a whole number and its unit, {DurationText.Units}.";
    }

    static Uri? AddressOf(SettingsNode node) =>
        Uri.TryCreate(TextOf(node, int.MaxValue), UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) ? address : null;

    static string Letters(int lengthMax) => $"a text of 1 to {Of(lengthMax)} characters";

    static string? TextOf(SettingsNode node, int lengthMax)
    {
        // What was typed is a text also where it looks like a number.
        var text = node.Value.ValueKind == JsonValueKind.String ? node.Value.GetString() : node.Text;
        return text is { Length: > 0 } && text.Length <= lengthMax ? text : null;
    }

    static IReadOnlyList<string>? ListOf(SettingsNode node)
    {
        if (node.Value.ValueKind != JsonValueKind.Array)
            return node.Text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        var texts = new List<string>();
        foreach (var item in node.Value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String)
                return null;
            texts.Add(item.GetString()!);
        }

        return texts;
    }

    static Func<SettingsNode, (bool Fits, T Value)> OneOf<T>(JsonNamingPolicy spelling)
        where T : struct, Enum => node =>
        {
            foreach (var choice in Enum.GetValues<T>())
            {
                if (node.Value.ValueKind == JsonValueKind.String && node.Value.ValueEquals(Word(choice, spelling)))
                    return (true, choice);
            }

            return (false, default);
        };

    static string Words<T>(JsonNamingPolicy spelling)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().Select(choice => Word(choice, spelling)).ToList();
        return words.Count == 1 ? Quoted(words[0]) : $"one of {string.Join(", ", words)}";
    }

    static string Word<T>(T choice, JsonNamingPolicy spelling)
        where T : struct, Enum => spelling.ConvertName(choice.ToString());

    static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    static string Of(double number) => number.ToString(CultureInfo.InvariantCulture);

    static string Quoted(string text) => JsonSerializer.Serialize(text, SettingsJson.Default.String);
}
