namespace NextUp.Processors.Bibtex.Matching;

/// <summary>Levenshtein's distance: how many letters have to be put in, taken out or replaced.</summary>
static class EditDistance
{
    /// <summary>1 minus distance over the longer length; 0 as soon as the lengths alone rule out
    /// <paramref name="least"/>.</summary>
    public static double Similarity(string one, string other, double least)
    {
        var longer = Math.Max(one.Length, other.Length);
        if (longer == 0)
            return 1;
        if (Math.Min(one.Length, other.Length) < least * longer)
            return 0;
        return 1 - (double)Between(one, other) / longer;
    }

    public static int Between(string one, string other)
    {
        var row = new int[other.Length + 1];
        for (var j = 0; j < row.Length; j++)
            row[j] = j;

        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[other.Length];
    }
}
