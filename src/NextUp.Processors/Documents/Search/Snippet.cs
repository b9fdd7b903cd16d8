using NextUp.Processors.Documents.Words;

namespace NextUp.Processors.Documents.Search;

/// <summary>A part of a chunk's text around what was looked for.</summary>
/// <param name="Marks">Places of the query's words within the text; in order, not overlapping.</param>
public sealed record Snippet(string Text, IReadOnlyList<(int From, int To)> Marks)
{
    /// <summary>Characters shown, the marks of what is left out aside.</summary>
    public const int LengthMax = 280;

    const string LeftOut = "… ";

    /// <summary>
    /// The stretch with the most different words of the query, then with the most of them; the beginning where there are
    /// none. Cut at spaces where there are any.
    /// </summary>
    public static Snippet Of(string text, string query)
    {
        var places = PlacesOf(text, query);
        var (from, to) = Cut(text, BestStart(places));
        var (before, after) = (from > 0 ? LeftOut : "", to < text.Length ? " …" : "");
        var shown = text[from..to].ReplaceLineEndings(" ").Replace('\n', ' ');
        List<(int, int)> marks = [];
        var end = 0;
        foreach (var place in places.Where(place => place.From >= from && place.To <= to))
        {
            // Pairs of letters of a script without spaces overlap.
            if (marks.Count > 0 && place.From <= end)
                marks[^1] = (marks[^1].Item1, Math.Max(end, place.To) - from + before.Length);
            else
                marks.Add((place.From - from + before.Length, place.To - from + before.Length));
            end = Math.Max(end, place.To);
        }

        return new(before + shown + after, marks);
    }

    readonly record struct Place(int From, int To, string Term);

    static List<Place> PlacesOf(string text, string query)
    {
        HashSet<string> wanted = [];
        var asked = new TermReader(query);
        while (asked.Next())
            wanted.Add(asked.Term.ToString());
        List<Place> places = [];
        if (wanted.Count == 0)
            return places;
        var lookup = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        var words = new TermReader(text);
        while (words.Next())
        {
            if (lookup.TryGetValue(words.Term, out var term))
                places.Add(new(words.Start, words.End, term));
        }

        return places;
    }

    static int BestStart(List<Place> places)
    {
        var (best, bestScore) = (0, (Different: 0, All: 0));
        for (var i = 0; i < places.Count; i++)
        {
            HashSet<string> different = [];
            var all = 0;
            for (var j = i; j < places.Count && places[j].To - places[i].From <= LengthMax * 3 / 4; j++, all++)
                different.Add(places[j].Term);
            if ((different.Count, all).CompareTo(bestScore) > 0)
                (best, bestScore) = (places[i].From, (different.Count, all));
        }

        return best;
    }

    static (int From, int To) Cut(string text, int around)
    {
        var from = Math.Max(0, Math.Min(around - (LengthMax / 8), text.Length - LengthMax));
        var to = Math.Min(text.Length, from + LengthMax);
        if (from > 0)
        {
            var space = text.IndexOf(' ', from, Math.Min(LengthMax / 8, text.Length - from));
            from = space >= 0 && space < around ? space + 1 : from;
        }

        if (to < text.Length)
        {
            var space = text.LastIndexOf(' ', to - 1, LengthMax / 8);
            to = space > around ? space : to;
        }

        // Never inside a letter of two halves.
        if (from > 0 && char.IsLowSurrogate(text[from]))
            from++;
        if (to < text.Length && char.IsLowSurrogate(text[to]))
            to--;
        return (from, to);
    }
}
