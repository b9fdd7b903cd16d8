using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NextUp.UnitTests.Tidy.Deploy;

/// <summary>
/// Reads the YAML that <c>deploy/</c> is written in: blocks, flows on one line, quoted and folded texts, anchors, merges,
/// several documents. What it does not know it refuses, with the line.
/// </summary>
sealed partial class YamlReader
{
    readonly string _name;
    readonly string[] _lines;
    readonly Dictionary<string, JsonNode?> _anchors = [];
    int _at;

    YamlReader(string name, string text) => (_name, _lines) = (name, text.Split('\n'));

    /// <exception cref="FormatException">With the file's name and the line.</exception>
    public static IReadOnlyList<JsonNode?> Read(string name, string text)
    {
        var reader = new YamlReader(name, text);
        var documents = new List<JsonNode?>();
        while (reader.Peek() is not null)
        {
            if (IsNext(reader._lines[reader._at]))
                reader._at++;
            documents.Add(reader.Block(0));
            if (reader.Peek() is { } left && !IsNext(left))
                throw reader.Fault("does not belong to what stands before it");
        }

        return documents;
    }

    FormatException Fault(string what) => new($"{_name}, line {_at + 1}: '{_lines[Math.Min(_at, _lines.Length - 1)]}' {what}.");

    /// <summary>The next line that says something.</summary>
    string? Peek()
    {
        for (; _at < _lines.Length; _at++)
        {
            var line = _lines[_at].TrimEnd();
            if (line.Contains('\t', StringComparison.Ordinal))
                throw Fault("has a tab");
            if (line.TrimStart() is { Length: > 0 } said && said[0] != '#')
                return line;
        }

        return null;
    }

    static int IndentOf(string line) => line.Length - line.TrimStart().Length;

    /// <summary>What stands indented by at least so much.</summary>
    JsonNode? Block(int indentMin)
    {
        if (Peek() is not { } line || IndentOf(line) < indentMin || IsNext(line))
            return null;
        var indent = IndentOf(line);
        return IsItem(line) ? Sequence(indent) : Key().IsMatch(line) ? Mapping(indent) : throw Fault("is neither a key nor an item");
    }

    /// <summary>Another document begins.</summary>
    static bool IsNext(string line) => line.StartsWith("---", StringComparison.Ordinal);

    static bool IsItem(string line) => line.TrimStart() is var said && (said == "-" || said.StartsWith("- ", StringComparison.Ordinal));

    JsonArray Sequence(int indent)
    {
        var items = new JsonArray();
        while (Peek() is { } line && IndentOf(line) == indent && IsItem(line))
        {
            var rest = line.TrimStart()[1..].TrimStart();
            if (rest.Length > 0 && !Key().IsMatch(rest) && !IsItem(rest))
            {
                items.Add(Value(rest, indent));
                continue;
            }

            // What follows the dash is a block of its own, as if it stood alone on its line.
            if (rest.Length == 0)
                _at++;
            else
                _lines[_at] = new string(' ', line.Length - rest.Length) + rest;
            items.Add(Block(indent + 1));
        }

        return items;
    }

    JsonObject Mapping(int indent)
    {
        var (map, merged) = (new JsonObject(), new List<JsonObject>());
        while (Peek() is { } line && IndentOf(line) == indent && !IsItem(line) && !IsNext(line))
        {
            if (Key().Match(line) is not { Success: true } key)
                throw Fault("is no key");
            var name = key.Groups["key"].Value.Trim('"', '\'');
            if (map.ContainsKey(name))
                throw Fault("is there twice");
            var value = Value(key.Groups["rest"].Value.Trim(), indent);
            if (name == "<<")
                merged.Add(value as JsonObject ?? throw Fault("merges what is no mapping"));
            else
                map.Add(name, value);
        }

        merged.ForEach(from => Merge(map, from));
        return Peek() is { } next && IndentOf(next) > indent ? throw Fault("is indented too far") : map;
    }

    /// <summary>What a mapping has by itself counts more than what is merged into it.</summary>
    static void Merge(JsonObject map, JsonObject from)
    {
        foreach (var (name, value) in from)
            map.TryAdd(name, value?.DeepClone());
    }

    /// <param name="rest">What stands on the line behind the key or the dash.</param>
    JsonNode? Value(string rest, int indent)
    {
        if (Anchor().Match(rest) is { Success: true } anchor)
        {
            var value = Value(anchor.Groups["rest"].Value, indent);
            _anchors[anchor.Groups["name"].Value] = value?.DeepClone();
            return value;
        }

        _at++;
        if (rest.Length == 0 || rest[0] == '#')
            return Block(indent + 1);
        if (rest is "|" or "|-" or ">" or ">-")
            return Text(indent, isFolded: rest[0] == '>', keepsEnd: rest.Length == 1);
        _at--;
        var flow = new YamlFlow(rest, name => _anchors.TryGetValue(name, out var known)
            ? known?.DeepClone() : throw Fault($"names the anchor {name}, which is not there"));
        var read = flow.Read() ?? (flow.Problem is { } problem ? throw Fault(problem) : null);
        _at++;
        return read;
    }

