using System.Text.RegularExpressions;

namespace NextUp.UnitTests.Tidy;

/// <summary>The rules for code that no analyzer knows. Each answers one sentence for each place that breaks it.</summary>
static partial class CodeRules
{
    public const int FileLinesMax = 400;

    /// <summary>The aim is 120 (.editorconfig); what is past this is not read.</summary>
    public const int LineColumnsMax = 140;

    /// <summary>Words that say nothing wherever they stand in a name.</summary>
    static readonly HashSet<string> Empty =
        ["Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Impl"];

    /// <summary>Words that say nothing where a name ends with them: a DataFolder is one, some JobData is not.</summary>
    static readonly HashSet<string> EmptyLast = ["Service", "Services", "Base", "Common", "Data", "Info"];

    static readonly HashSet<string> FoldersByKind =
        ["Models", "Helpers", "Services", "Utils", "Utilities", "Common", "Shared", "Interfaces", "Constants", "Managers"];

    /// <summary>What the glossary of README.md calls otherwise.</summary>
    static readonly Dictionary<string, string> Synonyms = new()
    {
        ["Task"] = "job",
        ["Tasks"] = "jobs",
        ["Ticket"] = "job",
        ["Workitem"] = "job",
        ["WorkItem"] = "job",
        ["Abort"] = "cancel",
        ["Aborted"] = "cancelled",
    };

    public static IEnumerable<string> LongFile(SourceFile file)
    {
        var lines = file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1;
        if (lines > FileLinesMax)
            yield return $"{file.Path} has {lines} lines, more than {FileLinesMax}: it is more than one idea.";
    }

    public static IEnumerable<string> LongLines(SourceFile file) => file.Lines
        .Where(line => line.Text.Length > LineColumnsMax)
        .Select(line => $"{file.Path}({line.Number}) has {line.Text.Length} columns, more than {LineColumnsMax}.");

    public static IEnumerable<string> EmptyNames(SourceFile file)
    {
        foreach (var (name, declared, line) in Declared(file))
        {
            var words = WordsOf(name);
            if (words.FirstOrDefault(Empty.Contains) is { } word)
                yield return $"{file.Path}({line}) {name}: \"{word}\" says nothing. Name what it is.";
            else if (EmptyLast.Contains(words[^1]) && !IsHostedService().IsMatch(declared))
                yield return $"{file.Path}({line}) {name}: \"{words[^1]}\" says nothing at the end. Name what it is.";
        }

        var stem = file.Name[..file.Name.IndexOf('.')];
        if (WordsOf(stem) is [.., var last] parts && (parts.Exists(Empty.Contains) || EmptyLast.Contains(last)))
            yield return $"{file.Path}: the file's name says nothing. Name what is in it.";
    }

    public static IEnumerable<string> GlossarySynonyms(SourceFile file) =>
        from type in Declared(file)
        let words = WordsOf(type.Name)
        from word in words.Concat(words.Zip(words.Skip(1), (first, second) => first + second))
        where Synonyms.ContainsKey(word)
        select $"{file.Path}({type.Line}) {type.Name}: \"{word}\" is \"{Synonyms[word]}\" in the glossary.";

    public static IEnumerable<string> FolderByKind(string folder)
    {
        var name = folder[(folder.LastIndexOf('/') + 1)..];
        if (FoldersByKind.Contains(name))
            yield return $"{folder}: a folder is a noun of the domain, not \"{name}\".";
    }

    /// <summary>A catch of everything rethrows, hands the exception on, or says why it is taken.</summary>
    public static IEnumerable<string> SwallowedExceptions(SourceFile file)
    {
        foreach (Match caught in Catch().Matches(file.Text))
        {
            var isOfAll = caught.Groups["type"].Value is "" or "Exception" or "System.Exception";
            if (caught.Groups["filter"].Success)
                isOfAll = false;
            var block = BlockAt(file.Text, caught.Index + caught.Length - 1);
            var name = caught.Groups["name"].Value;
            var saysWhy = block.Contains("//", StringComparison.Ordinal);
            var handsOn = block.Contains("throw", StringComparison.Ordinal)
                || (name.Length > 0 && Regex.IsMatch(block, $@"\b{name}\b"));
            var isEmpty = block.Trim('{', '}', ' ', '\r', '\n').Length == 0;
            if (isEmpty || (isOfAll && !saysWhy && !handsOn))
                yield return $"{file.Path}({file.LineAt(caught.Index)}) swallows an exception without a word.";
        }
    }

    public static IEnumerable<string> Leftovers(SourceFile file) =>
        from line in file.Lines
        where Leftover().IsMatch(line.Text)
        select $"{file.Path}({line.Number}) leaves something to be done: do it, or open an issue.";

    /// <summary>In an actor what follows an await is a turn of its mailbox (src/README.md, "Turns").</summary>
    public static IEnumerable<string> LeavesTheTurn(SourceFile file) =>
        from line in file.Lines
        where file.Path.StartsWith("src/NextUp.Actors/", StringComparison.Ordinal)
            && line.Text.Contains(".ConfigureAwait(", StringComparison.Ordinal)
        select $"{file.Path}({line.Number}) goes on outside the actor's turns after an await.";

    /// <summary>A suppression stands beside its reason, on the line or right above it.</summary>
    public static IEnumerable<string> BareSuppressions(SourceFile file)
    {
        var before = "";
        foreach (var (number, text) in file.Lines)
        {
            if (Suppression().IsMatch(text) && !text.Contains("//", StringComparison.Ordinal)
                && !before.Contains("//", StringComparison.Ordinal) && !before.Contains("-->", StringComparison.Ordinal))
                yield return $"{file.Path}({number}) suppresses a rule without its reason.";
            before = text;
        }
    }

    static IEnumerable<(string Name, string Declaration, int Line)> Declared(SourceFile file) =>
        Declaration().Matches(file.Text).Select(match => (match.Groups["name"].Value, match.Value, file.LineAt(match.Index)));

    static List<string> WordsOf(string name) => [.. Word().Matches(name).Select(word => word.Value)];

    static string BlockAt(string text, int open)
    {
        var depth = 0;
        for (var at = open; at < text.Length; at++)
        {
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return text[open..(at + 1)];
        }

        return text[open..];
    }

    [GeneratedRegex(
        """^[ \t]*(?:\w+ )*(?:class|record|struct|interface|enum)(?: struct| class)? (?<name>[A-Z]\w*)[^\n{;]*""",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex("[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")]
    private static partial Regex Word();

    [GeneratedRegex(":.*(?:BackgroundService|IHostedService)")]
    private static partial Regex IsHostedService();

    [GeneratedRegex(
        """^[ \t]*catch\b(?:\s*\((?<type>[\w.]+)(?:\s+(?<name>\w+))?\))?(?<filter>\s*when\b[\s\S]*?)?"""
        + """(?:\s*\#pragma[^\n]*)?\s*\{(?=[ \t]*\r?\n|[ \t]*\}[ \t]*\r?$)""",
        RegexOptions.Multiline)]
    private static partial Regex Catch();

    [GeneratedRegex("""(?://|/\*|\*|--|<!--).*\b(?:TO""" + """DO|FIX""" + """ME|XX""" + """X|HA""" + """CK)\b""")]
    private static partial Regex Leftover();

    [GeneratedRegex("""^\s*(?:#pragma warning disable|\[(?:assembly: )?SuppressMessage|<NoWarn>|// eslint-disable)""")]
    private static partial Regex Suppression();
}
