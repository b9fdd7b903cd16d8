namespace NextUp.Processors.Tables.Reading;

/// <summary>Finds the separator that cuts most rows of a sample into the same number of values, more than one.</summary>
static class SeparatorSniff
{
    /// <summary>Rows that are looked at with each candidate.</summary>
    const int RowsMax = 200;

    /// <summary>In the order in which they are preferred where nothing else decides.</summary>
    static readonly char[] Candidates = [',', ';', '\t', '|', '^', '~', ':'];

    /// <summary>The separator, and whether the first line names it (<c>sep=;</c>) and is no row.</summary>
    public static (char Separator, bool IsNamed) Of(string sample)
    {
        if (Named(sample) is { } named)
            return (named, true);

        var best = (Separator: ',', Score: 0.0);
        foreach (var candidate in Candidates)
        {
            var score = Score(sample, candidate);
            if (score > best.Score + 1e-9)
                best = (candidate, score);
        }

        return (best.Separator, false);
    }

    /// <summary>How a separator is called in a sentence.</summary>
    public static string NameOf(char separator) => separator switch
    {
        '\t' => "tab",
        ',' => "comma",
        ';' => "semicolon",
        ' ' => "space",
        _ => $"\"{separator}\"",
    };

    /// <summary>What a program writes on a line of its own in front of the header.</summary>
    public static char? Named(string sample)
    {
        var end = sample.AsSpan().IndexOfAny('\r', '\n');
        var line = end < 0 ? sample : sample[..end];
        return line.Length == 5 && line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) ? line[4] : null;
    }

    static double Score(string sample, char candidate)
    {
        var widths = new Dictionary<int, int>();
        var rows = 0;
        using var reader = new CsvReader(new StringReader(sample), candidate);
        try
        {
            while (rows < RowsMax && reader.Read())
            {
                if (reader.Cells is [{ IsBlank: true }])
                    continue;
                rows++;
                var width = reader.Cells.Count;
                widths[width] = widths.GetValueOrDefault(width) + 1;
                if (reader.Fault is not null)
                    widths[1] = widths.GetValueOrDefault(1) + 1;
            }
        }
        catch (UnreadableTableException)
        {
            // The sample may end inside a quoted value; what was read until then counts.
        }

        var usual = widths.Where(one => one.Key > 1).OrderByDescending(one => one.Value * (1 + Math.Log2(one.Key))).FirstOrDefault();
        return rows == 0 || usual.Value == 0 ? 0 : (double)usual.Value / rows * (1 + (Math.Log2(usual.Key) / 8));
    }
}
