using System.Text;
using NextUp.Processors.Tables.Reading;

namespace NextUp.UnitTests.Tables;

/// <summary>A file with known content: drawn values, separator, encoding, line ends and title lines.</summary>
sealed record RandomTable(byte[] Bytes, char Separator, IReadOnlyList<string> Header, IReadOnlyList<string[]> Rows)
{
    static readonly string[] Words =
        ["alpha", "Müller", "x y", "O'Brien", "Köln", "9 to 5", "a \"quoted\" word", "two\nlines", "semi;colon",
            "com,ma", "pi|pe", "tab\there", "", "no"];

    public static RandomTable Of(Random random)
    {
        var separator = ",;\t|"[random.Next(4)];
        var columns = random.Next(2, 8);
        var header = Enumerable.Range(0, columns).Select(i => $"{(char)('a' + i)} name").ToList();
        var rows = Enumerable.Range(0, random.Next(3, 40))
            .Select(_ => Enumerable.Range(0, columns).Select(_ => Words[random.Next(Words.Length)]).ToArray()).ToList();
        var end = new[] { "\n", "\r\n", "\r" }[random.Next(3)];
        var text = new StringBuilder();
        foreach (var row in rows.Prepend([.. header]))
            text.AppendJoin(separator, row.Select(value => Written(value, separator, random))).Append(end);
        if (random.Next(2) == 0)
            text.Length -= end.Length;
        var encoding = TextEncodings.Find(new[] { "utf-8", "windows-1252", "utf-16", "utf-16BE" }[random.Next(4)])!;
        var isMarked = encoding.WebName.StartsWith("utf-16", StringComparison.Ordinal) || random.Next(2) == 0;
        return new([.. isMarked ? encoding.GetPreamble() : [], .. encoding.GetBytes(text.ToString())], separator, header, rows);
    }

    static string Written(string value, char separator, Random random) =>
        value.Contains(separator, StringComparison.Ordinal) || value.AsSpan().IndexOfAny("\"\r\n") >= 0 || random.Next(6) == 0
            ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}

/// <summary>The real files beside the project, where there are any.</summary>
static class Corpora
{
    public static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var found = Path.Combine(folder.FullName, "..", "shared", "corpora", name);
            if (File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
                return Directory.Exists(found) ? Path.GetFullPath(found) : null;
        }

        return null;
    }
}
