namespace NextUp.Processors.Bibtex.Text;

/// <summary>
/// What entries have from others: by <c>crossref</c> (a chapter from its book) and <c>xdata</c> (fields kept in one
/// place). It decides what an entry lacks; nothing is ever written for it.
/// </summary>
public sealed class BibInheritance
{
    /// <summary>How many entries a field may be handed through.</summary>
    public const int DepthMax = 8;

    /// <summary>
    /// Entries that are asked for one field; lists of xdata that name each other could otherwise ask without end.
    /// </summary>
    public const int AskedMax = 64;

    /// <summary>
    /// What a child never takes over from its crossref parent, because it says what the parent is, not the child.
    /// </summary>
    static readonly HashSet<string> OwnOnly = new(StringComparer.OrdinalIgnoreCase)
    {
        "doi", "url", "abstract", "pages", "eprint", "archiveprefix", "eprinttype", "pmid", "citation_count",
        "doi_source",
        "title", "subtitle", "shorttitle", "author", "crossref", "xref", "xdata", "keywords",
        "journal_2yr_mean_citedness", "journal_impact_factor", "journal_impact_factor_source",
    };

    static readonly Dictionary<string, string[]> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["journal"] = ["journal", "journaltitle"],
        ["year"] = ["year", "date"],
        ["number"] = ["number", "issue"],
        ["archiveprefix"] = ["archiveprefix", "eprinttype"],
        ["abstract"] = ["abstract", "abstractnote"],
    };

    readonly Dictionary<string, BibEntry> byKey = new(StringComparer.OrdinalIgnoreCase);

    public BibInheritance(BibFile file)
    {
        foreach (var entry in file.Entries)
            if (entry.Key.Length > 0) byKey.TryAdd(entry.Key, entry);
    }

    /// <summary>
    /// The field as plain text, from the entry or from those it refers to, under any of the names that BibTeX and
    /// biblatex have for it; null where nobody says it.
    /// </summary>
    public string? Text(BibEntry entry, string name)
    {
        var asked = 0;
        return Text(entry, name, DepthMax, ref asked);
    }

    string? Text(BibEntry entry, string name, int depth, ref int asked)
    {
        if (++asked > AskedMax) return null;
        foreach (var alias in Aliases.GetValueOrDefault(name) ?? [name])
            if (entry.Text(alias) is { } own) return own;
        if (depth == 0) return null;
        if (entry.Value("xdata") is { } shared)
            foreach (var key in shared.Split(',', StringSplitOptions.TrimEntries))
                if (Other(key, entry) is { } holder && Text(holder, name, depth - 1, ref asked) is { } text)
                    return text;
        if (entry.Value("crossref")?.Trim() is not { } parentKey || Other(parentKey, entry) is not { } parent)
            return null;
        if (name.Equals("booktitle", StringComparison.OrdinalIgnoreCase))
            return parent.Text("booktitle") ?? Text(parent, "title", depth - 1, ref asked);
        return OwnOnly.Contains(name) ? null : Text(parent, name, depth - 1, ref asked);
    }

    BibEntry? Other(string key, BibEntry than) => byKey.TryGetValue(key, out var other) && other != than ? other : null;
}
