using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Matching;

/// <summary>Cites works as people do: abbreviated, in capitals, without the subtitle, with slips and gaps.</summary>
sealed class CarelessEntries(Random random)
{
    public static bool CanCite(Work work) =>
        work is { Doi: not null, Title.Length: > 25, Authors.Count: > 0 }
        && work.Type is "journal-article" or "proceedings-article";

    public WorkQuery Cite(Work work) => new()
    {
        Title = Title(work),
        Authors = [.. work.Authors.Take(random.Next(1, 4)).Select(Author)],
        Year = random.Next(10) switch { 0 => null, 1 => work.Year + 1, _ => work.Year },
        Container = random.Next(3) switch { 0 => null, 1 => Abbreviated(work.Container), _ => work.Container },
        Volume = random.Next(2) == 0 ? work.Volume : null,
        Pages = random.Next(2) == 0 ? work.Pages?.Replace("-", "--", StringComparison.Ordinal) : null,
        EntryType = work.Type == "proceedings-article" ? "inproceedings" : "article",
    };

    string Title(Work work)
    {
        var title = work.Title!;
        return random.Next(6) switch
        {
            0 => title.ToUpperInvariant(),
            1 => $"{{{title}}}",
            2 => title.Split(": ")[0] is { Length: > 25 } main ? main : title,
            3 => Misspelled(title),
            4 => title.Replace("the ", "", StringComparison.Ordinal).Replace("é", "{\\'e}", StringComparison.Ordinal),
            _ => work.Subtitle is { } subtitle ? $"{title} - {subtitle}" : title,
        };
    }

    // One letter of one long word is doubled.
    string Misspelled(string title)
    {
        var words = title.Split(' ');
        var longWords = Enumerable.Range(0, words.Length)
            .Where(at => words[at].Length > 7 && words[at].All(char.IsLetter))
            .ToList();
        if (longWords.Count == 0)
            return title;
        var chosen = longWords[random.Next(longWords.Count)];
        words[chosen] = words[chosen].Insert(4, words[chosen][3].ToString());
        return string.Join(' ', words);
    }

    static string? Abbreviated(string? container) => container is null
        ? null
        : string.Join(' ', container.Split(' ').Select(word => word.Length > 5 ? word[..4] + "." : word));

    WorkAuthor Author(WorkAuthor author) => random.Next(3) switch
    {
        0 when author.Given is { Length: > 0 } given => new($"{given[0]}.", author.Family),
        1 => new(null, author.Family),
        _ => author,
    };
}
