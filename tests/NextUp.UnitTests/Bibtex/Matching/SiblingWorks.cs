using NextUp.Processors.Bibtex.Matching;
using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Matching;

/// <summary>Works that are nearly another one, as they stand beside it in every large index.</summary>
sealed class SiblingWorks(Random random, IReadOnlyList<string> words)
{
    public IEnumerable<(string How, Work Work)> Of(Work work)
    {
        var title = work.Title!;
        var sibling = work with { Doi = work.Doi + "/sibling" };
        yield return ("reply", sibling with { Title = $"Reply to: {title}" });
        yield return ("erratum", sibling with { Title = $"Erratum: {title}" });
        yield return ("retraction", sibling with { Title = $"RETRACTED: {title}" });
        yield return ("part", sibling with { Title = $"{title}: Part II" });
        yield return ("number", sibling with { Title = $"{title} 2" });
        yield return ("negation", sibling with { Title = WithWord(title, "not") });
        if (WithAnotherWord(title) is { } other)
            yield return ("word", sibling with { Title = other });
        yield return ("author", sibling with { Authors = [new("Xq", "Zzyzx")] });
        yield return ("year", sibling with { Year = work.Year + random.Next(2, 9) });
        yield return ("review", sibling with { Type = "peer-review" });
        yield return ("component", sibling with { Type = "component" });
        yield return ("chapter", sibling with { Type = "book-chapter" });
        yield return ("preprint", sibling with { Type = "posted-content", Container = null });
        yield return ("place", sibling with { Volume = "9991", Pages = "9991-9992" });
    }

    string WithWord(string title, string word)
    {
        var split = title.Split(' ').ToList();
        split.Insert(random.Next(1, split.Count), word);
        return string.Join(' ', split);
    }

    string? WithAnotherWord(string title)
    {
        var split = title.Split(' ');
        var places = Enumerable.Range(0, split.Length)
            .Where(at => split[at].Length > 4 && split[at].All(char.IsLetter) && !TitleWords.IsFunction(split[at]))
            .ToList();
        if (places.Count == 0)
            return null;
        var place = places[random.Next(places.Count)];
        var word = words[random.Next(words.Count)];
        if (char.ToLowerInvariant(word[0]) == char.ToLowerInvariant(split[place][0]))
            return null;
        split[place] = word;
        return string.Join(' ', split);
    }
}
