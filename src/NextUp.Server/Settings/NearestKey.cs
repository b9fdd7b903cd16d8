namespace NextUp.Server.Settings;

/// <summary>Which of the known keys somebody meant who wrote one that is none.</summary>
static class NearestKey
{
    /// <summary>Keys longer than this are compared by their beginning only.</summary>
    const int LengthMax = 64;

    /// <summary>Null where none is near.</summary>
    public static string? Of(string written, IEnumerable<string> known)
    {
        var plain = Plain(written);
        string? nearest = null;
        var best = Math.Max(2, plain.Length / 4) + 1;
        foreach (var key in known)
        {
            var distance = Distance(plain, Plain(key));
            if (distance < best)
                (nearest, best) = (key, distance);
        }

        return nearest;
    }

    /// <summary>Neither case nor joints matter, and a unit at the end is what other programs have there.</summary>
    static string Plain(string key)
    {
        var letters = string.Concat(key.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        foreach (var unit in (string[])["milliseconds", "seconds", "minutes", "hours", "days"])
        {
            if (letters.Length > unit.Length && letters.EndsWith(unit, StringComparison.Ordinal))
                letters = letters[..^unit.Length];
        }

        return letters.Length <= LengthMax ? letters : letters[..LengthMax];
    }

    /// <summary>Levenshtein's distance, where two letters that changed places count once.</summary>
    static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var swap = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(swap, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
