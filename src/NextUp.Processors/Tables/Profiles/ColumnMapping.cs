using System.Text;
using NextUp.Processors.Bibtex.Matching;
using NextUp.Processors.Tables.Reading;
using NextUp.Processors.Tables.Values;

namespace NextUp.Processors.Tables.Profiles;

/// <summary>Which column of a file goes to which of a profile, and why.</summary>
/// <param name="Index">The file's column, from 0.</param>
/// <param name="Why">name, alias, similar, said or remembered.</param>
/// <param name="Likeness">0 to 1.</param>
sealed record MappedColumn(int Index, string Header, ColumnRule Rule, string Why, double Likeness);

/// <summary>
/// Proposes a mapping: by name, by alias, and by likeness of the names, each weighed by how many of the column's values have
/// the type. Letters count without case, accents and marks. The best pairs are taken first; a column that is like none
/// stays out.
/// </summary>
static class ColumnMapping
{
    /// <summary>Names less alike than this are different names.</summary>
    const double LikenessMin = 0.75;

    const double OfAlias = 0.98;

    /// <summary>What is left of a likeness where no value has the type.</summary>
    const double WithoutType = 0.6;

    /// <summary>Columns past which names are only compared for being the same: the work grows with the square.</summary>
    const int SimilarColumnsMax = 500;

    /// <param name="sample">Some rows of the file.</param>
    public static IReadOnlyList<MappedColumn> Propose(
        IReadOnlyList<string> header, TableProfile profile, IReadOnlyList<Cell[]> sample)
    {
        var names = header.Select(Folded).ToList();
        var isSmall = header.Count <= SimilarColumnsMax && profile.Columns.Count <= SimilarColumnsMax;
        var pairs = new List<(int Column, int Rule, string Why, double Likeness)>();
        for (var rule = 0; rule < profile.Columns.Count; rule++)
        {
            var wanted = profile.Columns[rule];
            var name = Folded(wanted.Name);
            var aliases = wanted.Aliases.Select(Folded).ToHashSet(StringComparer.Ordinal);
            for (var column = 0; column < names.Count; column++)
            {
                var (why, likeness) = names[column] == name ? ("name", 1.0)
                    : aliases.Contains(names[column]) ? ("alias", OfAlias)
                    : isSmall ? ("similar", Likeness(names[column], aliases.Prepend(name))) : ("similar", 0);
                if (likeness < LikenessMin)
                    continue;
                if (why == "similar")
                    likeness *= WithoutType + ((1 - WithoutType) * ShareOfType(column, wanted, sample));
                if (likeness >= LikenessMin)
                    pairs.Add((column, rule, why, likeness));
            }
        }

        var (takenColumns, takenRules) = (new HashSet<int>(), new HashSet<int>());
        var mapped = new List<MappedColumn>();
        foreach (var pair in pairs.OrderByDescending(one => one.Likeness).ThenBy(one => one.Rule).ThenBy(one => one.Column))
        {
            if (takenColumns.Contains(pair.Column) || !takenRules.Add(pair.Rule))
                continue;
            takenColumns.Add(pair.Column);
            mapped.Add(new(pair.Column, header[pair.Column], profile.Columns[pair.Rule], pair.Why, Math.Round(pair.Likeness, 2)));
        }

        return [.. mapped.OrderBy(one => takenRules.Count == 0 ? 0 : IndexOf(profile, one.Rule))];
    }

    /// <summary>Letters and figures alone, without case and accents.</summary>
    public static string Folded(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var letter in name.Where(char.IsLetterOrDigit))
            LetterFolding.Append(folded, letter);
        return folded.Length > 0 ? folded.ToString() : name.Trim();
    }

    static int IndexOf(TableProfile profile, ColumnRule rule)
    {
        for (var i = 0; i < profile.Columns.Count; i++)
        {
            if (ReferenceEquals(profile.Columns[i], rule))
                return i;
        }

        return -1;
    }

    static double Likeness(string name, IEnumerable<string> wanted) =>
        wanted.Max(one => name.Length > 0 && one.Length > 0 ? EditDistance.Similarity(name, one, LikenessMin) : 0);

    static double ShareOfType(int column, ColumnRule rule, IReadOnlyList<Cell[]> sample)
    {
        var bare = new ColumnRule { Name = rule.Name, Type = rule.Type, Dates = rule.Dates, DecimalMark = rule.DecimalMark };
        var values = sample.Where(row => column < row.Length && !row[column].IsBlank).Select(row => row[column]).ToList();
        return values.Count == 0 ? 1
            : (double)values.Count(cell => ValueReader.Read(cell,
                bare) is ValueReading.Fit or ValueReading.Wrong { Code: RowErrorCodes.Ambiguous })
                / values.Count;
    }
}
