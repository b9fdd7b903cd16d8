using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace NextUp.UnitTests.Bibtex.Matching;

/// <summary>
/// Reads the bodies out of recorded HTTP answers: the three ways in which YAML writes a text that occur there (quoted
/// singly, quoted doubly, packed as base64), nothing else of YAML.
/// </summary>
static class Cassette
{
    const string Key = "      string: ";

    public static IEnumerable<byte[]> Bodies(string path)
    {
        var text = File.ReadAllText(path);
        for (var at = 0; (at = text.IndexOf(Key, at, StringComparison.Ordinal)) >= 0;)
        {
            at += Key.Length;
            if (text[at..].StartsWith("!!binary |", StringComparison.Ordinal))
                yield return Unpacked(Block(text, text.IndexOf('\n', at) + 1));
            else if (text[at] == '\'')
                yield return Encoding.UTF8.GetBytes(SinglyQuoted(text, at + 1));
            else if (text[at] == '"')
                yield return Encoding.UTF8.GetBytes(DoublyQuoted(text, at + 1));
        }
    }

    static byte[] Unpacked(byte[] packed)
    {
        if (packed is not [0x1F, 0x8B, ..])
            return packed;
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    static byte[] Block(string text, int start)
    {
        var base64 = text[start..].Split('\n').TakeWhile(line => line.StartsWith("        ", StringComparison.Ordinal));
        return Convert.FromBase64String(string.Concat(base64.Select(line => line.Trim())));
    }

    static string SinglyQuoted(string text, int at)
    {
        var plain = new StringBuilder();
        while (true)
        {
            if (text[at] == '\'' && text[at + 1] != '\'')
                return plain.ToString();
            if (text[at] == '\n')
            {
                at = Fold(text, at, plain);
                continue;
            }

            plain.Append(text[at]);
            at += text[at] == '\'' ? 2 : 1;
        }
    }

    static string DoublyQuoted(string text, int at)
    {
        var plain = new StringBuilder();
        while (text[at] != '"')
        {
            if (text[at] == '\n')
                at = Fold(text, at, plain);
            else if (text[at] != '\\')
                plain.Append(text[at++]);
            else
                at = Escape(text, at + 1, plain);
        }

        return plain.ToString();
    }

    // One line break is a space, each further one a line break; the indentation does not count.
    static int Fold(string text, int at, StringBuilder plain)
    {
        var breaks = 0;
        while (text[at] is '\n' or ' ')
            breaks += text[at++] == '\n' ? 1 : 0;
        plain.Append(breaks == 1 ? " " : new string('\n', breaks - 1));
        return at;
    }

    static int Escape(string text, int at, StringBuilder plain)
    {
        var digits = text[at] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            var code = int.Parse(text.AsSpan(at + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            plain.Append(digits == 8 ? char.ConvertFromUtf32(code) : ((char)code).ToString());
            return at + 1 + digits;
        }

        if (text[at] == '\n')
        {
            while (text[at] is '\n' or ' ')
                at++;
            return at;
        }

        plain.Append(text[at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '_' => '\u00A0', var itself => itself });
        return at + 1;
    }
}
