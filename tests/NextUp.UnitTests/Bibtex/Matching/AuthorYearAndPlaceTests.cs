using NextUp.Processors.Bibtex.Matching;
using NextUp.Processors.Bibtex.Works;
using static NextUp.UnitTests.Bibtex.Matching.MatchingCases;
using static NextUp.UnitTests.Bibtex.Matching.TitleMatcherTests;

namespace NextUp.UnitTests.Bibtex.Matching;

public sealed class AuthorYearAndPlaceTests
{
    [Theory]
    [InlineData("A. M.", "Muller")]
    [InlineData("Ada", "Mueller")]
    [InlineData(null, "Müller, A.M.")]
    [InlineData(null, "Ada Müller")]
    [InlineData("Müller", "Ada")]
    public void A_name_is_the_same_in_every_manner_of_writing_it(string? given, string family) =>
        Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(Entry with { Authors = [new(given, family)] }, [Article]));

    [Theory]
    [InlineData("Zoe", "Müller")]
    [InlineData("Ada", "Miller")]
    [InlineData("Bo", "Tanaka")]
    public void Other_authors_make_another_work(string given, string family) =>
        AssertMissed(
            "miss.contrib_intersection_empty",
            TitleMatcher.Judge(Entry with { Authors = [new(given, family)] }, [Article]));

    [Fact]
    public void Half_of_the_authors_are_enough_when_the_first_was_named_wrongly()
    {
        var entry = Entry with { Authors = [new("Bo", "Tanaka"), new("Cem", "Yilmaz")] };

        var verdict = Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(entry, [Article]));
        Assert.True(verdict.Confidence < 1);
    }

    [Fact]
    public void An_entry_without_authors_needs_volume_and_page_instead()
    {
        var entry = Entry with { Authors = [] };

        AssertMissed("miss.no_contrib", TitleMatcher.Judge(entry, [Article]));
        Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(entry with { Volume = "36", Pages = "251--9" }, [Article]));
    }

    [Theory]
    [InlineData(2011, true)]
    [InlineData(2013, true)]
    [InlineData(2010, false)]
    [InlineData(2014, false)]
    public void The_year_may_be_off_by_one(int year, bool accepted) =>
        Assert.Equal(accepted, TitleMatcher.Judge(Entry with { Year = year }, [Article]) is Verdict.Accepted);

    [Fact]
    public void A_missing_year_is_no_objection() =>
        Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(Entry with { Year = null }, [Article]));

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void A_preprint_may_be_three_years_older_than_its_article(int years, bool accepted)
    {
        var entry = Entry with { Container = "arXiv preprint arXiv:0912.1234", Year = 2012 - years };

        var verdict = TitleMatcher.Judge(entry, [Article]);

        Assert.Equal(accepted, verdict is Verdict.Accepted { Reason: ['o', 'k', '.', 'p', 'r', 'e', ..] });
    }

    [Fact]
    public void An_entry_of_a_journal_means_the_article_and_not_its_preprint()
    {
        var preprint = Article with { Doi = "10.1101/1", Type = "posted-content", Container = null, Year = 2011 };

        var both = Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(Entry, [preprint, Article]));
        var alone = Assert.IsType<Verdict.Ambiguous>(TitleMatcher.Judge(Entry, [preprint]));
        Assert.IsType<Verdict.Ambiguous>(TitleMatcher.Judge(Entry with { Container = null }, [preprint]));

        Assert.Equal(Article.Doi, both.Work.Doi);
        Assert.StartsWith("ambiguous.only_preprint:", alone.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_of_a_preprint_means_the_preprint()
    {
        var preprint = Article with { Doi = "10.1101/1", Type = "posted-content", Container = null };

        var verdict = TitleMatcher.Judge(Entry with { Container = "bioRxiv" }, [Article, preprint]);

        Assert.Equal("10.1101/1", Assert.IsType<Verdict.Accepted>(verdict).Work.Doi);
    }

    [Fact]
    public void An_entry_that_does_not_say_which_is_settled_by_the_year_or_not_at_all()
    {
        var preprint = Article with { Doi = "10.1101/1", Type = "posted-content", Container = null, Year = 2011 };
        var entry = Entry with { Container = null, EntryType = "misc", Year = 2011 };

        var earlier = Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(entry, [Article, preprint]));
        var sameYear = TitleMatcher.Judge(entry with { Year = 2012 }, [Article, preprint with { Year = 2012 }]);

        Assert.Equal("10.1101/1", earlier.Work.Doi);
        Assert.IsType<Verdict.Ambiguous>(sameYear);
    }

    [Fact]
    public void Two_works_that_fit_are_ambiguous_and_listed()
    {
        var reprint = Article with { Doi = "10.1000/reprint", Container = "Annals of Goats" };

        var verdict = TitleMatcher.Judge(Entry with { Container = null }, [Article, reprint]);

        var ambiguous = Assert.IsType<Verdict.Ambiguous>(verdict);
        Assert.Equal(["10.1000/attention", "10.1000/reprint"], ambiguous.Candidates.Select(work => work.Doi));
        Assert.StartsWith("ambiguous.several:", ambiguous.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_works_that_fit_the_one_in_the_entrys_journal_is_meant()
    {
        var reprint = Article with { Doi = "10.1000/reprint", Container = "Annals of Goats" };

        var verdict = TitleMatcher.Judge(Entry with { Container = "J. Mount. Biol." }, [reprint, Article]);

        Assert.Equal("10.1000/attention", Assert.IsType<Verdict.Accepted>(verdict).Work.Doi);
    }

    [Fact]
    public void Two_records_of_one_DOI_are_one_work() =>
        Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(Entry, [Article, Article with { Source = "openalex" }]));

    [Fact]
    public void Another_journal_leaves_a_doubt_that_a_person_has_to_settle()
    {
        var verdict = TitleMatcher.Judge(Entry with { Container = "Nature" }, [Article]);

        Assert.StartsWith(
            "ambiguous.container:", Assert.IsType<Verdict.Ambiguous>(verdict).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_volume_and_page_is_another_work_of_the_same_title() =>
        AssertMissed("miss.volume_page", TitleMatcher.Judge(Entry with { Volume = "37", Pages = "11-12" }, [Article]));

    [Theory]
    [InlineData("Editorial")]
    [InlineData("Introduction")]
    [InlineData("Goat studies")]
    [InlineData("Reply to the editor")]
    public void Titles_that_many_works_bear_need_journal_and_page(string title)
    {
        var entry = Entry with { Title = title };
        var work = Article with { Title = title };

        AssertMissed("miss.short_title", TitleMatcher.Judge(entry, [work]));
        Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(entry with { Pages = "251" }, [work]));
    }

    [Fact]
    public void A_word_more_in_the_title_is_forgiven_at_the_very_volume_and_page()
    {
        var entry = Entry with { Title = "Learning to walk in difficult alpine terrain: a study of domestic goats" };
        var work = Article with { Title = "Learning to walk in difficult alpine terrain: a study of tame goats" };

        Assert.IsNotType<Verdict.Accepted>(TitleMatcher.Judge(entry, [work]));
        var almost = entry with { Title = "Learning to walk in difficult alpine terrain: a study of ten tame goats" };
        AssertMissed("miss.title_word", TitleMatcher.Judge(almost with { Volume = "36", Pages = "251" }, [work]));
        var word = entry with { Title = "Learning to walk in difficult alpine terrain: a study of time goats" };
        AssertMissed("miss.title_word", TitleMatcher.Judge(word, [work]));
        Assert.IsType<Verdict.Accepted>(TitleMatcher.Judge(word with { Volume = "36", Pages = "251" }, [work]));
    }

    [Theory]
    [InlineData("J. Biol. Chem.", "Journal of Biological Chemistry", true)]
    [InlineData("Proc Natl Acad Sci U S A", "Proceedings of the National Academy of Sciences", true)]
    [InlineData("PNAS", "Proceedings of the National Academy of Sciences", true)]
    [InlineData("JAMA", "JAMA: The Journal of the American Medical Association", true)]
    [InlineData("IEEE TPAMI", "IEEE Transactions on Pattern Analysis and Machine Intelligence", true)]
    [InlineData("Science", "Science (New York, N.Y.)", true)]
    [InlineData("Phys. Rev. B", "Physical Review B", true)]
    [InlineData("Phys. Rev.", "Physical Review Letters", false)]
    [InlineData("Phys. Rev. B", "Physical Review D", false)]
    [InlineData("Nature", "Nature Reviews Molecular Cell Biology", false)]
    [InlineData("Cell", "Cancer Cell", false)]
    public void Journals_agree_through_their_abbreviations(string mine, string theirs, bool agree) =>
        Assert.Equal(
            agree ? ContainerRelation.Agree : ContainerRelation.Disagree, ContainerComparison.Compare(mine, theirs));
}
