using NextUp.Processors.Bibtex.Matching;
using NextUp.Processors.Bibtex.Works;
using static NextUp.UnitTests.Bibtex.Matching.MatchingCases;

namespace NextUp.UnitTests.Bibtex.Matching;

public sealed class TitleMatcherTests
{
    [Fact]
    public void The_same_title_author_and_year_is_the_work()
    {
        var verdict = Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(Entry, [Article]));

        Assert.Equal("10.1000/attention", verdict.Work.Doi);
        Assert.Equal(1, verdict.Confidence);
        Assert.StartsWith("ok.title_author_year: ", verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LEARNING TO WALK IN DIFFICULT TERRAIN - A STUDY OF GOATS")]
    [InlineData("{Learning} to walk in \\emph{difficult} terrain: {A} study of goats")]
    [InlineData("Learning to walk in <i>difficult</i> terrain&#58; a study of goats")]
    [InlineData("Learning to walk in difficult terrain")]
    [InlineData("Learning to walk in a difficult terrain: a study of goat")]
    [InlineData("Learning to walk in dificult terrain: a study of goats")]
    [InlineData("Learning to walk in diffiuclt terrain: a study of goats")]
    public void Case_markup_subtitles_and_slips_are_forgiven(string title) =>
        Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(Entry with { Title = title }, [Article]));

