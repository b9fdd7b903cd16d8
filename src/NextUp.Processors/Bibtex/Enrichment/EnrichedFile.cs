using System.Text;
using NextUp.Actors.Jobs;
using NextUp.Processors.Bibtex.Text;

namespace NextUp.Processors.Bibtex.Enrichment;

/// <summary>Makes the files of a finished job from what was found of each entry.</summary>
static class EnrichedFile
{
    /// <summary>The name of a file that says nothing else about itself.</summary>
    const string NamelessStem = "references";

    /// <summary>The longest stem of a result's name, in chars.</summary>
    const int StemLengthMax = 120;

    /// <summary>The original with what was found spliced in.</summary>
    /// <exception cref="InvalidOperationException">
    /// What was written does not read again as what was meant: a fault of this program. Nothing is handed out then.
    /// </exception>
    public static byte[] Write(BibFile file, IReadOnlyList<EntryFinding> findings)
    {
        var revision = new BibRevision(file);
        foreach (var finding in findings)
        {
            var entry = file.Entries[finding.Entry];
            foreach (var field in finding.Fields)
            {
                if (field.Before is null) revision.Add(entry, field.Field, field.Value);
                else revision.Replace(entry, field.Field, field.Value);
            }
        }

        var bytes = revision.Write().Bytes;
        Verify(file, findings, BibFile.Parse(bytes));
        return bytes;
    }

    /// <summary>The result's name for an upload's name, which is for display and may be anything.</summary>
    public static string NameFor(string fileName)
    {
        var name = fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..];
        var stem = name.EndsWith(".bib", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
        var clean = new StringBuilder();
        foreach (var rune in stem.EnumerateRunes())
            if (!Rune.IsControl(rune)
                && rune.Value is not ('"' or '\'' or '<' or '>' or '|' or ':' or '*' or '?' or 0xFFFD)
                && clean.Length + rune.Utf16SequenceLength <= StemLengthMax)
                clean.Append(rune);
        var usable = clean.ToString().Trim(' ', '.');
        return $"{(usable.Length > 0 ? usable : NamelessStem)}-enriched.bib";
    }

    public static ResultFile[] Files(string fileName, byte[] bib, byte[] report, byte[] difference)
    {
        var name = NameFor(fileName);
        var stem = name[..^"-enriched.bib".Length];
        return
        [
            new(FileRole.Result, name, "application/x-bibtex") { Content = bib },
            new(FileRole.Report, $"{stem}-report.json", "application/json") { Content = report },
            new(FileRole.Diff, $"{stem}-diff.json", "application/json") { Content = difference },
        ];
    }

    static void Verify(BibFile file, IReadOnlyList<EntryFinding> findings, BibFile written)
    {
        if (written.Entries.Count != file.Entries.Count)
            throw new InvalidOperationException(
                $"The enriched file reads as {written.Entries.Count} entries, not {file.Entries.Count}.");
        foreach (var finding in findings)
            foreach (var field in finding.Fields)
                if (written.Entries[finding.Entry].Text(field.Field) is null)
                    throw new InvalidOperationException(
                        $"The field {field.Field} of entry {finding.Entry} cannot be read in the enriched file.");
    }
}