    JsonValue Text(int indent, bool isFolded, bool keepsEnd)
    {
        var lines = new List<string>();
        int? within = null;
        for (; _at < _lines.Length; _at++)
        {
            var line = _lines[_at].TrimEnd();
            if (line.Length > 0 && IndentOf(line) <= indent)
                break;
            within ??= line.Length > 0 ? IndentOf(line) : null;
            lines.Add(line.Length == 0 ? "" : line[Math.Min(within ?? 0, IndentOf(line))..]);
        }

        var text = new StringBuilder().AppendJoin(isFolded ? ' ' : '\n', lines).ToString().TrimEnd();
        return JsonValue.Create(keepsEnd ? text + "\n" : text);
    }

    [GeneratedRegex("""^\s*(?<key>"[^"]*"|'[^']*'|<<|[A-Za-z_][^\s:#{}\[\],"']*):(?:\s+(?<rest>.*))?$""")]
    private static partial Regex Key();

    [GeneratedRegex(@"^&(?<name>\w+)\s*(?<rest>.*)$")]
    private static partial Regex Anchor();
}

/// <summary>What stands on one line: a scalar, or a flow of them in brackets.</summary>
sealed class YamlFlow(string text, Func<string, JsonNode?> anchored)
{
    int _at;

    public string? Problem { get; private set; }

    /// <summary>Null for a null, and where <see cref="Problem"/> says what is wrong.</summary>
    public JsonNode? Read()
    {
        try
        {
            var value = One(isInside: false);
            Skip();
            return _at == text.Length || text[_at] == '#' ? value : throw new FormatException("goes on behind its value");
        }
        catch (FormatException problem)
        {
            Problem = problem.Message;
            return null;
        }
    }

    void Skip()
    {
        while (_at < text.Length && text[_at] == ' ')
            _at++;
    }

    char Next => _at < text.Length ? text[_at] : throw new FormatException("ends before its value");

    JsonNode? One(bool isInside)
    {
        Skip();
        return Next switch
        {
            '{' => Map(),
            '[' => List(),
            '"' or '\'' => Quoted(Next),
            '*' => anchored(Plain(isInside)[1..]),
            '&' or '|' or '>' or '@' or '`' or '%' => throw new FormatException("begins with a sign that is not known here"),
            _ => Scalar(Plain(isInside)),
        };
    }

    JsonObject Map()
    {
        var map = new JsonObject();
        for (_at++, Skip(); Next != '}'; Skip())
        {
            var key = Next is '"' or '\'' ? Quoted(Next).GetValue<string>() : Plain(isInside: true);
            Skip();
            if (Next != ':')
                throw new FormatException($"lacks the colon behind {key}");
            _at++;
            Skip();
            if (!map.TryAdd(key, Next is ',' or '}' ? null : One(isInside: true)))
                throw new FormatException($"has {key} twice");
            Separate('}');
        }

        _at++;
        return map;
    }

    JsonArray List()
    {
        var list = new JsonArray();
        for (_at++, Skip(); Next != ']'; Skip())
        {
            list.Add(One(isInside: true));
            Separate(']');
        }

        _at++;
        return list;
    }

    void Separate(char end)
    {
        Skip();
        if (Next == ',')
            _at++;
        else if (Next != end)
            throw new FormatException($"lacks a comma or a {end}");
    }

    JsonValue Quoted(char quote)
    {
        var value = new StringBuilder();
        for (_at++; ; _at++)
        {
            if (Next == '\\' && quote == '"')
                _at++;
            else if (Next == quote && (quote == '"' || _at + 1 >= text.Length || text[_at + 1] != '\''))
                break;
            else if (Next == quote)
                _at++;
            value.Append(Next);
        }

        _at++;
        return JsonValue.Create(value.ToString());
    }

    /// <summary>Without quotes: up to a comment, and inside brackets to what has a meaning there.</summary>
    string Plain(bool isInside)
    {
        var from = _at;
        for (; _at < text.Length; _at++)
        {
            var isColon = text[_at] == ':' && (_at + 1 == text.Length || text[_at + 1] == ' ');
            if (isColon && !isInside)
                throw new FormatException("has a colon in a text without quotes");
            if (isColon || (isInside && text[_at] is ',' or '}' or ']') || (text[_at] == '#' && _at > 0 && text[_at - 1] == ' '))
                break;
        }

        return text[from.._at].TrimEnd();
    }

    static JsonValue? Scalar(string text) => text switch
    {
        "null" or "~" or "" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
