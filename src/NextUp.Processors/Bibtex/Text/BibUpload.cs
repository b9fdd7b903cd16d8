using NextUp.Actors.Jobs;

namespace NextUp.Processors.Bibtex.Text;

/// <summary>
/// Decides whether a file is worth a place in the line. Refused is only what can never succeed: what is no text, has no
/// entry that can be read, or is over a limit. All else (damage, doubled keys, a guessed encoding) is accepted and
/// reported.
/// </summary>
public static class BibUpload
{
    /// <summary>The default of the largest file, in bytes.</summary>
    public const int BytesMax = 10 * 1024 * 1024;

    /// <summary>The default of the most entries.</summary>
    public const int EntriesMax = 5_000;

    /// <summary>Control characters in a hundred, above which a file is no text.</summary>
    const int ControlPercentMax = 5;

    static readonly (byte[] Start, string Name)[] Signatures =
    [
        ("%PDF-"u8.ToArray(), "a PDF"),
        ("PK\u0003\u0004"u8.ToArray(), "a ZIP archive (or an Office document)"),
        ([0x1F, 0x8B], "a gzip archive"),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a PNG image"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image"),
        ("GIF8"u8.ToArray(), "a GIF image"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Office document"),
        ([0x7F, (byte)'E', (byte)'L', (byte)'F'], "a program"),
        ("SQLite format 3"u8.ToArray(), "an SQLite database"),
        ("7z\u00BC"u8.ToArray(), "a 7-Zip archive"),
        ("Rar!"u8.ToArray(), "a RAR archive"),
    ];

    /// <summary>Looks at a whole file; <see cref="UploadVerdict.Fit.Units"/> are its entries.</summary>
    public static UploadVerdict Check(
        string fileName, ReadOnlyMemory<byte> content, int bytesMax = BytesMax, int entriesMax = EntriesMax)
    {
        if (content.Length > bytesMax)
            return Unfit($"\"{fileName}\" has {content.Length:N0} bytes; the limit is {bytesMax:N0}. Split it.");
        if (content.IsEmpty) return Unfit($"\"{fileName}\" is empty. Choose the .bib file that has your entries.");
        foreach (var (start, name) in Signatures)
            if (content.Span.StartsWith(start))
                return Unfit(
                    $"\"{fileName}\" is {name}, not BibTeX. Export your library as a .bib file and send that.");

        var source = BibText.Decode(content);
        if (source.Text.AsSpan().Trim("\0 \t\r\n\f").IsEmpty)
            return Unfit($"\"{fileName}\" has nothing but blanks. Choose the .bib file that has your entries.");
        if (IsBinary(source.Text))
            return Unfit(
                $"\"{fileName}\" is a binary file, not BibTeX text. Export your library as a .bib file and send that.");
        var file = BibFile.Parse(source);
        if (file.Entries.Count == 0) return Unfit(WithoutEntries(fileName, source.Text));
        if (file.Entries.Count > entriesMax)
        {
            var count = file.Entries.Count;
            return Unfit($"\"{fileName}\" has {count:N0} entries; the limit is {entriesMax:N0}. Split it.");
        }

        if (file.Entries.All(e => e.Condition != BibEntryCondition.Sound))
        {
            var first = file.Problems.FirstOrDefault(p => p.Line > 0);
            return Unfit($"None of the entries of \"{fileName}\" can be read. Line {first?.Line ?? 1}: " +
                         $"{first?.Message} Check the braces there.");
        }

        return new UploadVerdict.Fit(file.Entries.Count);
    }

    static UploadVerdict.Unfit Unfit(string reason) => new(reason);

    static bool IsBinary(string text)
    {
        var controls = 0;
        foreach (var c in text)
            if (c < ' ' && !(c is '\t' or '\n' or '\r' or '\f' or '\v' or '\u001A')) controls++;
        return controls * 100L > (long)text.Length * ControlPercentMax;
    }

    static string WithoutEntries(string fileName, string text)
    {
        var start = text.AsSpan().TrimStart("\0 \t\r\n\f");
        if (start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            return $"\"{fileName}\" is an HTML page, perhaps of a site that asks to sign in, not BibTeX. " +
                   "Download the BibTeX itself again.";
        if (start.StartsWith("TY  -", StringComparison.Ordinal))
            return $"\"{fileName}\" is in the RIS format, not BibTeX. Export it again and choose BibTeX.";
        return $"\"{fileName}\" has no BibTeX entry, such as @article{{key, title = {{...}}}}. " +
               "Choose the .bib file that has your entries.";
    }
}
