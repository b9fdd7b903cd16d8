using NextUp.Processors.Bibtex.Works;

namespace NextUp.UnitTests.Bibtex.Matching;

/// <summary>An article and the entry that means it; each test changes the one thing that it is about.</summary>
static class MatchingCases
{
    public static Work Article { get; } = new()
    {
        Source = "crossref",
        Doi = "10.1000/attention",
        Title = "Learning to walk in difficult terrain: a study of goats",
        Authors = [new("Ada M.", "Müller"), new("Bo", "Tanaka"), new("Cem", "Yılmaz")],
        Year = 2012,
        Type = "journal-article",
        Container = "Journal of Mountain Biology",
        Volume = "36",
        Pages = "251-259",
    };

    public static WorkQuery Entry { get; } = new()
    {
        Title = "Learning to walk in difficult terrain: a study of goats",
        Authors = [new("Ada", "Müller"), new("Bo", "Tanaka"), new("Cem", "Yılmaz")],
        Year = 2012,
        Container = "Journal of Mountain Biology",
        EntryType = "article",
    };
}