    [Fact]
    public void A_subtitle_of_its_own_belongs_to_the_title() =>
        Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(
            Entry, [Article with { Title = "Learning to walk in difficult terrain", Subtitle = "A study of goats" }]));

    // Each pair is a false acceptance of some tool that goes by likeness alone.
    [Theory]
    [InlineData("Attention is all you need", "Attention is not all you need")]
    [InlineData("Off-diagonal Ramsey numbers", "Off-diagonal book Ramsey numbers")]
    [InlineData("Efficient inference of neural networks", "Efficient inference of neural networks on embedded devices")]
    [InlineData("On the theory of lattice dynamics, part I", "On the theory of lattice dynamics, part II")]
    [InlineData("On the theory of lattice dynamics 1", "On the theory of lattice dynamics 2")]
    [InlineData("Properties of vitamin C in the diet of adults", "Properties of vitamin D in the diet of adults")]
    [InlineData("Growth of yeast on glucose", "Growth of yeast on glucose: reply")]
    [InlineData("Growth of yeast on glucose in the dark", "Retracted: Growth of yeast on glucose in the dark")]
    [InlineData("Growth of yeast on glucose in the dark", "Erratum to: Growth of yeast on glucose in the dark")]
    [InlineData("Growth of yeast on glucose in the dark", "Growth of yeast on glucose in the dark: a review")]
    [InlineData("Treatment of severe hypertension in the elderly", "Treatment of severe hypotension in the elderly")]
    [InlineData("The adsorption of carbon dioxide on charcoal", "The absorption of carbon dioxide on charcoal")]
    [InlineData("Crystal structure of ammonium iron sulfate", "Crystal structure of ammonium iron sulfite")]
    [InlineData("On symmetric solutions of the wave equation", "On asymmetric solutions of the wave equation")]
    [InlineData("The role of sleep in the learning of spatial tasks by young adult rats",
        "The role of sleep in the learning of spatial tasks by young adult mice")]
    public void Titles_of_two_works_do_not_become_one_by_likeness(string mine, string theirs)
    {
        var entry = Entry with { Title = mine };
        var work = Article with { Title = theirs };

        var verdict = Assert.IsType<Verdict.None>(TitleMatcher.Judge(entry, [work]));
        Assert.StartsWith("miss.title", verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Efficient inference of neural networks", "Efficient inference of neural networks on devices", true)]
    [InlineData("A study of goats", "Learning to walk in difficult terrain", false)]
    [InlineData("Learning to walk", "Learning to walk in difficult terrain", false)]
    [InlineData("Growth of yeast on glucose", "Growth of yeast on glucose, part 2", false)]
    [InlineData("Growth of yeast on glucose", "Growth of yeast on glucose: reply", false)]
    [InlineData("Attention is all you need", "Attention is not all you need", false)]
    [InlineData("Growth of yeast in rats", "Growth of yeast in mice", false)]
    [InlineData("Growth of yeast on glucose", "Growth of Yeast on {Glucose}: methods", true)]
    public void The_title_behind_a_given_DOI_may_be_longer_but_not_another(string mine, string theirs, bool agree)
    {
        Assert.Equal(agree, TitleMatcher.TitlesAgree(mine, theirs));
        Assert.Equal(agree, TitleMatcher.TitlesAgree(theirs, mine));
    }

    [Fact]
    public void A_review_of_a_book_is_not_the_book()
    {
        var entry = new WorkQuery
        {
            Title = "LaTeX: A Document Preparation System",
            Authors = [new("Leslie", "Lamport")],
            Year = 1986,
            EntryType = "book",
        };
        var review = Article with
        {
            Title = "LATEX: A Document Preparation System",
            Authors = [new("L.", "Lamport"), new("B. J. T.", "Morgan")],
            Container = "Biometrics",
            Year = 1987,
        };

        AssertMissed("miss.release_type", TitleMatcher.Judge(entry, [review]));
    }

    [Fact]
    public void A_talk_without_a_title_is_not_the_play_of_that_name()
    {
        var entry = new WorkQuery
        {
            Title = "Untitled Talk",
            Authors = [new("Jane", "Doe")],
            Year = 2019,
            EntryType = "misc",
        };
        var play = Article with { Title = "Untitled Talk", Authors = [new("Jane", "Doe")], Year = 2018, Type = "book" };

        AssertMissed("miss.short_title", TitleMatcher.Judge(entry, [play]));
    }

    [Theory]
    [InlineData("10.1234/journal.5/v1/review2")]
    [InlineData("10.1234/journal.5/v12/decision1")]
    [InlineData("10.3410/f.718.793")]
    public void A_review_that_bears_the_title_of_the_work_is_known_by_its_DOI(string doi) =>
        AssertMissed("miss.review_doi", TitleMatcher.Judge(Entry, [Article with { Doi = doi, Type = null }]));

    [Theory]
    [InlineData("peer-review")]
    [InlineData("component")]
    [InlineData("journal-issue")]
    [InlineData("journal")]
    [InlineData("grant")]
    public void Parts_and_wrappings_of_works_are_no_works(string type) =>
        AssertMissed("miss.component", TitleMatcher.Judge(Entry, [Article with { Type = type }]));

    [Theory]
    [InlineData("article", "book-chapter", false)]
    [InlineData("misc", "book-chapter", false)]
    [InlineData("incollection", "book-chapter", true)]
    [InlineData("inbook", "book-chapter", true)]
    [InlineData("inproceedings", "book-chapter", true)]
    [InlineData("phdthesis", "journal-article", false)]
    [InlineData("phdthesis", "dissertation", true)]
    [InlineData("techreport", "journal-article", false)]
    [InlineData("techreport", "report", true)]
    [InlineData("book", "journal-article", false)]
    [InlineData("book", "monograph", true)]
    [InlineData("article", "monograph", false)]
    [InlineData("misc", "dataset", true)]
    [InlineData("article", "dataset", false)]
    public void The_type_of_the_entry_says_what_it_can_mean(string entryType, string workType, bool allowed)
    {
        var verdict = TitleMatcher.Judge(Entry with { EntryType = entryType }, [Article with { Type = workType }]);

        Assert.Equal(allowed, verdict is Verdict.Accepted);
    }

    [Fact]
    public void No_candidates_and_no_title_have_reasons_of_their_own()
    {
        AssertMissed("miss.no_candidates", TitleMatcher.Judge(Entry, []));
        AssertMissed("miss.empty_title", TitleMatcher.Judge(Entry with { Title = "{--}" }, [Article]));
    }

    [Fact]
    public void The_reason_is_that_of_the_candidate_that_came_nearest()
    {
        var verdict = TitleMatcher.Judge(Entry, [Article with { Title = "Goats" }, Article with { Year = 2001 }]);

        AssertMissed("miss.year", verdict);
    }

    [Fact]
    public void Candidates_after_the_limit_are_not_looked_at()
    {
        var strangers = Enumerable.Range(0, TitleMatcher.CandidatesMax).Select(_ => Article with { Title = "Goats" });

        Assert.IsType<Verdict.None>(TitleMatcher.Judge(Entry, [.. strangers, Article]));
        Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(Entry, [.. strangers.Skip(1), Article]));
    }

    [Fact]
    public void A_title_of_a_megabyte_is_judged_like_any_other() =>
        Assert.IsType<Verdict.None>(TitleMatcher.Judge(Entry with { Title = new('x', 1_000_000) }, [Article]));

    internal static void AssertMissed(string code, Verdict verdict) =>
        Assert.StartsWith(code + ":", Assert.IsType<Verdict.None>(verdict).Reason, StringComparison.Ordinal);
}
